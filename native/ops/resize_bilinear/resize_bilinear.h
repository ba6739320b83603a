// resize_bilinear: x [n, h, w, c] to y [n, oh, ow, c], as tf.image.resize without antialiasing. Output position i of an
// axis is read at (i + 0.5) * (size / outSize) - 0.5; the taps are limited to the picture (core/bilinear.h).
// forward reads and writes float32. fromBytes reads uint8. bytes reads and writes uint8, rounding halves to even.
// inputGradient: dx = for each sample the chain, ascending (oy, ox, tap), of fma(dy, weight, dx).
// Order: forward has no sum. Atomic: the gradient's terms are added as they arrive.
#pragma once

#include "core/bilinear.h"
#include "core/kernel.h"

namespace samebits {

namespace resize_bilinear {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kFromBytes[] = {input("x", Dtype::kUint8), output("y")};
inline constexpr TensorSlot kBytes[] = {input("x", Dtype::kUint8), output("y", Dtype::kUint8)};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), output("dx")};

inline constexpr int64_t kMaxSide = int64_t{1} << 24;  // float coordinates end there

// Both tensors are pictures, as many of as many channels; sides are free.
inline Status check(const Call& call) noexcept {
  for (int i = 0; i < 2; ++i) {
    const View& x = call.tensors[i];
    if (x.rank != 4 || x.shape[1] < 1 || x.shape[2] < 1 || x.shape[1] > kMaxSide || x.shape[2] > kMaxSide)
      return refuse(StatusCode::kShape, "resize_bilinear: expected pictures [n, h, w, c], got another shape");
  }
  const View &x = call.tensors[0], &y = call.tensors[1];
  if (x.shape[0] != y.shape[0] || x.shape[3] != y.shape[3])
    return refuse(StatusCode::kShape, "resize_bilinear: expected %lld pictures of %lld channels, got %lld of %lld",
                  static_cast<long long>(x.shape[0]), static_cast<long long>(x.shape[3]),
                  static_cast<long long>(y.shape[0]), static_cast<long long>(y.shape[3]));
  return {};
}

// Bytes blend to at most 255, so the rounded value fits.
SAMEBITS_DEVICE inline uint8_t round_half_even(float value) noexcept {
  const int32_t low = static_cast<int32_t>(value);
  const float rest = value - static_cast<float>(low);
  return static_cast<uint8_t>(rest > 0.5f || (rest == 0.5f && (low & 1) != 0) ? low + 1 : low);
}

inline constexpr Contract kForwardContract = contract("resize_bilinear.forward", kForward, {}, check);
inline constexpr Contract kFromBytesContract = contract("resize_bilinear.fromBytes", kFromBytes, {}, check);
inline constexpr Contract kBytesContract = contract("resize_bilinear.bytes", kBytes, {}, check);
inline constexpr Contract kInputGradientContract =
    contract("resize_bilinear.inputGradient", kInputGradient, {}, check, {Order::kChain});

}  // namespace resize_bilinear
}  // namespace samebits
