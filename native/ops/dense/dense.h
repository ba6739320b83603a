// dense: x [n, i], w [i, o], y [n, o].
//
// forward        y: one chain of fma(x, w, acc) from +0, ascending i; then acc + b if given; then relu if set.
// inputGradient  dx: one chain of fma(dy, w, acc) from +0, ascending o.
// weightGradient dw: fma(x, dy, +0) per sample, samples joined by the join tree. db: 0 + dy, joined the same way.
// biasGradient   db alone, the same bits.
//
// Atomic: weightGradient and biasGradient add the sums of groups of samples as they arrive, inputGradient those of blocks
// of outputs. forward has one function for both modes.
#pragma once

#include "core/kernel.h"

namespace samebits::dense_contract {

struct Settings {
  int64_t relu;  // forward only: 1 applies relu after the bias
};

inline constexpr Field kFields[] = {{"relu", FieldType::kInt, offsetof(Settings, relu)}};

inline constexpr TensorSlot kForward[] = {{"x", Dtype::kFloat32},
                                          {"weight", Dtype::kFloat32},
                                          {"bias", Dtype::kFloat32, true},
                                          {"y", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kInputGradient[] = {
    {"dy", Dtype::kFloat32}, {"weight", Dtype::kFloat32}, {"dx", Dtype::kFloat32, false, true}};
inline constexpr TensorSlot kWeightGradient[] = {{"x", Dtype::kFloat32},
                                                 {"dy", Dtype::kFloat32},
                                                 {"dw", Dtype::kFloat32, false, true},
                                                 {"db", Dtype::kFloat32, true, true}};
inline constexpr TensorSlot kBiasGradient[] = {{"dy", Dtype::kFloat32}, {"db", Dtype::kFloat32, false, true}};

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
  return check_shapes(&call.tensors[0], &call.tensors[1], call.tensors[3], call.tensors[2]);
}
inline Status check_input_gradient(const Call& call) noexcept {
  return check_shapes(&call.tensors[2], &call.tensors[1], call.tensors[0], View{});
}
inline Status check_weight_gradient(const Call& call) noexcept {
  return check_shapes(&call.tensors[0], &call.tensors[2], call.tensors[1], call.tensors[3]);
}
inline Status check_bias_gradient(const Call& call) noexcept { return check_shapes(nullptr, nullptr, call.tensors[0], call.tensors[1]); }

}  // namespace samebits::dense_contract
