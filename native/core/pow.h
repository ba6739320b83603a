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

// As `choose` below, of doubles.
SAMEBITS_HD double choose_double(bool condition, uint64_t yes, double no) {
  const uint64_t mask = 0u - static_cast<uint64_t>(condition);
  return from_bits64((yes & mask) | (to_bits64(no) & ~mask));
}
// Kept between -200 and 200: beyond, nothing is left but an infinity or a zero. A NaN is taken for one of these ends.
SAMEBITS_HD double within_200(double p) {
  constexpr int64_t k200 = 0x4069000000000000;
  const uint64_t sign = to_bits64(p) & (uint64_t{1} << 63);
  const int64_t magnitude = static_cast<int64_t>(to_bits64(p) ^ sign);
  return from_bits64(static_cast<uint64_t>(magnitude > k200 ? k200 : magnitude) | sign);
}

}  // namespace detail

// As in numerics.h, conditions are on bits and every path is computed, so that a compiler can work on several values at once. Where
// y * log(|x|) is NaN, what is chosen at the end depends on x and y alone.
SAMEBITS_HD float pow(float x, float y) {
  constexpr uint32_t kOne = 0x3f800000u;
  constexpr uint64_t kInfinity64 = uint64_t{0x7ff} << 52, kSign64 = uint64_t{1} << 63;
  const uint32_t sign = to_bits(x) & kSign, base = to_bits(x) ^ sign, exponent = to_bits(y) & ~kSign;
  double l = detail::pow_log(static_cast<double>(from_bits(base)));
  l = detail::choose_double(base == 0, kInfinity64 | kSign64, l);
  l = detail::choose_double(base == kInfinity, kInfinity64, l);
  float power = static_cast<float>(detail::pow_exp(detail::within_200(static_cast<double>(y) * l)));
  // From 2^24 on every float is an even number.
  const float count = choose(exponent >= 0x4b800000u, 0, from_bits(exponent));
  const int32_t whole = static_cast<int32_t>(count);
  const bool is_whole = to_bits(static_cast<float>(whole)) == to_bits(count);
  power = choose(base == kOne, kOne, power);
  power = choose((sign != 0) & !is_whole & (base - 1u < kInfinity - 1u), kNan, power);  // of a finite number below zero
  const uint32_t odd = static_cast<uint32_t>(whole) & (0u - static_cast<uint32_t>(is_whole));
  power = from_bits(to_bits(power) ^ (sign & (odd << 31)));
  power = choose((base > kInfinity) | (exponent > kInfinity), kNan, power);
  return choose((to_bits(x) == kOne) | (exponent == 0), kOne, power);
}

// The gradients of z = x^y: dz * (y * x^(y - 1)), +0 where y is 0; dz * (x^y * log(x)), +0 where x is 0 and y >= 0.
SAMEBITS_HD float pow_base_gradient(float x, float y, float dz) {
  return choose((to_bits(y) & ~kSign) == 0, 0, dz * (y * pow(x, y - 1.0f)));
}
SAMEBITS_HD float pow_exponent_gradient(float x, float y, float dz) {
  const int from_zero = int{to_bits(y) <= kInfinity} | int{to_bits(y) == kSign};
  return choose(((to_bits(x) & ~kSign) == 0) & from_zero, 0, dz * (pow(x, y) * log(x)));
}

}  // namespace samebits::numerics
