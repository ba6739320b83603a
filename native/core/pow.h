// x^y for any two floats: exp(y * log(|x|)) in double, rounded once to float. So it is within 2^-19 units of the last place of correctly
// rounded, and exact where the power is a float. Special values are those of C's pow. Only IEEE operations, in the stated order:
//   log(m) = e * H + ((2 * r) * A(r * r) + e * L), m = 2^e * f, sqrt(1/2) < f < sqrt(2), r = (f - 1) / (f + 1)
//   exp(p) = E((p - k * H) - k * L) * 2^k, k = p / 0.6931471805599453 to the nearest whole number, a tie to the even one
// A is the sum of z^n / (2n + 1) for n up to 11, E that of p^n / n! for n up to 19, both from the highest n down.
#pragma once

#include "core/numerics.h"

namespace samebits::numerics {
namespace detail {

inline constexpr double kLn2High = 0.6931471803691238, kLn2Low = 1.9082149292705877e-10;

SAMEBITS_HD double pow_log(double m) {
  const LogParts parts = log_parts(m);
  const double r = parts.f / (2.0 + parts.f);
  const double series = horner(r * r, 1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19,
                               1.0 / 21, 1.0 / 23);
  return parts.e * kLn2High + (2.0 * r * series + parts.e * kLn2Low);
}
SAMEBITS_HD double pow_exp(double p) {
  const double shifted = p / 0.6931471805599453 + 0x1.8p52;  // the nearest integer lands in the low bits
  const double k = shifted - 0x1.8p52;
  const double series = horner((p - k * kLn2High) - k * kLn2Low, 1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
                               1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800,
                               1.0 / 87178291200, 1.0 / 1307674368000, 1.0 / 20922789888000, 1.0 / 355687428096000,
                               1.0 / 6402373705728000, 1.0 / 121645100408832000);
  return series * from_bits64((to_bits64(shifted) + 1023u) << 52);
}

}  // namespace detail

SAMEBITS_HD float pow(float x, float y) {
  constexpr uint32_t kOne = 0x3f800000u;
  const uint32_t sign = to_bits(x) & kSign, base = to_bits(x) ^ sign, exponent = to_bits(y) & ~kSign;
  double l = detail::pow_log(static_cast<double>(from_bits(base)));
  if (base == 0) l = -__builtin_inf();
  if (base == kInfinity) l = __builtin_inf();
  double p = static_cast<double>(y) * l;
  p = p > 200.0 ? 200.0 : p < -200.0 ? -200.0 : p;  // beyond, nothing is left but an infinity or a zero
  float power = static_cast<float>(detail::pow_exp(p));
  // From 2^24 on every float is an even number.
  const float size = from_bits(exponent), count = size < 0x1p24f ? size : 0.0f;
  const int32_t whole = static_cast<int32_t>(count);
  if (base == kOne) power = 1.0f;
  if (sign != 0 && static_cast<float>(whole) != count && base != 0 && base != kInfinity) power = from_bits(kNan);
  if (sign != 0 && static_cast<float>(whole) == count && (whole & 1) != 0) power = -power;
  if (base > kInfinity || exponent > kInfinity) power = from_bits(kNan);
  return to_bits(x) == kOne || exponent == 0 ? 1.0f : power;
}

// The gradients of z = x^y: dz * (y * x^(y - 1)), +0 where y is 0; dz * (x^y * log(x)), +0 where x is 0 and y >= 0.
SAMEBITS_HD float pow_base_gradient(float x, float y, float dz) { return y == 0.0f ? 0.0f : dz * (y * pow(x, y - 1.0f)); }
SAMEBITS_HD float pow_exponent_gradient(float x, float y, float dz) {
  return x == 0.0f && y >= 0.0f ? 0.0f : dz * (pow(x, y) * log(x));
}

}  // namespace samebits::numerics
