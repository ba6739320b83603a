// average_pool2d: y = the chain of adds from +0, ascending (kh, kw), over the window's inputs, divided by their number
// and that of the places of padding in the window that countTop, countBottom, countLeft and countRight have counted: so many
// rows and columns of padding next to the picture.
// Gradient: dx gathers, ascending (oh, ow), acc + dy / count from +0, over the windows that cover it.
// Atomic: on the CPU, where windows overlap the gradient is scattered and added as it arrives; on CUDA it gathers, as in
// deterministic mode.
#pragma once

#include "core/pool2d.h"

namespace samebits::average_pool2d_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), output("dx")};

inline Status check_counted(const Pool2d& s, const View& x, const View& y) noexcept {
  const bool counted = s.count_top >= 0 && s.count_bottom >= 0 && s.count_left >= 0 && s.count_right >= 0 && s.count_top <= s.pad_top &&
                       s.count_bottom <= s.pad_bottom && s.count_left <= s.pad_left && s.count_right <= s.pad_right;
  if (!counted)
    return refuse(StatusCode::kArgument, "average_pool2d: expected counts from 0 to the padding, got [%lld, %lld, %lld, %lld]",
                  static_cast<long long>(s.count_top), static_cast<long long>(s.count_bottom), static_cast<long long>(s.count_left),
                  static_cast<long long>(s.count_right));
  return check_pool2d("average_pool2d", s, x, y);
}
inline Status check_forward(const Call& call) noexcept {
  return check_counted(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
}
inline Status check_input_gradient(const Call& call) noexcept {
  return check_counted(call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
}

inline constexpr Contract kForwardContract =
    contract("average_pool2d.forward", kForward, kAveragePool2dFields, check_forward, {Order::kChain});
inline constexpr Contract kInputGradientContract =
    contract("average_pool2d.inputGradient", kInputGradient, kAveragePool2dFields, check_input_gradient, {Order::kChain, Part::kRows});

}  // namespace samebits::average_pool2d_contract
