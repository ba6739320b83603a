#include "ops/relu/relu.h"

#define SAMEBITS_BODY "ops/relu/relu_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace relu_contract;

static constexpr Kernel kKernels[] = {
    {"relu.forward", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_relu_forward)},
    {"relu.inputGradient", kInputGradient, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_relu_input_gradient)},
};

extern const OpEntry relu_op;
const OpEntry relu_op = {"relu", kKernels, 2};

}  // namespace samebits
