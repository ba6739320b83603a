#include "ops/average_pool2d/average_pool2d.h"

#define SAMEBITS_BODY "ops/average_pool2d/average_pool2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace average_pool2d_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_average_pool2d_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_average_pool2d_input_gradient)},
};

extern const OpEntry average_pool2d_op;
const OpEntry average_pool2d_op = op_entry("average_pool2d", kKernels);

}  // namespace samebits
