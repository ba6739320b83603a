// conv2d: x [n, h, w, ci], w [kh, kw, ci / groups, co], y [n, oh, ow, co]; output channel block g reads input block g.
// Output (oh, ow) reads input row oh * strideH - padTop + kh * dilationH, columns likewise; taps outside are skipped.
//
// forward        y: one chain of fma(x, w, acc) from +0, ascending (kh, kw, ci); then acc + b if given; then the activation (core/fused.h).
// inputGradient  dx: one chain of fma(dy, w, acc) from +0, ascending (oh, ow, co), over the outputs that read it.
// weightGradient dw: per sample, positions p = oh * OW + ow in chunks of 256; in a chunk one chain of fma(x, dy, acc)
//                over the positions whose tap is inside; chunks joined by the join tree, samples joined by the join tree.
//                db: the same split and joins over acc + dy.
// biasGradient   db alone, the same bits.
//
// Atomic: weightGradient and biasGradient add the sums of whole groups of samples as they arrive, on CUDA those of a few chunks;
// inputGradient scatters each output row's share to the input rows it read, added as they arrive; on CUDA it gathers, as in
// deterministic mode. forward has one function for both modes.
#pragma once

#include "core/fused.h"
#include "core/kernel.h"

namespace samebits::conv2d_contract {

struct Settings {
  int64_t stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_bottom, pad_left, pad_right, groups;
  Fused fused;  // forward only: applied after the bias; one whose gradient y tells
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
    {"groups", FieldType::kInt, offsetof(Settings, groups)},
    SAMEBITS_FUSED_FIELDS(Settings),
};

inline constexpr TensorSlot kForward[] = {
    by_sample(input("x")), input("weight"), optional(input("bias")), copied(by_sample(output("y")))};
inline constexpr TensorSlot kInputGradient[] = {by_sample(input("dy")), input("weight"), by_sample(output("dx"))};
inline constexpr TensorSlot kWeightGradient[] = {
    by_sample(input("x")), by_sample(input("dy")), output("dw"), optional(output("db"))};
inline constexpr TensorSlot kBiasGradient[] = {by_sample(input("dy")), output("db")};

Status check_forward(const Call& call) noexcept;
Status check_input_gradient(const Call& call) noexcept;
Status check_weight_gradient(const Call& call) noexcept;
Status check_bias_gradient(const Call& call) noexcept;

inline constexpr Contract kForwardContract =
    contract("conv2d.forward", kForward, fields(kFields), check_forward, {Order::kChain});
inline constexpr Contract kInputGradientContract =
    contract("conv2d.inputGradient", kInputGradient, fields(kFields), check_input_gradient, {Order::kChain, Part::kRows});
inline constexpr Contract kWeightGradientContract =
    contract("conv2d.weightGradient", kWeightGradient, fields(kFields), check_weight_gradient,
             {Order::kPositions, Part::kSampleRun});
inline constexpr Contract kBiasGradientContract =
    contract("conv2d.biasGradient", kBiasGradient, fields(kFields), check_bias_gradient, {Order::kPositions, Part::kSampleRun});

}  // namespace samebits::conv2d_contract
