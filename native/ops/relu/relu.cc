#include "ops/relu/relu.h"

#define SAMEBITS_BODY "ops/relu/relu_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace relu_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_relu_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_relu_input_gradient)},
};

extern const OpEntry relu_op;
const OpEntry relu_op = op_entry("relu", kKernels);

}  // namespace samebits
