// softmax over the last axis, every row by itself: m = max ascending (a NaN wins), e = exp(x - m), s = sum of e,
// y = e / s; y may be x. Gradient: d = sum of dy * y with lane = fma(dy, y, lane); dx = y * (dy - d); dx may be dy.
// log: m likewise, s = sum of exp(x - m), y = (x - m) - log(s); y may be x. Gradient: d = sum of dy; dx = dy - exp(y) * d.
// Order: all sums by rule 4. Atomic: the same functions; a row has one owner, so nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::softmax_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("y"), input("dy"), output("dx")};

// The last axis is the row; a tensor without axes is one row of one.
inline int64_t row_length(const View& x) noexcept { return x.rank == 0 ? 1 : x.shape[x.rank - 1]; }

inline constexpr Contract kForwardContract = contract("softmax.forward", kForward, {}, check_elementwise, {Order::kMemory});
inline constexpr Contract kInputGradientContract =
    contract("softmax.inputGradient", kInputGradient, {}, check_elementwise, {Order::kMemory});

inline constexpr Contract kLogContract = contract("softmax.log", kForward, {}, check_elementwise, {Order::kMemory});
inline constexpr Contract kLogGradientContract =
    contract("softmax.logGradient", kInputGradient, {}, check_elementwise, {Order::kMemory});

}  // namespace samebits::softmax_contract
