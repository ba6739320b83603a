// depthwise_conv2d: x [n, h, w, c], weight [kh, kw, c, m], y [n, oh, ow, c * m]; output channel c * m + q reads channel c.
// Output (oh, ow) reads input row oh * strideH - padTop + kh * dilationH, columns likewise; taps outside are skipped.
//
// forward        y: one chain of fma(x, w, acc) from +0, ascending (kh, kw).
// inputGradient  dx: one chain of fma(dy, w, acc) from +0, ascending (oh, ow, q), over the outputs that read it.
// weightGradient dw: per sample, positions p = oh * OW + ow in chunks of 256; in a chunk one chain of fma(x, dy, acc)
//                over the positions whose tap is inside; chunks joined by the join tree, samples joined by the join tree.
//
// Atomic: weightGradient adds the sums of whole samples as they arrive, on CUDA those of chunks. forward and inputGradient have
// one function for both modes; scattering was measured on the CPU over ten times slower than gathering.
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

inline constexpr TensorSlot kForward[] = {by_sample(input("x")), input("weight"), copied(by_sample(output("y")))};
inline constexpr TensorSlot kInputGradient[] = {by_sample(input("dy")), input("weight"), copied(by_sample(output("dx")))};
inline constexpr TensorSlot kWeightGradient[] = {by_sample(input("x")), by_sample(input("dy")), output("dw")};

Status check_forward(const Call& call) noexcept;
Status check_input_gradient(const Call& call) noexcept;
Status check_weight_gradient(const Call& call) noexcept;

inline constexpr Contract kForwardContract =
    contract("depthwise_conv2d.forward", kForward, fields(kFields), check_forward, {Order::kChain});
inline constexpr Contract kInputGradientContract =
    contract("depthwise_conv2d.inputGradient", kInputGradient, fields(kFields), check_input_gradient, {Order::kChain});
inline constexpr Contract kWeightGradientContract =
    contract("depthwise_conv2d.weightGradient", kWeightGradient, fields(kFields), check_weight_gradient,
             {Order::kPositions, Part::kSample});

}  // namespace samebits::depthwise_conv2d_contract
