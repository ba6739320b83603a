// Division by a number that is the same for a whole launch, as a multiplication: a device has no instruction for
// dividing. Granlund and Montgomery, "Division by invariant integers using multiplication", 1994, figure 4.1.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "core/device.h"

namespace samebits::simt {

// n / by and n % by for 0 <= n < 2^31 and 0 < by < 2^31.
struct Divider {
  uint32_t factor = 0;  // ceil(2^shift / by), below 2^32
  int shift = 31;       // 31 + ceil(log2(by))
  int by = 1;

  constexpr Divider() noexcept : Divider(1) {}
  constexpr explicit Divider(int64_t divisor) noexcept : by(static_cast<int>(divisor)) {
    while ((int64_t{1} << (shift - 31)) < divisor) ++shift;
    const uint64_t d = static_cast<uint64_t>(divisor);
    factor = static_cast<uint32_t>(((uint64_t{1} << shift) + d - 1) / d);
  }
  SAMEBITS_DEVICE constexpr int quotient(int n) const noexcept {
    return static_cast<int>(static_cast<uint64_t>(static_cast<uint32_t>(n)) * factor >> shift);
  }
};

// n / by for 0 <= n < 2^63 and 0 < by < 2^62: numbers that count through a whole batch.
struct WideDivider {
  uint64_t factor = 0;  // ceil(2^(63 + more) / by), below 2^64
  int more = 0;         // ceil(log2(by))
  int64_t by = 1;

  constexpr WideDivider() noexcept : WideDivider(1) {}
  constexpr explicit WideDivider(int64_t divisor) noexcept : by(divisor) {
    while ((int64_t{1} << more) < divisor) ++more;
    const auto d = static_cast<unsigned __int128>(divisor);
    factor = static_cast<uint64_t>(((static_cast<unsigned __int128>(1) << (63 + more)) + d - 1) / d);
  }
  SAMEBITS_DEVICE constexpr int64_t quotient(int64_t n) const noexcept {
    const auto product = static_cast<unsigned __int128>(static_cast<uint64_t>(n) << 1) * factor;
    return static_cast<int64_t>(static_cast<uint64_t>(product >> 64) >> more);
  }
};

// The largest n, and the neighbours of multiples, where a rounding would show.
template <class By>
constexpr bool divides(int64_t by, int64_t largest) noexcept {
  const By divider(by);
  for (const int64_t multiple : {largest, largest / by * by, largest / 2 / by * by, by})
    for (const int64_t n : {multiple - 1, multiple, multiple < largest ? multiple + 1 : multiple})
      if (n >= 0 && divider.quotient(static_cast<decltype(divider.quotient(0))>(n)) != n / by) return false;
  return true;
}
constexpr bool divide_all(std::initializer_list<int64_t> numbers) noexcept {
  constexpr int64_t kLargest = 0x7fffffff, kLargestWide = 0x7fffffffffffffff;
  for (const int64_t by : numbers)
    if (!divides<Divider>(by, kLargest) || !divides<WideDivider>(by, kLargestWide)) return false;
  return true;
}
static_assert(divide_all({1, 2, 3, 7, 180, 641, 31684, 0x10001, 0x3fffffff, 0x40000001, 0x7fffffff}));
static_assert(divides<WideDivider>(0x100000001, 0x7fffffffffffffff) &&
              divides<WideDivider>(0x3fffffffffffffff, 0x7fffffffffffffff));

}  // namespace samebits::simt
