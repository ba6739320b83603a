// max_pool2d: y = the largest of the window's inputs, taken in ascending (kh, kw): the first is best; a later v replaces
// it when v > best, or when v is NaN and best is not. So the lowest index wins ties, and a NaN wins.
// forward notes in `choice`, if given, which tap each window took, kh * kernelW + kw, so that x need not be kept.
// Gradient: dx gathers, ascending (oh, ow), dy of the windows it won (by choice, or found again from x), acc + dy from +0.
// With relu 1 a window whose maximum is not > 0 gives nothing (its choice is 255): the gradient of relu before the
// pooling, in one pass.
// Atomic: where windows overlap the gradient is scattered and added as it arrives; otherwise nothing is summed.
#pragma once

#include "core/pool2d.h"

namespace samebits::max_pool2d_contract {

inline constexpr int64_t kMostTaps = 255;  // in a window whose choice is noted
inline constexpr TensorSlot kForward[] = {
    by_sample(input("x")), by_sample(output("y")), by_sample(optional(output("choice", Dtype::kUint8)))};
inline constexpr TensorSlot kInputGradient[] = {
    by_sample(optional(input("x"))), by_sample(optional(input("choice", Dtype::kUint8))), by_sample(input("dy")),
    by_sample(output("dx"))};

inline Status check_choice(const Pool2d& s, const View& choice, const View& y) noexcept {
  if (!choice.given()) return {};
  if (s.kernel_h > kMostTaps || s.kernel_h * s.kernel_w > kMostTaps)
    return refuse(StatusCode::kArgument, "max_pool2d: expected a window of at most 255 inputs for choice, got [%lld, %lld]",
                  static_cast<long long>(s.kernel_h), static_cast<long long>(s.kernel_w));
  if (choice.size() != y.size())
    return refuse(StatusCode::kShape, "max_pool2d: expected choice with %lld values, got %lld",
                  static_cast<long long>(y.size()), static_cast<long long>(choice.size()));
  return {};
}
inline Status check_forward(const Call& call) noexcept {
  const Pool2d& s = call.as<Pool2d>();
  const Status status = check_pool2d("max_pool2d", s, call.tensors[0], call.tensors[1]);
  return status.ok() ? check_choice(s, call.tensors[2], call.tensors[1]) : status;
}
inline Status check_input_gradient(const Call& call) noexcept {
  const Pool2d& s = call.as<Pool2d>();
  const View &x = call.tensors[0], &choice = call.tensors[1], &dy = call.tensors[2];
  if (x.given() == choice.given())
    return refuse(StatusCode::kArgument, "max_pool2d: expected either x or choice, got %s", x.given() ? "both" : "neither");
  Status status = check_pool2d("max_pool2d", s, call.tensors[3], dy);
  if (status.ok() && x.given()) status = check_pool2d("max_pool2d", s, x, dy);
  return status.ok() ? check_choice(s, choice, dy) : status;
}

inline constexpr Contract kForwardContract = contract("max_pool2d.forward", kForward, kPool2dReluFields, check_forward);
inline constexpr Contract kInputGradientContract =
    contract("max_pool2d.inputGradient", kInputGradient, kPool2dReluFields, check_input_gradient, {Order::kChain, Part::kRows});

}  // namespace samebits::max_pool2d_contract
