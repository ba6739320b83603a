// sigmoid: y = 1 / (1 + exp(-x)), correctly rounded (core/numerics.h); y may be x.
// Gradient: dx = dy * (y * (1 - y)), each step rounded; dx may be dy.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::sigmoid_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("y"), input("dy"), output("dx")};

inline constexpr Contract kForwardContract = contract("sigmoid.forward", kForward, {}, check_elementwise);
inline constexpr Contract kInputGradientContract = contract("sigmoid.inputGradient", kInputGradient, {}, check_elementwise);

}  // namespace samebits::sigmoid_contract
