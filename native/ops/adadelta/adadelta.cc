#include "ops/adadelta/adadelta.h"

#define SAMEBITS_BODY "ops/adadelta/adadelta_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace adadelta_contract;

static constexpr Kernel kKernels[] = {
    {kUpdateContract, SAMEBITS_EACH_ISA(k_adadelta_update)},
};

extern const OpEntry adadelta_op;
const OpEntry adadelta_op = op_entry("adadelta", kKernels);

}  // namespace samebits
