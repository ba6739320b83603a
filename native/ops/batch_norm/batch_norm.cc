#include "ops/batch_norm/batch_norm.h"

#define SAMEBITS_BODY "ops/batch_norm/batch_norm_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace batch_norm_contract;

static constexpr Kernel kKernels[] = {
    {kStatisticsContract, SAMEBITS_EACH_ISA(k_batch_norm_statistics)},
    {kForwardContract, SAMEBITS_EACH_ISA(k_batch_norm_forward)},
    {kParameterGradientContract, SAMEBITS_EACH_ISA(k_batch_norm_parameter_gradient)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_batch_norm_input_gradient)},
    {kMovingContract, SAMEBITS_EACH_ISA(k_batch_norm_moving)},
};

extern const OpEntry batch_norm_op;
const OpEntry batch_norm_op = op_entry("batch_norm", kKernels);

}  // namespace samebits
