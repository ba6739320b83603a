#include "ops/softmax/softmax.h"

#define SAMEBITS_BODY "ops/softmax/softmax_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace softmax_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_softmax_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_softmax_input_gradient)},
    {kLogContract, SAMEBITS_EACH_ISA(k_softmax_log)},
    {kLogGradientContract, SAMEBITS_EACH_ISA(k_softmax_log_gradient)},
};

extern const OpEntry softmax_op;
const OpEntry softmax_op = op_entry("softmax", kKernels);

}  // namespace samebits
