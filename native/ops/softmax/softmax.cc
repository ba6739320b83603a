#include "ops/softmax/softmax.h"

#define SAMEBITS_BODY "ops/softmax/softmax_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace softmax_contract;

static constexpr Kernel kKernels[] = {
    {"softmax.forward", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_softmax_forward)},
    {"softmax.inputGradient", kInputGradient, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_softmax_input_gradient)},
};

extern const OpEntry softmax_op;
const OpEntry softmax_op = {"softmax", kKernels, 2};

}  // namespace samebits
