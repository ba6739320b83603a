#include "ops/unary/unary.h"

#define SAMEBITS_BODY "ops/unary/unary_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace unary_contract;

static constexpr Kernel kKernels[] = {
    {"unary.exp", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_unary_exp)},
    {"unary.log", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_unary_log)},
    {"unary.tanh", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_unary_tanh)},
    {"unary.sqrt", kForward, 2, nullptr, 0, sizeof(Settings), check_elementwise, SAMEBITS_EACH_ISA(k_unary_sqrt)},
    {"unary.expGradient", kGradientByOutput, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_unary_exp_gradient)},
    {"unary.logGradient", kGradientByInput, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_unary_log_gradient)},
    {"unary.tanhGradient", kGradientByOutput, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_unary_tanh_gradient)},
    {"unary.sqrtGradient", kGradientByOutput, 3, nullptr, 0, sizeof(Settings), check_elementwise,
     SAMEBITS_EACH_ISA(k_unary_sqrt_gradient)},
};

extern const OpEntry unary_op;
const OpEntry unary_op = {"unary", kKernels, 8};

}  // namespace samebits
