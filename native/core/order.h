// The law of order: how the terms of every sum are split and joined. The sizes are part of the numeric contract;
// they look at the shape alone, never at the machine. docs/contract.md says the same in words.
#pragma once

#include <cstdint>

#include "core/device.h"

namespace samebits {

inline constexpr int kContract = 2;  // the version of the numeric contract

// Sums over positions of one sample: chunks of consecutive positions, one ascending chain inside each.
inline constexpr int64_t kPositionChunk = 256;

// Sums along memory: element i in lane i mod 16, chunks of 4096 elements; lanes, then chunks, joined by the tree.
inline constexpr int64_t kSumLanes = 16;
inline constexpr int64_t kMemoryChunk = 4096;

// The largest power of two smaller than n: the size of the left part of the join tree over n items (n >= 2).
SAMEBITS_DEVICE constexpr int64_t join_left(int64_t n) noexcept {
  int64_t left = 1;
  while (left * 2 < n) left *= 2;
  return left;
}

SAMEBITS_DEVICE constexpr int64_t ceil_div(int64_t a, int64_t b) noexcept { return (a + b - 1) / b; }

// The join tree as a running computation. Items arrive in ascending order on a stack of subtrees; item i completes as
// many joins as i + 1 has trailing zero bits, each of two subtrees of equal size. At the end the subtrees still open
// (the set bits of n) are joined from the right. The result is tree(n) = tree(join_left(n)) + tree(n - join_left(n)).
SAMEBITS_DEVICE constexpr int joins_after(int64_t index) noexcept {
  int joins = 0;
  for (int64_t n = index + 1; (n & 1) == 0; n >>= 1) ++joins;
  return joins;
}

// Partial sums alive at once in a running join tree over n items, the arriving one included.
SAMEBITS_DEVICE constexpr int join_levels(int64_t n) noexcept {
  int levels = 1;
  while ((int64_t{1} << (levels - 1)) < n) ++levels;
  return levels;
}

}  // namespace samebits
