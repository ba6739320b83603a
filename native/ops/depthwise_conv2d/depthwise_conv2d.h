// depthwise_conv2d: x [n, h, w, c], weight [kh, kw, c, m], y [n, oh, ow, c * m]; output channel c * m + q reads channel c.
// Output (oh, ow) reads input row oh * strideH - padTop + kh * dilationH, columns likewise; taps outside are skipped.
//
// forward        y: one chain of fma(x, w, acc) from +0, ascending (kh, kw).
// inputGradient  dx: one chain of fma(dy, w, acc) from +0, ascending (oh, ow, q), over the outputs that read it.
// weightGradient dw: per sample, positions p = oh * OW + ow in chunks of 256; in a chunk one chain of fma(x, dy, acc)
//                over the positions whose tap is inside; chunks joined by the join tree, samples joined by the join tree.
//
// Atomic: weightGradient adds the sums of whole samples as they arrive. forward has one function
// for both modes; so has inputGradient on the CPU, where scattering was measured over ten times slower than gathering. On
// CUDA its atomic form scatters.
#pragma once

#include "core/kernel.h"
#include "core/order.h"

namespace samebits::depthwise_conv2d_contract {

struct Settings {
  int64_t stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_bottom, pad_left, pad_right;
};

inline constexpr Field kFields[] = {
    {"strideH", FieldType::kInt, offsetof(Settings, stride_h)},
    {"strideW", FieldType::kInt, offsetof(Settings, stride_w)},
    {"dilationH", FieldType::kInt, offsetof(Settings, dilation_h)},
    {"dilationW", FieldType::kInt, offsetof(Settings, dilation_w)},
    {"padTop", FieldType::kInt, offsetof(Settings, pad_top)},
    {"padBottom", FieldType::kInt, offsetof(Settings, pad_bottom)},
    {"padLeft", FieldType::kInt, offsetof(Settings, pad_left)},
    {"padRight", FieldType::kInt, offsetof(Settings, pad_right)},
};
inline constexpr int kFieldCount = sizeof kFields / sizeof kFields[0];

inline constexpr Dtype kF32 = Dtype::kFloat32;
inline constexpr TensorSlot kForward[] = {
    by_sample({"x", kF32}), {"weight", kF32}, copied(by_sample({"y", kF32, false, true}))};
inline constexpr TensorSlot kInputGradient[] = {
    by_sample({"dy", kF32}), {"weight", kF32}, copied(by_sample({"dx", kF32, false, true}))};
inline constexpr TensorSlot kWeightGradient[] = {
    by_sample({"x", kF32}), by_sample({"dy", kF32}), {"dw", kF32, false, true}};

// Guards memory for any of the three: x-like, weight-like and y-like tensors must fit together.
Status check_shapes(const Call& call, const View& x, const View& weight, const View& y) noexcept;

}  // namespace samebits::depthwise_conv2d_contract
