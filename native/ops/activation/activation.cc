#include "ops/activation/activation.h"

#define SAMEBITS_BODY "ops/activation/activation_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {activation::kReluContract, SAMEBITS_EACH_ISA(k_activation_relu)},
    {activation::kReluGradientContract, SAMEBITS_EACH_ISA(k_activation_relu_gradient)},
    {activation::kEluContract, SAMEBITS_EACH_ISA(k_activation_elu)},
    {activation::kEluGradientContract, SAMEBITS_EACH_ISA(k_activation_elu_gradient)},
    {activation::kSoftplusContract, SAMEBITS_EACH_ISA(k_activation_softplus)},
    {activation::kSoftplusGradientContract, SAMEBITS_EACH_ISA(k_activation_softplus_gradient)},
    {activation::kSwishContract, SAMEBITS_EACH_ISA(k_activation_swish)},
    {activation::kSwishGradientContract, SAMEBITS_EACH_ISA(k_activation_swish_gradient)},
    {activation::kHardSigmoidContract, SAMEBITS_EACH_ISA(k_activation_hard_sigmoid)},
    {activation::kHardSigmoidGradientContract, SAMEBITS_EACH_ISA(k_activation_hard_sigmoid_gradient)},
    {activation::kHardSwishContract, SAMEBITS_EACH_ISA(k_activation_hard_swish)},
    {activation::kHardSwishGradientContract, SAMEBITS_EACH_ISA(k_activation_hard_swish_gradient)},
    {activation::kGeluContract, SAMEBITS_EACH_ISA(k_activation_gelu)},
    {activation::kGeluGradientContract, SAMEBITS_EACH_ISA(k_activation_gelu_gradient)},
    {activation::kGeluTanhContract, SAMEBITS_EACH_ISA(k_activation_gelu_tanh)},
    {activation::kGeluTanhGradientContract, SAMEBITS_EACH_ISA(k_activation_gelu_tanh_gradient)},
    {activation::kPowerContract, SAMEBITS_EACH_ISA(k_activation_power)},
    {activation::kPowerGradientContract, SAMEBITS_EACH_ISA(k_activation_power_gradient)},
    {activation::kClipContract, SAMEBITS_EACH_ISA(k_activation_clip)},
    {activation::kClipGradientContract, SAMEBITS_EACH_ISA(k_activation_clip_gradient)},
};

extern const OpEntry activation_op;
const OpEntry activation_op = op_entry("activation", kKernels);

}  // namespace samebits
