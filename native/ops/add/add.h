// add: y = a + b, elementwise, one rounding; y may be a. Gradient: dy to both, without a kernel.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"

namespace samebits::add_contract {

struct Settings {};

inline constexpr TensorSlot kForward[] = {
    by_sample({"a", Dtype::kFloat32}), by_sample({"b", Dtype::kFloat32}),
    copied(by_sample({"y", Dtype::kFloat32, false, true}))};

}  // namespace samebits::add_contract
