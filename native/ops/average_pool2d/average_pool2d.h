// average_pool2d: y = the chain of adds from +0, ascending (kh, kw), over the window's inputs, divided by their number.
// Gradient: dx gathers, ascending (oh, ow), acc + dy / count from +0, over the windows that cover it.
// Atomic: where windows overlap the gradient is scattered and added as it arrives; otherwise nothing is summed.
#pragma once

#include "core/pool2d.h"

namespace samebits::average_pool2d_contract {

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32}, {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {{"dy", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};

inline Status check_forward(const Call& call) noexcept {
  return check_pool2d("average_pool2d", call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
}
inline Status check_input_gradient(const Call& call) noexcept {
  return check_pool2d("average_pool2d", call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
}

}  // namespace samebits::average_pool2d_contract
