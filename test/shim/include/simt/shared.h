// native/simt/shared.h once more, for the shim: the same calls, each of them watched (test/shim/watch.h).
#pragma once

#include "core/numerics.h"
#include "watch.h"

namespace samebits::simt {

// What a store may do to a signalling NaN: it arrives as a quiet one.
inline float stored(float value) {
  const uint32_t bits = numerics::to_bits(value);
  return value != value ? numerics::from_bits(bits | 0x00400000u) : value;
}

class Shared {
 public:
  explicit Shared(int first = 0) : first_(first) {}

  float get(int i) const { return shim::read_shared(first_ + i); }
  void put(int i, float value) { shim::write_shared(first_ + i, stored(value)); }

  template <int N>
  void get_row(int i, float (&out)[N]) const {
    if (N % 4 == 0 && (first_ + i) % 4 != 0)
      shim::fault("a row of shared memory that does not start at a multiple of 4");
    for (int k = 0; k < N; ++k) out[k] = get(i + k);
  }

  template <int N>
  void put_row(int i, const float (&values)[N]) {
    if (N % 4 == 0 && (first_ + i) % 4 != 0)
      shim::fault("a row of shared memory that does not start at a multiple of 4");
    for (int k = 0; k < N; ++k) put(i + k, values[k]);
  }

 private:
  int first_;
};

}  // namespace samebits::simt
