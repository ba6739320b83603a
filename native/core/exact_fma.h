// a * b + c with one rounding, in plain double arithmetic: for processors and builds without the instruction. Whatever
// the C library offers there is not used: not every one rounds once.
//
// The product of two floats is exact in double. Its sum with c is rounded to odd: when it is inexact, the last bit is
// made 1, so that the second rounding, to float, cannot take it for a tie or an exact value (Boldo and Melquiond,
// "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008). No double here
// overflows or becomes denormal. Needs round to nearest, as every kernel has it.
#pragma once

#include <cstdint>
#include <cstring>

namespace samebits {

static inline __attribute__((always_inline)) float exact_fma(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b), addend = c;
  double sum = product + addend;
  // What the addition lost, exactly (Knuth's two-sum); NaN when the sum is infinite or NaN, and then nothing is done.
  const double part = sum - product;
  const double lost = (product - (sum - part)) + (addend - part);
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  if ((lost < 0.0 || lost > 0.0) && (bits & 1) == 0) bits += (lost > 0.0) == (sum > 0.0) ? 1 : ~uint64_t{0};
  memcpy(&sum, &bits, sizeof bits);
  return static_cast<float>(sum);
}

}  // namespace samebits
