#include "ops/sigmoid/sigmoid.h"

#define SAMEBITS_BODY "ops/sigmoid/sigmoid_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace sigmoid_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_sigmoid_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_sigmoid_input_gradient)},
};

extern const OpEntry sigmoid_op;
const OpEntry sigmoid_op = op_entry("sigmoid", kKernels);

}  // namespace samebits
