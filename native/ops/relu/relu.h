// relu: y = +0 where x < 0, otherwise x, so -0 and NaN pass. Any shape.
// Gradient: dx = dy where y > 0, otherwise +0; dx may be dy itself.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::relu_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("y"), input("dy"), output("dx")};

inline constexpr Contract kForwardContract = contract("relu.forward", kForward, {}, check_elementwise);
inline constexpr Contract kInputGradientContract = contract("relu.inputGradient", kInputGradient, {}, check_elementwise);

}  // namespace samebits::relu_contract
