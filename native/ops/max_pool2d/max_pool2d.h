// max_pool2d: y = the largest of the window's inputs, taken in ascending (kh, kw): the first is best; a later v replaces
// it when v > best, or when v is NaN and best is not. So the lowest index wins ties, and a NaN wins. With dilations only
// taps whose kh is a multiple of dilationH and kw one of dilationW are read; kernelH and kernelW are those of the window with
// the gaps, so that (kernelH - 1) is a multiple of dilationH.
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

// The windows over the border before an axis that is shorter than a gap: one of them may read nothing.
inline bool reads_nothing(int64_t size, int64_t outputs, int64_t stride, int64_t pad, int64_t dilation) noexcept {
  if (size >= dilation) return false;
  for (int64_t output = 0; output < outputs && output * stride < pad; ++output) {
    const int64_t over = (pad - output * stride) % dilation;
    if (over != 0 && dilation - over >= size) return true;
  }
  return false;
}
inline Status check_dilated(const Pool2d& s, const View& x, const View& y) noexcept {
  const auto fits = [](int64_t dilation, int64_t kernel) {
    return dilation == 1 || (dilation > 1 && dilation < kernel && (kernel - 1) % dilation == 0);
  };
  const Status status = !fits(s.dilation_h, s.kernel_h) || !fits(s.dilation_w, s.kernel_w)
      ? refuse(StatusCode::kArgument, "max_pool2d: expected dilations that divide the kernel - 1, got [%lld, %lld] and kernel [%lld, %lld]",
               static_cast<long long>(s.dilation_h), static_cast<long long>(s.dilation_w), static_cast<long long>(s.kernel_h),
               static_cast<long long>(s.kernel_w))
      : check_pool2d("max_pool2d", s, x, y);
  if (!status.ok()) return status;
  if (reads_nothing(x.shape[1], y.shape[1], s.stride_h, s.pad_top, s.dilation_h) ||
      reads_nothing(x.shape[2], y.shape[2], s.stride_w, s.pad_left, s.dilation_w))
    return refuse(StatusCode::kArgument, "max_pool2d: expected windows that each read an input, got dilations [%lld, %lld] on [%lld, %lld]",
                  static_cast<long long>(s.dilation_h), static_cast<long long>(s.dilation_w), static_cast<long long>(x.shape[1]),
                  static_cast<long long>(x.shape[2]));
  return {};
}
inline Status check_forward(const Call& call) noexcept {
  const Pool2d& s = call.as<Pool2d>();
  const Status status = check_dilated(s, call.tensors[0], call.tensors[1]);
  return status.ok() ? check_choice(s, call.tensors[2], call.tensors[1]) : status;
}
inline Status check_input_gradient(const Call& call) noexcept {
  const Pool2d& s = call.as<Pool2d>();
  const View &x = call.tensors[0], &choice = call.tensors[1], &dy = call.tensors[2];
  if (x.given() == choice.given())
    return refuse(StatusCode::kArgument, "max_pool2d: expected either x or choice, got %s", x.given() ? "both" : "neither");
  Status status = check_dilated(s, call.tensors[3], dy);
  if (status.ok() && x.given()) status = check_pool2d("max_pool2d", s, x, dy);
  return status.ok() ? check_choice(s, choice, dy) : status;
}

inline constexpr Contract kForwardContract = contract("max_pool2d.forward", kForward, kMaxPool2dFields, check_forward);
inline constexpr Contract kInputGradientContract =
    contract("max_pool2d.inputGradient", kInputGradient, kMaxPool2dFields, check_input_gradient, {Order::kChain, Part::kRows});

}  // namespace samebits::max_pool2d_contract
