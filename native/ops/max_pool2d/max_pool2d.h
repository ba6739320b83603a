// max_pool2d: y = the largest of the window's inputs, taken in ascending (kh, kw): the first is best; a later v replaces
// it when v > best, or when v is NaN and best is not. So the lowest index wins ties, and a NaN wins.
// Gradient: dx gathers, ascending (oh, ow), dy of the windows it won (found again from x), acc + dy from +0.
// With relu 1 a window whose maximum is not > 0 gives nothing: the gradient of relu before the pooling, in one pass.
// Atomic: where windows overlap the gradient is scattered and added as it arrives; otherwise nothing is summed.
#pragma once

#include "core/pool2d.h"

namespace samebits::max_pool2d_contract {

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {
    {"x", Dtype::kFloat32}, {"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

inline Status check_forward(const Call& call) noexcept {
  return check_pool2d("max_pool2d", call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
}
inline Status check_input_gradient(const Call& call) noexcept {
  const Status status = check_pool2d("max_pool2d", call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  return status.ok() ? check_pool2d("max_pool2d", call.as<Pool2d>(), call.tensors[2], call.tensors[1]) : status;
}

}  // namespace samebits::max_pool2d_contract
