// The elementary functions of the numeric contract, one source for C++ and CUDA.
//
// exp, log, log1p, expm1, tanh, sigmoid, normal_cdf, sin and cos are correctly rounded for all 2^32 inputs; `npm run prove` shows it.
// Each evaluates in double with an error below 2^-51 of the result and rounds once to float. The few inputs whose
// result lies closer than that to the middle between two floats are listed with their results; the proof found them.
// Only IEEE add, mul, div, sqrt and integer operations are used, so the bits do not depend on the machine; a*b + c is
// two roundings here (build with -ffp-contract=off, --fmad=false). Polynomials come from native/prove/coefficients.py.
#pragma once
#include <cstdint>
#include <cstring>

#include "core/exact_fma.h"

// Nothing here may exist out of line: the header is compiled inside several instruction set regions of one file.
#if defined(__CUDACC__)
#define SAMEBITS_HD static __host__ __device__ __forceinline__
#else
#define SAMEBITS_HD static inline __attribute__((always_inline))
#endif

namespace samebits::numerics {

inline constexpr uint32_t kNan = 0x7fc00000u;
inline constexpr uint32_t kInfinity = 0x7f800000u;
inline constexpr uint32_t kSign = 0x80000000u;

SAMEBITS_HD float from_bits(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }
SAMEBITS_HD uint32_t to_bits(float x) { uint32_t bits; memcpy(&bits, &x, 4); return bits; }
SAMEBITS_HD double from_bits64(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
SAMEBITS_HD uint64_t to_bits64(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits; }

// a * b + c with one rounding. (CPU bodies take simd/fma.h, which knows the instruction set it is compiled for.)
SAMEBITS_HD float fma(float a, float b, float c) {
#if defined(__CUDA_ARCH__)
  return __fmaf_rn(a, b, c);
#else
  return exact_fma(a, b, c);
#endif
}

SAMEBITS_HD float sqrt(float x) {
  if (!(x >= 0.0f)) return from_bits(kNan);
#if defined(__CUDA_ARCH__)
  return __fsqrt_rn(x);
#else
  return __builtin_sqrtf(x);
#endif
}

// The larger of two: v where it is larger than best or the first NaN, otherwise best, and so for zeros of either sign.
SAMEBITS_HD float larger(float best, float v) { return !(v <= best) && best == best ? v : best; }

// Two roundings: the root, then the division.
SAMEBITS_HD float rsqrt(float x) { return 1.0f / numerics::sqrt(x); }

// x^n: from the highest bit of |n| down, square, and multiply by x where the bit is set; x^-n is 1 / x^n.
SAMEBITS_HD float powi(float x, int32_t n) {
  if (n == 0) return 1.0f;
  const uint32_t count = n < 0 ? 0u - static_cast<uint32_t>(n) : static_cast<uint32_t>(n);
  uint32_t bit = 0x80000000u;
  while ((count & bit) == 0) bit >>= 1;
  float power = x;
  for (bit >>= 1; bit != 0; bit >>= 1) {
    power = power * power;
    if ((count & bit) != 0) power = power * x;
  }
  return n < 0 ? 1.0f / power : power;
}

namespace detail {

// c0 + x * (c1 + x * (...)), from the inside out.
SAMEBITS_HD double horner(double, double c) { return c; }
template <typename... Rest>
SAMEBITS_HD double horner(double x, double c, Rest... rest) { return c + x * horner(x, rest...); }

// exp(x) = 2^k * (1 + rest), |rest| < 0.42, for |x| <= 208 given with 24 bits; scale = 2^k.
struct ExpParts {
  double rest, scale;
};
SAMEBITS_HD ExpParts exp_parts(double x) {
  const double shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52;  // the nearest integer lands in the low bits
  const double k = shifted - 0x1.8p52;
  const double r = (x - k * 0x1.62e42fefa2000p-1) - k * 0x1.9ef35793c7673p-41;
  const double z = r * r;
  const double even = horner(z, 0.5, 0x1.5555555555556p-5, 0x1.6c16c16c15ffap-10, 0x1.a01a01a818b5ap-16,
                             0x1.27e4d8178a4acp-22, 0x1.1f78e29dd1e8cp-29);
  const double odd = horner(z, 0x1.5555555555557p-3, 0x1.1111111110052p-7, 0x1.a01a01ac1d216p-13,
                            0x1.71de01afd4022p-19, 0x1.af4ec43d96c6cp-26);
  return {r + z * (even + r * odd), from_bits64((to_bits64(shifted) + 1023u) << 52)};
}
SAMEBITS_HD double exp_double(double x) {
  const ExpParts p = exp_parts(x);
  return p.scale * (1.0 + p.rest);
}
SAMEBITS_HD double expm1_double(double x) {
  const ExpParts p = exp_parts(x);
  return (p.scale - 1.0) + p.scale * p.rest;
}

// log(2^e * (1 + f)), sqrt(1/2) - 1 <= f <= sqrt(2) - 1. With s = f / (2 + f), log(1 + f) = 2 atanh(s)
// = f - (f^2/2 - s * (f^2/2 + s^2 L(s^2))); for 24-bit arguments every term but the last is exact.
SAMEBITS_HD double log_sum(double e, double f) {
  const double half = 0.5 * f * f;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double tail = z * horner(z, 0x1.5555555555555p-1, 0x1.9999999999d57p-2, 0x1.249249242f2dcp-2, 0x1.c71c725be2617p-3,
                                 0x1.745cdba4bfdd9p-3, 0x1.3b214fe9ccaabp-3, 0x1.0f4afab6e3ec2p-3, 0x1.101b0869ad248p-3);
  return (e * 0x1.62e42fefa2000p-1 + f) - (half - (s * (half + tail) + e * 0x1.9ef35793c7673p-41));
}
// x = 2^e * (1 + f), as log_sum takes it.
struct LogParts {
  double e, f;
};
SAMEBITS_HD LogParts log_parts(double x) {
  const uint64_t bits = to_bits64(x);
  const uint64_t biased = (bits - 0x3fe6a09e667f3bcdu + (uint64_t{1023} << 52)) >> 52;  // e + 1023
  return {from_bits64(biased | 0x4330000000000000u) - (0x1p52 + 1023.0),                 // without a conversion
          from_bits64(bits - ((biased - 1023u) << 52)) - 1.0};
}

// x = (quadrant + fraction) * pi/2, the remainder fraction * pi/2 as the sum high + low.
struct Reduced {
  double high, low;
  uint32_t quadrant;
};
// 32 bits of the word sequence, starting `shift` bits into word[0].
SAMEBITS_HD uint64_t window(const uint32_t* word, uint32_t shift) {
  return (((static_cast<uint64_t>(word[0]) << 32) | word[1]) << shift) >> 32;
}
// Payne and Hanek (1983): x * 2/pi modulo 4 from those 128 bits of 2/pi that matter for this exponent.
SAMEBITS_HD Reduced reduce_pi(uint32_t magnitude) {
  static constexpr uint32_t two_over_pi[9] = {0,          0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0,
                                              0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561};
  const uint64_t mantissa = (magnitude & 0x7fffffu) | 0x800000u;
  const uint32_t offset = (magnitude >> 23) - 120u;  // x = mantissa * 2^(offset - 30)
  const uint32_t* word = two_over_pi + (offset >> 5);
  const uint32_t shift = offset & 31u;
  const uint64_t p3 = mantissa * window(word + 3, shift);
  const uint64_t p2 = mantissa * window(word + 2, shift) + (p3 >> 32);
  const uint64_t p1 = mantissa * window(word + 1, shift) + (p2 >> 32);
  const uint64_t p0 = mantissa * window(word, shift) + (p1 >> 32);
  const uint32_t w0 = static_cast<uint32_t>(p0), w1 = static_cast<uint32_t>(p1), w2 = static_cast<uint32_t>(p2);
  // Two bits of quadrant, then the fraction, taken as signed: in [-1/2, 1/2).
  const double top = static_cast<double>(static_cast<int32_t>((w0 << 2) | (w1 >> 30))) * 0x1p-32;
  const double rest = static_cast<double>((w1 << 2) | (w2 >> 30)) * 0x1p-64 +
                      static_cast<double>(w2 << 2) * 0x1p-96;
  const double exact = top * 0x1.921fbp+0;  // 31 bits times 21
  const double inexact = top * 0x1.5110b4611a626p-22 + rest * 0x1.921fb54442d18p+0;
  const double high = exact + inexact;
  return {high, (exact - high) + inexact, (w0 + 0x20000000u) >> 30};
}

// For |high + low| <= pi/4.
SAMEBITS_HD double sin_sum(double high, double low) {
  const double z = high * high;
  const double tail = horner(z, -0x1.5555555555555p-3, 0x1.111111111101ep-7, -0x1.a01a019fe8844p-13, 0x1.71de3a10312a7p-19,
                             -0x1.ae63f7f22b6dcp-26, 0x1.60e5c00a62747p-33, -0x1.8d49f958f1755p-41);
  return high + (high * z * tail + low * (1.0 - 0.5 * z));
}
SAMEBITS_HD double cos_sum(double high, double low) {
  const double z = high * high;
  const double tail = horner(z, 0x1.5555555555555p-5, -0x1.6c16c16c168ccp-10, 0x1.a01a019f38b8ep-16,
                             -0x1.27e4fa038197dp-22, 0x1.1eeb586c06a13p-29, -0x1.9073eb500654cp-37);
  return 1.0 - (0.5 * z - (z * z * tail - high * low));
}
// sin(x + quarter_turns * pi/2) for a finite x >= 0 given by its bits.
SAMEBITS_HD double sin_turned(uint32_t magnitude, uint32_t quarter_turns) {
  Reduced r = {from_bits(magnitude), 0.0, 0};
  if (magnitude > 0x3f490fdau) r = reduce_pi(magnitude);  // above pi/4
  const uint32_t quadrant = r.quadrant + quarter_turns;
  const double y = (quadrant & 1u) != 0 ? cos_sum(r.high, r.low) : sin_sum(r.high, r.low);
  return (quadrant & 2u) != 0 ? -y : y;
}

}  // namespace detail

// Down to log1p, conditions are on bits and every path is computed, so that a compiler can work on several values at once.

// By masks: a compiler turns `?:` into a jump here, and then does not vectorise.
SAMEBITS_HD float choose(bool condition, uint32_t yes, float no) {
  const uint32_t mask = 0u - static_cast<uint32_t>(condition);
  return from_bits((yes & mask) | (to_bits(no) & ~mask));
}
// NaN for a NaN argument, otherwise y.
SAMEBITS_HD float unless_nan(uint32_t magnitude, float y) { return choose(magnitude > kInfinity, kNan, y); }
// An argument whose magnitude is brought down to a limit beyond which the result does not change.
SAMEBITS_HD double within(uint32_t magnitude, uint32_t sign, uint32_t limit) {
  return static_cast<double>(from_bits((magnitude > limit ? limit : magnitude) | sign));
}
inline constexpr uint32_t k104 = 0x42d00000u;  // exp(104) overflows, exp(-104) is less than half the smallest denormal

SAMEBITS_HD float exp(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  return unless_nan(magnitude, static_cast<float>(detail::exp_double(within(magnitude, sign, k104))));
}

SAMEBITS_HD float expm1(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  const float y = static_cast<float>(detail::expm1_double(within(magnitude, sign, k104)));
  return unless_nan(magnitude, choose(magnitude == 0, sign, y));
}

SAMEBITS_HD float tanh(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  const double t = detail::expm1_double(2.0 * within(magnitude, 0, 0x41200000u));  // 10: tanh is 1
  return unless_nan(magnitude, from_bits(to_bits(static_cast<float>(t / (t + 2.0))) | sign));
}

SAMEBITS_HD float sigmoid(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  const double z = within(magnitude, sign, k104);
  const float far = static_cast<float>(1.0 / (1.0 + detail::exp_double(-z)));
  // Below 2^-12, 1/2 + z/4 - z^3/48 + ...: the line can lie in the middle between two floats, which the cubic decides:
  // one step of the double towards 1/2.
  const float near = static_cast<float>(from_bits64(to_bits64(0.5 + 0.25 * z) - 1 + (sign >> 30)));
  const float y = choose(magnitude < 0x39800000u, to_bits(near), far);
  return unless_nan(magnitude, choose(to_bits(x) == 0xba928601u, 0x3effdb5fu, y));
}

// The part of the normal distribution below x: exp(-x^2 / 2) * N below 0, and 1 minus that of -x above.
SAMEBITS_HD float normal_cdf(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  const double a = within(magnitude, 0, 0x41640000u);  // 14.25: less than half the smallest denormal is left
  const double scaled = detail::horner(
      (a - 4.0) / (a + 4.0), 0x1.82b4bb8c94dcep-4, -0x1.5cf97b0ae882cp-3, 0x1.fd751a1fba3c3p-4, -0x1.25b6aa9658229p-4,
      0x1.f9b05f0efd060p-6, -0x1.1644dc2f7058fp-7, 0x1.0a1bd415d2ccdp-11, 0x1.4eec24dc7346fp-11, -0x1.888dc93b2bf1dp-13,
      -0x1.7e246a327faffp-15, 0x1.e0a38090639dap-16, 0x1.36d265bb93b49p-18, -0x1.20caa82d37f91p-18, -0x1.bd56e8c425feep-21,
      0x1.62c330148bc3cp-21, 0x1.ba5baceb94d0bp-23, -0x1.8e7e580abff48p-24, -0x1.c14876d1b17ddp-25, 0x1.0b58133a3480bp-27,
      0x1.759ff0200047bp-27, 0x1.1dde9815fbff1p-30, -0x1.4a5f53b5fe535p-30, -0x1.6872fc17b0720p-32);
  const double tail = detail::exp_double(-0.5 * a * a) * scaled;  // a^2 has 48 bits, from which its multiple of ln 2 is taken exactly
  float y = choose(sign != 0, to_bits(static_cast<float>(tail)), static_cast<float>(1.0 - tail));
  y = choose(to_bits(x) == 0x33a06c99u, 0x3f000001u, y);
  return unless_nan(magnitude, choose(to_bits(x) == 0xb3206c99u, 0x3effffffu, y));
}

// What log gives where its argument is no positive finite number; y elsewhere.
SAMEBITS_HD float log_domain(uint32_t bits, float y) {
  y = choose(bits == kInfinity, kInfinity, y);
  y = choose(bits > kInfinity, kNan, y);
  return choose((bits & ~kSign) == 0, kInfinity | kSign, y);
}

SAMEBITS_HD float log(float x) {
  const uint32_t bits = to_bits(x);
  const detail::LogParts parts = detail::log_parts(static_cast<double>(x));
  float y = static_cast<float>(detail::log_sum(parts.e, parts.f));
  y = choose(bits == 0x3c413d3au, 0xc08e158fu, y);
  y = choose(bits == 0x41178febu, 0x400fe5e7u, y);
  y = choose(bits == 0x4c5d65a5u, 0x418f034bu, y);
  y = choose(bits == 0x65d890d3u, 0x4254d1f9u, y);
  y = choose(bits == 0x6f31a8ecu, 0x42845a89u, y);
  return log_domain(bits, y);
}

SAMEBITS_HD float log1p(float x) {
  const uint32_t bits = to_bits(x), magnitude = bits & ~kSign;
  const detail::LogParts parts = detail::log_parts(1.0 + static_cast<double>(x));
  // Below 1/4 the argument itself is f, without the rounding of 1 + x.
  const uint64_t small = 0u - static_cast<uint64_t>(magnitude < 0x3e800000u);
  const double e = from_bits64(to_bits64(parts.e) & ~small);
  const double f = from_bits64((to_bits64(static_cast<double>(x)) & small) | (to_bits64(parts.f) & ~small));
  float y = static_cast<float>(detail::log_sum(e, f));
  y = choose(bits == 0x35400003u, 0x353fffffu, y);
  y = choose(bits == 0x3710001bu, 0x370ffff3u, y);
  y = choose(bits == 0x3efd81adu, 0x3ecdeee1u, y);
  y = choose(bits == 0x41078febu, 0x400fe5e7u, y);
  y = choose(bits == 0x65d890d3u, 0x4254d1f9u, y);
  y = choose(bits == 0x6f31a8ecu, 0x42845a89u, y);
  y = choose(bits == 0xb53ffffdu, 0xb5400001u, y);
  y = choose(bits == 0xb70fffe5u, 0xb710000du, y);
  y = choose(bits == 0xbb0ec8c4u, 0xbb0ef0a5u, y);
  y = choose(magnitude == 0 || bits == kInfinity, bits, y);
  y = choose(bits == 0xbf800000u, kInfinity | kSign, y);  // -1
  y = choose(bits > 0xbf800000u, kNan, y);
  return unless_nan(magnitude, y);
}

SAMEBITS_HD float sin(float x) {
  const uint32_t sign = to_bits(x) & kSign, magnitude = to_bits(x) ^ sign;
  if (magnitude >= kInfinity) return from_bits(kNan);
  float y = static_cast<float>(detail::sin_turned(magnitude, 0));
  if (magnitude == 0x46199998u) y = from_bits(0xbeb1fa5du);
  return from_bits(to_bits(y) ^ sign);
}

SAMEBITS_HD float cos(float x) {
  const uint32_t magnitude = to_bits(x) & ~kSign;
  if (magnitude >= kInfinity) return from_bits(kNan);
  if (magnitude == 0x5f18b878u) return from_bits(0x3f7f14bbu);
  if (magnitude == 0x6115cb11u) return from_bits(0x3f78142fu);
  return static_cast<float>(detail::sin_turned(magnitude, 1));
}

}  // namespace samebits::numerics
