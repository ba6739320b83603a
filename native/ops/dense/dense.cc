#include "ops/dense/dense.h"

#define SAMEBITS_BODY "ops/dense/dense_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace dense_contract;

static constexpr Kernel kKernels[] = {
    {"dense.forward", kForward, 4, kFields, 1, sizeof(Settings), check_forward, SAMEBITS_EACH_ISA(k_dense_forward)},
    {"dense.inputGradient", kInputGradient, 3, kFields, 1, sizeof(Settings), check_input_gradient,
     SAMEBITS_EACH_ISA(k_dense_input_gradient)},
    {"dense.weightGradient", kWeightGradient, 4, kFields, 1, sizeof(Settings), check_weight_gradient,
     SAMEBITS_EACH_ISA(k_dense_weight_gradient)},
    {"dense.biasGradient", kBiasGradient, 2, kFields, 1, sizeof(Settings), check_bias_gradient,
     SAMEBITS_EACH_ISA(k_dense_bias_gradient)},
};

extern const OpEntry dense_op;
const OpEntry dense_op = {"dense", kKernels, 4};

}  // namespace samebits
