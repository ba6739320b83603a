#include "ops/max_pool2d/max_pool2d.h"

#define SAMEBITS_BODY "ops/max_pool2d/max_pool2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace max_pool2d_contract;

static constexpr Kernel kKernels[] = {
    {"max_pool2d.forward", kForward, 3, kPool2dFields, kPool2dFieldCountRelu, sizeof(Pool2d), check_forward,
     SAMEBITS_EACH_ISA(k_max_pool2d_forward)},
    {"max_pool2d.inputGradient", kInputGradient, 4, kPool2dFields, kPool2dFieldCountRelu, sizeof(Pool2d), check_input_gradient,
     SAMEBITS_EACH_ISA(k_max_pool2d_input_gradient)},
};

extern const OpEntry max_pool2d_op;
const OpEntry max_pool2d_op = {"max_pool2d", kKernels, 2};

}  // namespace samebits
