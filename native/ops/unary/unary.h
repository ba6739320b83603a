// unary: y = exp(x), log(x), tanh(x) (correctly rounded, core/numerics.h), sqrt(x) (IEEE), -x, |x| or x * x; y may be x.
// Gradients, each step rounded; dx may be dy:
//   exp  dy * y        log  dy / x        tanh  dy * (1 - y * y)        sqrt  dy / (y + y)
//   negate  -dy    abs  dy where x > 0, -dy where x < 0, otherwise +0    square  dy * (x + x)
// Order: elementwise, no sum. Atomic: the same functions, nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::unary_contract {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kGradientByOutput[] = {input("y"), input("dy"), output("dx")};
inline constexpr TensorSlot kGradientByInput[] = {input("x"), input("dy"), output("dx")};

inline constexpr Contract kExpContract = contract("unary.exp", kForward, {}, check_elementwise);
inline constexpr Contract kLogContract = contract("unary.log", kForward, {}, check_elementwise);
inline constexpr Contract kTanhContract = contract("unary.tanh", kForward, {}, check_elementwise);
inline constexpr Contract kSqrtContract = contract("unary.sqrt", kForward, {}, check_elementwise);
inline constexpr Contract kNegateContract = contract("unary.negate", kForward, {}, check_elementwise);
inline constexpr Contract kAbsContract = contract("unary.abs", kForward, {}, check_elementwise);
inline constexpr Contract kSquareContract = contract("unary.square", kForward, {}, check_elementwise);
inline constexpr Contract kExpGradientContract = contract("unary.expGradient", kGradientByOutput, {}, check_elementwise);
inline constexpr Contract kLogGradientContract = contract("unary.logGradient", kGradientByInput, {}, check_elementwise);
inline constexpr Contract kTanhGradientContract = contract("unary.tanhGradient", kGradientByOutput, {}, check_elementwise);
inline constexpr Contract kSqrtGradientContract = contract("unary.sqrtGradient", kGradientByOutput, {}, check_elementwise);
inline constexpr Contract kAbsGradientContract = contract("unary.absGradient", kGradientByInput, {}, check_elementwise);
inline constexpr Contract kSquareGradientContract =
    contract("unary.squareGradient", kGradientByInput, {}, check_elementwise);

}  // namespace samebits::unary_contract
