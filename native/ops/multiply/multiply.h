// multiply: y = a * b, elementwise, one rounding; y may be a. Gradient: dy * b and dy * a, by the same kernel.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::multiply_contract {

inline constexpr TensorSlot kForward[] = {input("a"), input("b"), output("y")};

inline constexpr Contract kForwardContract = contract("multiply.forward", kForward, {}, check_elementwise);

}  // namespace samebits::multiply_contract
