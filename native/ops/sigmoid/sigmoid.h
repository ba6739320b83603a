// sigmoid: y = 1 / (1 + exp(-x)), correctly rounded (core/numerics.h); y may be x.
// Gradient: dx = dy * (y * (1 - y)), each step rounded; dx may be dy.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::sigmoid_contract {

struct Settings {};

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {
    {"y", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

}  // namespace samebits::sigmoid_contract
