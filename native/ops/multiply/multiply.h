// multiply: y = a * b, elementwise, one rounding; y may be a. Gradient: dy * b and dy * a, by the same kernel.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::multiply_contract {

struct Settings {};

inline constexpr TensorSlot kForward[] = {
    {"a", Dtype::kFloat32}, {"b", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};

}  // namespace samebits::multiply_contract
