#include "ops/binary/binary.h"

#define SAMEBITS_BODY "ops/binary/binary_body.h"
#include "simd/foreach_isa.h"

namespace samebits {

static constexpr Kernel kKernels[] = {
    {binary::kAddContract, SAMEBITS_EACH_ISA(k_binary_add)},
    {binary::kSubtractContract, SAMEBITS_EACH_ISA(k_binary_subtract)},
    {binary::kMultiplyContract, SAMEBITS_EACH_ISA(k_binary_multiply)},
    {binary::kDivideContract, SAMEBITS_EACH_ISA(k_binary_divide)},
    {binary::kMaximumContract, SAMEBITS_EACH_ISA(k_binary_maximum)},
    {binary::kMinimumContract, SAMEBITS_EACH_ISA(k_binary_minimum)},
    {binary::kPowerContract, SAMEBITS_EACH_ISA(k_binary_power)},
    {binary::kDivideGradientContract, SAMEBITS_EACH_ISA(k_binary_divide_gradient)},
    {binary::kMaximumGradientContract, SAMEBITS_EACH_ISA(k_binary_maximum_gradient)},
    {binary::kMinimumGradientContract, SAMEBITS_EACH_ISA(k_binary_minimum_gradient)},
    {binary::kPowerGradientContract, SAMEBITS_EACH_ISA(k_binary_power_gradient)},
};

extern const OpEntry binary_op;
const OpEntry binary_op = op_entry("binary", kKernels);

}  // namespace samebits
