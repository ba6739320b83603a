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

// The largest n, and the neighbours of multiples, where a rounding would show.
constexpr bool divides(int by) noexcept {
  const Divider divider(by);
  const int64_t largest = 0x7fffffff;
  for (const int64_t multiple : {largest, largest / by * by, largest / 2 / by * by, int64_t{by}})
    for (int64_t n = multiple - 1; n <= multiple + 1; ++n)
      if (n >= 0 && n <= largest && divider.quotient(static_cast<int>(n)) != n / by) return false;
  return true;
}
static_assert(divides(1) && divides(2) && divides(3) && divides(7) && divides(180) && divides(641) && divides(31684) &&
              divides(0x10001) && divides(0x3fffffff) && divides(0x40000001) && divides(0x7fffffff));

}  // namespace samebits::simt
