#include "ops/sigmoid/sigmoid.h"

#define SAMEBITS_BODY "ops/sigmoid/sigmoid_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace sigmoid_contract;

static constexpr Kernel kKernels[] = {
    {"sigmoid.forward", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_sigmoid_forward)},
    {"sigmoid.inputGradient", kInputGradient, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_sigmoid_input_gradient)},
};

extern const OpEntry sigmoid_op;
const OpEntry sigmoid_op = {"sigmoid", kKernels, 2};

}  // namespace samebits
