#include "ops/reduce/reduce_extremes.h"

#define SAMEBITS_BODY "ops/reduce/reduce_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace reduce_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_reduce_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_reduce_input_gradient)},
    {kExtremesContract, SAMEBITS_EACH_ISA(k_reduce_extremes)},
    {kExtremesGradientContract, SAMEBITS_EACH_ISA(k_reduce_extremes_gradient)},
};

extern const OpEntry reduce_op;
const OpEntry reduce_op = op_entry("reduce", kKernels);

}  // namespace samebits
