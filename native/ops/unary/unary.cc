#include "ops/unary/unary.h"

#define SAMEBITS_BODY "ops/unary/unary_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

using namespace unary_contract;

static constexpr Kernel kKernels[] = {
    {kExpContract, SAMEBITS_EACH_ISA(k_unary_exp)},
    {kLogContract, SAMEBITS_EACH_ISA(k_unary_log)},
    {kTanhContract, SAMEBITS_EACH_ISA(k_unary_tanh)},
    {kSqrtContract, SAMEBITS_EACH_ISA(k_unary_sqrt)},
    {kNegateContract, SAMEBITS_EACH_ISA(k_unary_negate)},
    {kAbsContract, SAMEBITS_EACH_ISA(k_unary_abs)},
    {kSquareContract, SAMEBITS_EACH_ISA(k_unary_square)},
    {kExpGradientContract, SAMEBITS_EACH_ISA(k_unary_exp_gradient)},
    {kLogGradientContract, SAMEBITS_EACH_ISA(k_unary_log_gradient)},
    {kTanhGradientContract, SAMEBITS_EACH_ISA(k_unary_tanh_gradient)},
    {kSqrtGradientContract, SAMEBITS_EACH_ISA(k_unary_sqrt_gradient)},
    {kAbsGradientContract, SAMEBITS_EACH_ISA(k_unary_abs_gradient)},
    {kSquareGradientContract, SAMEBITS_EACH_ISA(k_unary_square_gradient)},
};

extern const OpEntry unary_op;
const OpEntry unary_op = op_entry("unary", kKernels);

}  // namespace samebits
