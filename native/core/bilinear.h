// Bilinear reading between pixels, shared by resize_bilinear and image_transform: where a coordinate falls, what is
// read there, and how a gradient is given back. Every step is one rounding in the order written (docs/contract.md).
#pragma once

#include <cstdint>

#include "core/device.h"

namespace samebits::bilinear {

// What lies outside the picture, as TensorFlow's ImageProjectiveTransformV3 defines it: dcba|abcd|dcba, a fill value,
// abcd|abcd|abcd, aaaa|abcd|dddd.
enum FillMode : int64_t { kReflect = 0, kConstant = 1, kWrap = 2, kNearest = 3 };

// The two positions a coordinate lies between and how far it is from the first; -1 stands for the fill value.
struct Tap {
  int32_t low, high;
  float t;
};

// Far outside, coordinates stop at +-2^24, so that no conversion to an integer overflows; NaN counts as -2^24.
SAMEBITS_DEVICE inline float limited(float at) noexcept {
  constexpr float kFar = 16777216.0f;
  if (!(at >= -kFar)) return -kFar;
  return at > kFar ? kFar : at;
}

SAMEBITS_DEVICE inline float reflected(float at, int64_t size) noexcept {
  const float period = static_cast<float>(2 * size);
  if (at < 0.0f) {
    at = period * static_cast<float>(static_cast<int64_t>(-at / period)) + at;
    return at < -static_cast<float>(size) ? at + period : -at - 1.0f;
  }
  at = at - period * static_cast<float>(static_cast<int64_t>(at / period));
  return at >= static_cast<float>(size) ? period - at - 1.0f : at;
}

SAMEBITS_DEVICE inline float wrapped(float at, int64_t size) noexcept {
  const float length = static_cast<float>(size), last = static_cast<float>(size - 1);
  if (at < 0.0f) return at + length * static_cast<float>(static_cast<int64_t>(-at / last) + 1);
  return at - length * static_cast<float>(static_cast<int64_t>(at / last));
}

// A coordinate brought into [0, size - 1]; not for kConstant.
SAMEBITS_DEVICE inline float inside(float at, int64_t size, int64_t mode) noexcept {
  const float last = static_cast<float>(size - 1);
  if (at >= 0.0f && at <= last) return at;
  if (size == 1) return 0.0f;
  at = limited(at);
  if (mode == kReflect) at = reflected(at, size);
  if (mode == kWrap) at = wrapped(at, size);
  if (at < 0.0f) return 0.0f;
  return at > last ? last : at;
}

SAMEBITS_DEVICE inline int32_t floor_of(float at) noexcept {
  const int32_t cut = static_cast<int32_t>(at);
  return static_cast<float>(cut) > at ? cut - 1 : cut;
}

// `at` is inside [0, size - 1]; the tap above the last position is the last one again, its weight is 0.
SAMEBITS_DEVICE inline Tap tap_inside(float at, int64_t size) noexcept {
  const int32_t low = static_cast<int32_t>(at);
  return {low, low + 1 < size ? low + 1 : low, at - static_cast<float>(low)};
}

SAMEBITS_DEVICE inline Tap tap_constant(float at, int64_t size) noexcept {
  at = limited(at);
  const int32_t low = floor_of(at);
  const int32_t high = low + 1;
  const auto given = [size](int32_t i) { return i >= 0 && i < size ? i : -1; };
  return {given(low), given(high), at - static_cast<float>(low)};
}

// The nearest position, halves away from zero, as a tap of weight 1.
SAMEBITS_DEVICE inline Tap tap_nearest(float at, int64_t size) noexcept {
  at = limited(at);
  const int32_t cut = static_cast<int32_t>(at);
  const float rest = at - static_cast<float>(cut);
  const int32_t i = rest >= 0.5f ? cut + 1 : rest <= -0.5f ? cut - 1 : cut;
  const int32_t given = i >= 0 && i < size ? i : -1;
  return {given, given, 0.0f};
}

SAMEBITS_DEVICE inline Tap tap_of(float at, int64_t size, int64_t mode, bool nearest) noexcept {
  if (mode != kConstant) at = inside(at, size, mode);
  if (nearest) return tap_nearest(at, size);
  return mode == kConstant ? tap_constant(at, size) : tap_inside(at, size);
}

// The tap of output position `i` when `size` positions become `out_size`: half-pixel centres, no antialiasing.
SAMEBITS_DEVICE inline Tap resize_tap(int64_t i, int64_t size, int64_t out_size) noexcept {
  const float scale = static_cast<float>(size) / static_cast<float>(out_size);
  const float at = (static_cast<float>(i) + 0.5f) * scale - 0.5f;
  const int32_t low = floor_of(at);
  const int32_t high = low + 1 < size ? low + 1 : static_cast<int32_t>(size - 1);
  return {low < 0 ? 0 : low, high, at - static_cast<float>(low)};
}

SAMEBITS_DEVICE inline float lerp(float a, float b, float t) noexcept { return a + (b - a) * t; }

// One output pixel from its four neighbours. On a pixel exactly, the value is moved without arithmetic.
template <int kChannels, class T>
SAMEBITS_DEVICE inline void blend(const T* tl, const T* tr, const T* bl, const T* br, float tx, float ty, int64_t channels, float* y) noexcept {
  const int64_t n = kChannels > 0 ? kChannels : channels;
  if (tx == 0.0f && ty == 0.0f) {
    for (int64_t c = 0; c < n; ++c) y[c] = static_cast<float>(tl[c]);
    return;
  }
  for (int64_t c = 0; c < n; ++c) {
    const float top = lerp(static_cast<float>(tl[c]), static_cast<float>(tr[c]), tx);
    const float bottom = lerp(static_cast<float>(bl[c]), static_cast<float>(br[c]), tx);
    y[c] = lerp(top, bottom, ty);
  }
}

#if !defined(__CUDACC__)
// The same for three channels at once, where the right pixels lie behind the left ones: six floats from `top` and from
// `bottom`, each lane going through the steps of blend.
inline void blend_rgb(const float* top, const float* bottom, float tx, float ty, float* y) noexcept {
  typedef float Four __attribute__((vector_size(16)));
  const auto left = [](const float* p) {
    Four v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
  };
  const auto right = [left](const float* p) {
    const Four v = left(p + 2);
    return Four{v[1], v[2], v[3], v[3]};
  };
  const Four tl = left(top), bl = left(bottom);
  const Four upper = tl + (right(top) - tl) * tx, lower = bl + (right(bottom) - bl) * tx;
  const Four value = upper + (lower - upper) * ty;
  __builtin_memcpy(y, &value, 3 * sizeof(float));
}
#endif

// Gives an output pixel's gradient back to its neighbours in the order top left, top right, bottom left, bottom right.
// `row` and `column` are its taps; taps on the fill value or of weight 0 are passed over. add(element, dy, weight).
template <class Add>
SAMEBITS_DEVICE inline void give_back(const Tap& row, const Tap& column, int64_t width, int64_t channels, const float* dy, Add&& add) noexcept {
  const float wy[2] = {1.0f - row.t, row.t}, wx[2] = {1.0f - column.t, column.t};
  const int32_t ys[2] = {row.low, row.high}, xs[2] = {column.low, column.high};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j) {
      const float weight = wy[i] * wx[j];
      if (weight == 0.0f || ys[i] < 0 || xs[j] < 0) continue;
      const int64_t at = (ys[i] * width + xs[j]) * channels;
      for (int64_t c = 0; c < channels; ++c) add(at + c, dy[c], weight);
    }
}

}  // namespace samebits::bilinear
