// What each function of numerics.h is judged by: the same function from the system's double libm, and from
// binary128 (libquadmath, or long double where that is it) where double cannot decide. Nothing here shares code with
// numerics.h.
#pragma once
#include <cfloat>
#include <cmath>
#if LDBL_MANT_DIG != 113
#include <quadmath.h>
#endif

#include "core/numerics.h"

namespace samebits::prove {

#if LDBL_MANT_DIG == 113
using Quad = long double;
#define SAMEBITS_QUAD(NAME) std::NAME
#else
using Quad = __float128;
#define SAMEBITS_QUAD(NAME) NAME##q
#endif

#define SAMEBITS_JUDGE(NAME, DOUBLE, QUAD)                   \
  struct NAME {                                              \
    static constexpr const char* name = #NAME;               \
    static float ours(float x) { return numerics::NAME(x); } \
    static double in_double(double x) { return DOUBLE; }     \
    static Quad in_quad(Quad x) { return QUAD; }             \
  };

SAMEBITS_JUDGE(exp, std::exp(x), SAMEBITS_QUAD(exp)(x))
SAMEBITS_JUDGE(expm1, std::expm1(x), SAMEBITS_QUAD(expm1)(x))
SAMEBITS_JUDGE(log, std::log(x), SAMEBITS_QUAD(log)(x))
SAMEBITS_JUDGE(log1p, std::log1p(x), SAMEBITS_QUAD(log1p)(x))
SAMEBITS_JUDGE(tanh, std::tanh(x), SAMEBITS_QUAD(tanh)(x))
SAMEBITS_JUDGE(sigmoid, 1 / (1 + std::exp(-x)), 1 / (1 + SAMEBITS_QUAD(exp)(-x)))
SAMEBITS_JUDGE(normal_cdf, 0.5 * std::erfc(x * -0.70710678118654752), SAMEBITS_QUAD(erfc)(x * -SAMEBITS_QUAD(sqrt)(Quad(0.5))) / 2)
SAMEBITS_JUDGE(sin, std::sin(x), SAMEBITS_QUAD(sin)(x))
SAMEBITS_JUDGE(cos, std::cos(x), SAMEBITS_QUAD(cos)(x))
SAMEBITS_JUDGE(sqrt, std::sqrt(x), SAMEBITS_QUAD(sqrt)(x))
// Two roundings by contract; the root of a float, rounded to double and then to float, is rounded correctly.
SAMEBITS_JUDGE(rsqrt, 1.0 / static_cast<float>(std::sqrt(x)), Quad(1) / static_cast<float>(SAMEBITS_QUAD(sqrt)(x)))

#undef SAMEBITS_JUDGE
#undef SAMEBITS_QUAD

}  // namespace samebits::prove
