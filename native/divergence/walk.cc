#include "divergence/walk.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace samebits {
namespace {

constexpr size_t kBlock = 256;
constexpr int32_t kMagnitude = 0x7fffffff;
constexpr int32_t kInfinityBits = 0x7f800000;
constexpr int32_t kNanBits = 0x7fc00000;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Of a NaN beside a number: more than any two numbers are apart.
constexpr double kNanDistance = 4294967296.0;

// What each element of a block adds. Loops without a chain fill it, which compilers turn into vectors; the chains follow.
struct Terms {
  double dot[kBlock], squares_a[kBlock], squares_b[kBlock];
  double ulp[kBlock], absolute[kBlock], relative[kBlock];
  int32_t apart[kBlock], flips[kBlock];
};

inline int32_t canonical(int32_t bits) noexcept { return (bits & kMagnitude) > kInfinityBits ? kNanBits : bits; }
inline int32_t ordered(int32_t bits) noexcept { return bits < 0 ? -(bits & kMagnitude) : bits; }

void fill(const float* a, const float* b, size_t count, Terms& terms) noexcept {
  int32_t bits_a[kBlock], bits_b[kBlock];
  std::memcpy(bits_a, a, count * sizeof(float));
  std::memcpy(bits_b, b, count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    const double x = a[i], y = b[i];
    terms.dot[i] = x * y;
    terms.squares_a[i] = x * x;
    terms.squares_b[i] = y * y;
  }
  for (size_t i = 0; i < count; ++i) {
    const int32_t p = canonical(bits_a[i]), q = canonical(bits_b[i]);
    const double distance = std::fabs(static_cast<double>(ordered(p)) - static_cast<double>(ordered(q)));
    // 1 for a NaN beside a number, else 0; as a factor, since a choice between doubles by integers is no vector everywhere.
    const double one_nan = (p == kNanBits ? 1 : 0) ^ (q == kNanBits ? 1 : 0);
    terms.apart[i] = p ^ q;
    terms.ulp[i] = distance + one_nan * (kNanDistance - distance);
  }
  for (size_t i = 0; i < count; ++i) {
    const double x = a[i], y = b[i];
    const double size_x = std::fabs(x), size_y = std::fabs(y);
    const double difference = std::fabs(x - y);
    // Infinite beside a NaN, and between infinities of different sign; two of one kind are no distance apart.
    const double apart = difference < kInfinity ? difference : kInfinity;
    const double absolute = terms.ulp[i] == 0.0 ? 0.0 : apart;
    const double larger = size_x > size_y ? size_x : size_y;
    const double share = absolute / (larger > 0.0 ? larger : 1.0);
    terms.absolute[i] = absolute;
    terms.relative[i] = absolute < kInfinity ? share : kInfinity;
  }
  for (size_t i = 0; i < count; ++i) terms.flips[i] = ((a[i] < 0) & (b[i] > 0)) | ((a[i] > 0) & (b[i] < 0));
}

// Adds a block to the sums. They are variables here: none waits for another one's way to memory and back.
void chain(const Terms& terms, size_t count, double* sums) noexcept {
  double dot = sums[kDot], squares_a = sums[kSquaresA], squares_b = sums[kSquaresB], sum_ulp = sums[kSumUlp];
  double sum_absolute = sums[kSumAbsolute], sum_relative = sums[kSumRelative], squares = sums[kSquares];
  double max_ulp = sums[kMaxUlp], max_absolute = sums[kMaxAbsolute], max_relative = sums[kMaxRelative];
  int32_t flips = 0;
  for (size_t i = 0; i < count; ++i) {
    dot += terms.dot[i];
    squares_a += terms.squares_a[i];
    squares_b += terms.squares_b[i];
    sum_ulp += terms.ulp[i];
    sum_absolute += terms.absolute[i];
    sum_relative += terms.relative[i];
    squares += terms.absolute[i] * terms.absolute[i];
    max_ulp = std::max(max_ulp, terms.ulp[i]);
    max_absolute = std::max(max_absolute, terms.absolute[i]);
    max_relative = std::max(max_relative, terms.relative[i]);
    flips += terms.flips[i];
  }
  sums[kDot] = dot;
  sums[kSquaresA] = squares_a;
  sums[kSquaresB] = squares_b;
  sums[kSumUlp] = sum_ulp;
  sums[kSumAbsolute] = sum_absolute;
  sums[kSumRelative] = sum_relative;
  sums[kSquares] = squares;
  sums[kMaxUlp] = max_ulp;
  sums[kMaxAbsolute] = max_absolute;
  sums[kMaxRelative] = max_relative;
  sums[kSignFlips] += flips;
}

}  // namespace

int64_t walk_pair(const float* a, const float* b, size_t length, const WalkTally& tally) noexcept {
  Terms terms;
  double sums[kWalkSums];
  std::copy(tally.sums, tally.sums + kWalkSums, sums);
  uint64_t histogram[kUlpBins] = {}, bytes[kByteCounts] = {};
  int64_t first = -1;
  for (size_t from = 0; from < length; from += kBlock) {
    const size_t count = std::min(kBlock, length - from);
    fill(a + from, b + from, count, terms);
    chain(terms, count, sums);
    for (size_t i = 0; i < count; ++i) {
      const uint32_t apart = static_cast<uint32_t>(terms.apart[i]);
      if (apart == 0) continue;
      if (first < 0) first = static_cast<int64_t>(from + i);
      sums[kDiffering] += 1;
      for (size_t byte = 0; byte < 4; ++byte) ++bytes[256 * byte + ((apart >> (8 * byte)) & 255)];
      ++histogram[std::bit_width(static_cast<uint64_t>(terms.ulp[i]))];  // 33 of 2^32, the distance of a NaN
    }
  }
  std::copy(sums, sums + kWalkSums, tally.sums);
  for (size_t i = 0; i < kUlpBins; ++i) tally.histogram[i] += static_cast<double>(histogram[i]);
  for (size_t i = 0; i < kByteCounts; ++i) tally.bytes[i] += static_cast<double>(bytes[i]);
  return first;
}

}  // namespace samebits
