#include "ops/adam/adam.h"

#define SAMEBITS_BODY "ops/adam/adam_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace adam_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_adam_update)},
};

extern const OpEntry adam_op;
const OpEntry adam_op = op_entry("adam", kKernels);

}  // namespace samebits
