// binary: y = a + b, a - b, a * b, a / b, one rounding; the larger or the smaller of both. a and b broadcast to the shape of y.
// maximum, minimum: a unless b is larger (smaller), or b is NaN and a is not; so a tie is a, and NaN of either passes.
// power: a^b, pow of core/pow.h.
// Gradients, elementwise over the shape of dy (sums over what was repeated are reduce's):
//   divideGradient             db = dy * ((-a / b) / b), each step rounded
//   maximum-, minimumGradient  da = dy where y is a, otherwise +0; db = dy where y is b, otherwise +0; each is optional
//   powerGradient              da and db, the gradients of pow by either; each is optional
// Order: elementwise, no sum. Atomic: the same functions, nothing is ever joined.
#pragma once

#include "core/broadcast.h"
#include "core/pow.h"

namespace samebits {

namespace binary {

inline constexpr TensorSlot kForward[] = {input("a"), input("b"), output("y")};
inline constexpr TensorSlot kDivideGradient[] = {input("a"), input("b"), input("dy"), output("db")};
inline constexpr TensorSlot kBothGradients[] = {input("a"), input("b"), input("dy"), optional(output("da")),
                                                 optional(output("db"))};

// The tensors from the third on have one shape, to which the first two broadcast.
inline Status check(const Call& call) noexcept {
  const View& y = call.tensors[2];
  for (int i = 0; i < 2; ++i)
    if (!broadcasts(call.tensors[i], y))
      return refuse(StatusCode::kShape, "binary: expected %s of a shape that broadcasts to that of the result",
                    i == 0 ? "a" : "b");
  for (int i = 3; i < call.tensor_count; ++i)
    if (call.tensors[i].given() && call.tensors[i].size() != y.size())
      return refuse(StatusCode::kShape, "binary: expected %lld values in every gradient, got %lld",
                    static_cast<long long>(y.size()), static_cast<long long>(call.tensors[i].size()));
  return {};
}

inline constexpr Contract kAddContract = contract("binary.add", kForward, {}, check);
inline constexpr Contract kSubtractContract = contract("binary.subtract", kForward, {}, check);
inline constexpr Contract kMultiplyContract = contract("binary.multiply", kForward, {}, check);
inline constexpr Contract kDivideContract = contract("binary.divide", kForward, {}, check);
inline constexpr Contract kMaximumContract = contract("binary.maximum", kForward, {}, check);
inline constexpr Contract kMinimumContract = contract("binary.minimum", kForward, {}, check);
inline constexpr Contract kPowerContract = contract("binary.power", kForward, {}, check);
inline constexpr Contract kDivideGradientContract = contract("binary.divideGradient", kDivideGradient, {}, check);
inline constexpr Contract kMaximumGradientContract = contract("binary.maximumGradient", kBothGradients, {}, check);
inline constexpr Contract kMinimumGradientContract = contract("binary.minimumGradient", kBothGradients, {}, check);
inline constexpr Contract kPowerGradientContract = contract("binary.powerGradient", kBothGradients, {}, check);

}  // namespace binary
}  // namespace samebits
