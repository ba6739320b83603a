// relu: y = +0 where x < 0, otherwise x, so -0 and NaN pass. Any shape.
// Gradient: dx = dy where y > 0, otherwise +0.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/kernel.h"

namespace samebits {

struct Relu {};

namespace relu {

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {
    {"y", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

// Every tensor of an elementwise kernel has as many elements as the first.
inline Status check(const Call& call) noexcept {
  for (int i = 1; i < call.tensor_count; ++i)
    if (call.tensors[i].size() != call.tensors[0].size())
      return refuse(StatusCode::kShape, "relu: expected %lld values, got %lld", static_cast<long long>(call.tensors[0].size()),
                    static_cast<long long>(call.tensors[i].size()));
  return {};
}

}  // namespace relu
}  // namespace samebits
