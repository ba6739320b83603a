// relu: y = +0 where x < 0, otherwise x, so -0 and NaN pass. Any shape.
// Gradient: dx = dy where y > 0, otherwise +0; dx may be dy itself.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::relu_contract {

struct Settings {};

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {
    {"y", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

}  // namespace samebits::relu_contract
