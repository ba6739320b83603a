// matmul: y [batch, m, n] = a [batch, m, k] by b [batch, k, n], batch by batch; transposed, a is [batch, k, m], b [batch, n, k]. An
// operand of one batch is taken for every batch of y. Its gradients are products of the same kind.
//
// forward: one chain of fma(a, b, acc) from +0, ascending k. Atomic: the same function; a chain is never split.
#pragma once

#include <initializer_list>

#include "core/kernel.h"

namespace samebits::matmul_contract {

struct Settings {
  int64_t transpose_a, transpose_b;  // 1: the last two axes are turned round
};

inline constexpr Field kFields[] = {{"transposeA", FieldType::kInt, offsetof(Settings, transpose_a)},
                                    {"transposeB", FieldType::kInt, offsetof(Settings, transpose_b)}};

inline constexpr TensorSlot kForward[] = {input("a"), input("b"), output("y")};

// The sides of every product, and how far apart the operands of two batches lie: 0 where there is one for all.
struct Sizes {
  int64_t batches, rows, terms, columns, step_a, step_b;
};
inline Sizes sizes_of(const Settings& s, const View& a, const View& b, const View& y) noexcept {
  const int64_t terms = a.shape[s.transpose_a != 0 ? 1 : 2];
  return {y.shape[0], y.shape[1], terms, y.shape[2], a.shape[0] == 1 ? 0 : y.shape[1] * terms, b.shape[0] == 1 ? 0 : terms * y.shape[2]};
}

inline Status check_forward(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &a = call.tensors[0], &b = call.tensors[1], &y = call.tensors[2];
  const auto ll = [](int64_t value) { return static_cast<long long>(value); };
  for (const View* one : {&a, &b, &y})
    if (one->rank != 3 || one->shape[0] < 1 || one->shape[1] < 1 || one->shape[2] < 1)
      return refuse(StatusCode::kShape, "matmul: expected tensors with 3 axes, each >= 1 long, got %d axes and %lld values", one->rank,
                    ll(one->size()));
  const Sizes sizes = sizes_of(s, a, b, y);
  const auto is = [&](const View& one, int64_t rows, int64_t columns) {
    return (one.shape[0] == 1 || one.shape[0] == sizes.batches) && one.shape[1] == rows && one.shape[2] == columns;
  };
  const bool a_fits = s.transpose_a != 0 ? is(a, sizes.terms, sizes.rows) : is(a, sizes.rows, sizes.terms);
  const bool b_fits = s.transpose_b != 0 ? is(b, sizes.columns, sizes.terms) : is(b, sizes.terms, sizes.columns);
  if (!a_fits || !b_fits)
    return refuse(StatusCode::kShape, "matmul: expected %s of a product of %lld times [%lld, %lld] by [%lld, %lld], got [%lld, %lld, %lld]",
                  a_fits ? "b" : "a", ll(sizes.batches), ll(sizes.rows), ll(sizes.terms), ll(sizes.terms), ll(sizes.columns),
                  ll((a_fits ? b : a).shape[0]), ll((a_fits ? b : a).shape[1]), ll((a_fits ? b : a).shape[2]));
  return {};
}

inline constexpr Contract kForwardContract = contract("matmul.forward", kForward, fields(kFields), check_forward, {Order::kChain});

}  // namespace samebits::matmul_contract
