// dense: x [n, i], w [i, o], y [n, o].
//
// forward        y: one chain of fma(x, w, acc) from +0, ascending i; then acc + b if given; then the activation (core/fused.h).
// inputGradient  dx: one chain of fma(dy, w, acc) from +0, ascending o.
// weightGradient dw: fma(x, dy, +0) per sample, samples joined by the join tree. db: 0 + dy, joined the same way.
// biasGradient   db alone, the same bits.
//
// Atomic: weightGradient and biasGradient add the sums of groups of samples as they arrive, inputGradient those of blocks
// of outputs. forward has one function for both modes.
#pragma once

#include "core/fused.h"
#include "core/kernel.h"

namespace samebits::dense_contract {

struct Settings {
  Fused fused;  // forward only: applied after the bias; one whose gradient y tells
};

inline constexpr Field kFields[] = {SAMEBITS_FUSED_FIELDS(Settings)};

// Groups of samples in atomic weightGradient and biasGradient; fewer where there are fewer samples.
inline constexpr int64_t kSampleGroups = 4;

inline constexpr TensorSlot kForward[] = {input("x"), input("weight"), optional(input("bias")), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), input("weight"), output("dx")};
inline constexpr TensorSlot kWeightGradient[] = {input("x"), input("dy"), output("dw"), optional(output("db"))};
inline constexpr TensorSlot kBiasGradient[] = {input("dy"), output("db")};

// x [n, i], weight [i, o], y [n, o] and, if given, columns [o] belong together. x and weight are null for the bias alone.
inline Status check_shapes(const View* x, const View* weight, const View& y, const View& columns) noexcept {
  const auto ll = [](int64_t value) { return static_cast<long long>(value); };
  if (y.rank != 2 || y.shape[0] < 1 || y.shape[1] < 1)
    return refuse(StatusCode::kShape, "dense: expected output [n, o] with n and o >= 1, got %d axes and %lld values", y.rank, ll(y.size()));
  if (x != nullptr && (x->rank != 2 || x->shape[0] != y.shape[0] || x->shape[1] < 1))
    return refuse(StatusCode::kShape, "dense: expected input [%lld, i], got %d axes and %lld values", ll(y.shape[0]), x->rank,
                  ll(x->size()));
  if (x != nullptr && (weight->rank != 2 || weight->shape[0] != x->shape[1] || weight->shape[1] != y.shape[1]))
    return refuse(StatusCode::kShape, "dense: expected weight [%lld, %lld], got %d axes and %lld values", ll(x->shape[1]),
                  ll(y.shape[1]), weight->rank, ll(weight->size()));
  if (columns.given() && (columns.rank != 1 || columns.shape[0] != y.shape[1]))
    return refuse(StatusCode::kShape, "dense: expected bias [%lld], got %d axes and %lld values", ll(y.shape[1]), columns.rank,
                  ll(columns.size()));
  return {};
}

inline Status check_forward(const Call& call) noexcept {
  const Status status = check_fused("dense", call.as<Settings>().fused, fused::kWithOptions);
  return status.ok() ? check_shapes(&call.tensors[0], &call.tensors[1], call.tensors[3], call.tensors[2]) : status;
}
inline Status check_input_gradient(const Call& call) noexcept {
  return check_shapes(&call.tensors[2], &call.tensors[1], call.tensors[0], View{});
}
inline Status check_weight_gradient(const Call& call) noexcept {
  return check_shapes(&call.tensors[0], &call.tensors[2], call.tensors[1], call.tensors[3]);
}
inline Status check_bias_gradient(const Call& call) noexcept { return check_shapes(nullptr, nullptr, call.tensors[0], call.tensors[1]); }

inline constexpr Contract kForwardContract = contract("dense.forward", kForward, fields(kFields), check_forward, {Order::kChain});
inline constexpr Contract kInputGradientContract =
    contract("dense.inputGradient", kInputGradient, fields(kFields), check_input_gradient, {Order::kChain});
inline constexpr Contract kWeightGradientContract =
    contract("dense.weightGradient", kWeightGradient, fields(kFields), check_weight_gradient,
             {Order::kSamples, Part::kSampleGroup, kSampleGroups});
inline constexpr Contract kBiasGradientContract =
    contract("dense.biasGradient", kBiasGradient, fields(kFields), check_bias_gradient,
             {Order::kSamples, Part::kSampleGroup, kSampleGroups});

}  // namespace samebits::dense_contract
