// Kernels over rows of one width, a thread for each value: which row and which column it is, without a division.
#pragma once

#include "simt/divider.h"
#include "simt/launch.h"

namespace samebits::simt {

// f(row, column) for every value of `rows` rows of `width`, in launches of as many rows as a Divider can count.
template <class F>
Status each_in_rows(const Call& call, int64_t rows, int64_t width, F f) noexcept {
  constexpr int64_t kMost = 0x7fffffff;
  if (rows == 0 || width == 0) return {};
  if (width > kMost)
    return refuse(StatusCode::kShape, "cuda: expected rows of at most %lld values, got %lld", static_cast<long long>(kMost),
                  static_cast<long long>(width));
  const Divider divider(width);
  for (int64_t first = 0, most = kMost / width; first < rows; first += most) {
    const Status status = each(call, (rows - first < most ? rows - first : most) * width, [=] __device__(int64_t i) {
      const int row = divider.quotient(static_cast<int>(i));
      f(first + row, static_cast<int64_t>(static_cast<int>(i) - row * divider.by));
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace samebits::simt
