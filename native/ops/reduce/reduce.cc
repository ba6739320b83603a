#include "ops/reduce/reduce.h"

#define SAMEBITS_BODY "ops/reduce/reduce_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace reduce_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_reduce_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_reduce_input_gradient)},
};

extern const OpEntry reduce_op;
const OpEntry reduce_op = op_entry("reduce", kKernels);

}  // namespace samebits
