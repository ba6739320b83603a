#include "ops/dense/dense.h"

#define SAMEBITS_BODY "ops/dense/dense_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace dense_contract;

static constexpr Kernel kKernels[] = {
    {kForwardContract, SAMEBITS_EACH_ISA(k_dense_forward)},
    {kInputGradientContract, SAMEBITS_EACH_ISA(k_dense_input_gradient)},
    {kWeightGradientContract, SAMEBITS_EACH_ISA(k_dense_weight_gradient)},
    {kBiasGradientContract, SAMEBITS_EACH_ISA(k_dense_bias_gradient)},
};

extern const OpEntry dense_op;
const OpEntry dense_op = op_entry("dense", kKernels);

}  // namespace samebits
