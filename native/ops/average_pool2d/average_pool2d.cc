#include "ops/average_pool2d/average_pool2d.h"

#define SAMEBITS_BODY "ops/average_pool2d/average_pool2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace average_pool2d_contract;

static constexpr Kernel kKernels[] = {
    {"average_pool2d.forward", kForward, 2, kPool2dFields, kPool2dFieldCount, sizeof(Pool2d), check_forward,
     SAMEBITS_EACH_ISA(k_average_pool2d_forward)},
    {"average_pool2d.inputGradient", kInputGradient, 2, kPool2dFields, kPool2dFieldCount, sizeof(Pool2d), check_input_gradient,
     SAMEBITS_EACH_ISA(k_average_pool2d_input_gradient)},
};

extern const OpEntry average_pool2d_op;
const OpEntry average_pool2d_op = {"average_pool2d", kKernels, 2};

}  // namespace samebits
