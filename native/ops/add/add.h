// add: y = a + b, elementwise, one rounding; y may be a. Gradient: dy to both, without a kernel.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::add_contract {

inline constexpr TensorSlot kForward[] = {by_sample(input("a")), by_sample(input("b")), copied(by_sample(output("y")))};

inline constexpr Contract kForwardContract = contract("add.forward", kForward, {}, check_elementwise);

}  // namespace samebits::add_contract
