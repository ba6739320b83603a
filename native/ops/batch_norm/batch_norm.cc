#include "ops/batch_norm/batch_norm.h"

#include "core/elementwise.h"

#define SAMEBITS_BODY "ops/batch_norm/batch_norm_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace batch_norm_contract;

static constexpr Kernel kKernels[] = {
    {"batch_norm.statistics", kStatistics, 3, nullptr, 0, 0, check_statistics, SAMEBITS_EACH_ISA(k_batch_norm_statistics)},
    {"batch_norm.forward", kForward, 6, kFields, 3, sizeof(Settings), check_forward, SAMEBITS_EACH_ISA(k_batch_norm_forward)},
    {"batch_norm.parameterGradient", kParameterGradient, 8, kFields, 3, sizeof(Settings), check_parameter_gradient,
     SAMEBITS_EACH_ISA(k_batch_norm_parameter_gradient)},
    {"batch_norm.inputGradient", kInputGradient, 10, kFields, 3, sizeof(Settings), check_input_gradient,
     SAMEBITS_EACH_ISA(k_batch_norm_input_gradient)},
    {"batch_norm.moving", kMoving, 2, kMovingFields, 2, sizeof(MovingSettings), check_elementwise,
     SAMEBITS_EACH_ISA(k_batch_norm_moving)},
};

extern const OpEntry batch_norm_op;
const OpEntry batch_norm_op = {"batch_norm", kKernels, 5};

}  // namespace samebits
