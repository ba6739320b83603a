// Where a value of a tensor [samples, rows, columns, channels] lies, found by its number without dividing. Places within
// a sample are counted in 32 bits; check_places refuses what does not fit.
#pragma once

#include "simt/divider.h"
#include "simt/launch.h"

namespace samebits::simt {

struct Place {
  int64_t sample;
  int row, column, channel;
};

struct Places {
  WideDivider by_sample;  // values of one sample
  Divider by_columns, by_channels;

  Places() noexcept = default;
  Places(int64_t rows, int64_t columns, int64_t channels) noexcept
      : by_sample(most(1, rows * columns * channels)), by_columns(columns), by_channels(most(1, channels)) {}
  explicit Places(const View& of) noexcept : Places(of.shape[1], of.shape[2], of.shape[3]) {}

  __device__ Place at(int64_t i) const {
    const int64_t sample = by_sample.quotient(i);
    const int rest = static_cast<int>(i - sample * by_sample.by), pixel = by_channels.quotient(rest);
    const int row = by_columns.quotient(pixel);
    return {sample, row, pixel - row * by_columns.by, rest - pixel * by_channels.by};
  }
  // The first value of a sample, and the others of it from there on.
  __device__ int64_t first(int64_t sample) const { return sample * by_sample.by; }
  __device__ int of(int row, int column, int channel) const {
    return (row * by_columns.by + column) * by_channels.by + channel;
  }
};

inline Status check_places(const char* who, std::initializer_list<int64_t> counts) noexcept {
  for (const int64_t count : counts)
    if (count >= int64_t{1} << 30)
      return refuse(StatusCode::kArgument, "%s: expected fewer than 2^30 values in a sample on a CUDA device, got %lld",
                    who, static_cast<long long>(count));
  return {};
}

inline int64_t per_sample(const View& of) noexcept { return of.shape[1] * of.shape[2] * of.shape[3]; }

}  // namespace samebits::simt
