// unary: y = exp(x), log(x), tanh(x) (correctly rounded, core/numerics.h) or sqrt(x) (IEEE); y may be x.
// Gradients, each step rounded; dx may be dy:
//   exp  dy * y        log  dy / x        tanh  dy * (1 - y * y)        sqrt  dy / (y + y)
// Order: elementwise, no sum. Atomic: the same functions, nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::unary_contract {

struct Settings {};

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kGradientByOutput[] = {
    {"y", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kGradientByInput[] = {
    {"x", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

}  // namespace samebits::unary_contract
