#include "ops/rmsprop/rmsprop.h"

#define SAMEBITS_BODY "ops/rmsprop/rmsprop_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace rmsprop_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_rmsprop_update)},
};

extern const OpEntry rmsprop_op;
const OpEntry rmsprop_op = op_entry("rmsprop", kKernels);

}  // namespace samebits
