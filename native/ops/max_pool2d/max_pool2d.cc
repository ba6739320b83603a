#include "ops/max_pool2d/max_pool2d.h"

#define SAMEBITS_BODY "ops/max_pool2d/max_pool2d_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace max_pool2d_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_max_pool2d_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_max_pool2d_input_gradient)},
};

extern const OpEntry max_pool2d_op;
const OpEntry max_pool2d_op = op_entry("max_pool2d", kKernels);

}  // namespace samebits
