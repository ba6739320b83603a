// How a block of threads lies over rows of columns: neighbouring threads on neighbouring columns, 32 at most, the rest of the
// block along the rows. A thread keeps its column, so what a column needs is made once; and nothing divides but block numbers.
#pragma once

#include "simt/divider.h"
#include "simt/launch.h"
#include "simt/shared.h"

namespace samebits::simt {

struct Columns {
  int64_t count = 0;  // of a row
  int shift = 0;      // a tile has 2^shift columns
  Divider tiles;      // of a row

  explicit Columns(int64_t columns) noexcept : count(columns) {
    while (shift < 5 && (int64_t{1} << shift) < columns) ++shift;
    tiles = Divider(ceil_div(columns, int64_t{1} << shift));
  }

  int64_t rows_of_block() const noexcept { return kThreads >> shift; }

  __device__ int lane() const { return static_cast<int>(threadIdx.x) & ((1 << shift) - 1); }
  __device__ int row() const { return static_cast<int>(threadIdx.x) >> shift; }
  __device__ int rows() const { return kThreads >> shift; }  // of a block
  // The column of this thread in a tile, which the row may not have.
  __device__ int64_t column(int tile) const { return (static_cast<int64_t>(tile) << shift) + lane(); }
};

// Rows of columns can be laid out where their tiles can be counted.
inline Status check_columns(const char* who, int64_t columns) noexcept {
  if (columns < int64_t{1} << 31) return {};
  return refuse(StatusCode::kArgument, "%s: expected fewer than 2^31 columns on a CUDA device, got %lld", who,
                static_cast<long long>(columns));
}

inline constexpr int kRowsAtOnce = 8;   // of a thread, whose values are under way together
inline constexpr int kRowsOfThread = 16;

template <class F>
__global__ void columns_kernel(Columns columns, int64_t rows, F f) {
  const int block = static_cast<int>(blockIdx.x), part = columns.tiles.quotient(block);
  const int64_t column = columns.column(block - part * columns.tiles.by);
  if (column >= columns.count) return;
  const auto constants = f.column(column);
  const int64_t first = static_cast<int64_t>(part) * columns.rows() * kRowsOfThread + columns.row();
  for (int begin = 0; begin < kRowsOfThread; begin += kRowsAtOnce) {
    typename F::Values values[kRowsAtOnce];
#pragma unroll
    for (int k = 0; k < kRowsAtOnce; ++k) {
      const int64_t row = first + static_cast<int64_t>(begin + k) * columns.rows();
      if (row < rows) values[k] = f.load(row * columns.count + column);
    }
#pragma unroll
    for (int k = 0; k < kRowsAtOnce; ++k) {
      const int64_t row = first + static_cast<int64_t>(begin + k) * columns.rows();
      if (row < rows) f.store(constants, values[k], row * columns.count + column);
    }
  }
}

// f.store(f.column(c), f.load(i), i) for every element i of rows [rows, columns], c being its column. What a row loads may be what
// the same row stores, and no other.
template <class F>
Status each_in_columns(const Call& call, int64_t rows, int64_t columns, F f) noexcept {
  const Status status = check_columns("cuda", columns);
  if (!status.ok() || columns == 0) return status;
  const Columns layout(columns);
  const int64_t parts = ceil_div(rows, layout.rows_of_block() * kRowsOfThread);
  return launch(call, columns_kernel<F>, parts * layout.tiles.by, kThreads, 0, layout, rows, f);
}

}  // namespace samebits::simt
