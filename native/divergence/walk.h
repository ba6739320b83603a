// What two arrays of float32 differ in: the loop that sees every weight of every pair of runs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace samebits {

// Sums of a walk, in this order; all but counts and largest values grow element by element, each in one chain of doubles.
enum WalkSum {
  kDot,
  kSquaresA,
  kSquaresB,
  kDiffering,
  kMaxUlp,
  kSumUlp,
  kMaxAbsolute,
  kSumAbsolute,
  kMaxRelative,
  kSumRelative,
  kSignFlips,
  kSquares,
  kWalkSums,
};

// Places of a histogram of ulp distances: 0, from 2^(k-1) to 2^k - 1 for k from 1 to 32, and a NaN beside a number.
inline constexpr size_t kUlpBins = 34;
// Counts of what differs in each of the four bytes of an element, the lowest byte first.
inline constexpr size_t kByteCounts = 4 * 256;

// What a walk adds to: kWalkSums, kUlpBins and kByteCounts doubles.
struct WalkTally {
  double* sums;
  double* histogram;
  double* bytes;
};

// Walks both arrays, and returns the first index at which their bits differ, or -1. All NaNs are one bit pattern here. Of an element
// whose bits are equal only products are summed.
int64_t walk_pair(const float* a, const float* b, size_t length, const WalkTally& tally) noexcept;

}  // namespace samebits
