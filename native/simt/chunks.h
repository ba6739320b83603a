// Sums over the chunks of 256 positions of rule 2, a chain a column. A chain is one thread's, so all threads of a block fetch what
// the chains of a tile of columns add, row by row into shared memory.
#pragma once

#include "core/order.h"
#include "simt/columns.h"

namespace samebits::simt {

// Rows [samples, positions, columns], cut into chunks.
struct ChunkShape {
  int64_t samples, positions, columns, chunks;

  ChunkShape(int64_t samples_, int64_t positions_, int64_t columns_) noexcept
      : samples(samples_), positions(positions_), columns(columns_), chunks(ceil_div(positions_, kPositionChunk)) {}
  int64_t items() const noexcept { return samples * chunks; }
};

// A problem P:
//   kValues                        numbers of a position in shared memory, a power of two
//   Column column(c)               what it needs of a column
//   Values load(i)                 what it reads at element i
//   void put(column, values, numbers)   the numbers of a position, from those values
//   Chain                          what a chain has so far; begins as Chain{}
//   void add(chain, rows, get)     adds the next rows of a chunk, get(row, number)
//   void end(chain, rows, item, c) the chunk has these rows and is item `item` of [samples, chunks]
template <class P>
__global__ void chunks_kernel(Columns columns, Divider chunks, int64_t positions, P p) {
  constexpr int kRows = static_cast<int>(kPositionChunk) / P::kValues;  // in shared memory at once
  Shared cells;
  const int block = static_cast<int>(blockIdx.x), item = columns.tiles.quotient(block), sample = chunks.quotient(item);
  const int64_t column = columns.column(block - item * columns.tiles.by);
  const int64_t begin = static_cast<int64_t>(item - sample * chunks.by) * kPositionChunk;
  const int rows = static_cast<int>(least(kPositionChunk, positions - begin));
  const bool there = column < columns.count;
  const int64_t first = (sample * positions + begin) * columns.count + column;
  const auto constants = p.column(there ? column : 0);
  const auto cell = [=](int row, int number) { return ((row * P::kValues + number) << columns.shift) + columns.lane(); };
  typename P::Chain chain = {};
  for (int done = 0; done < rows; done += kRows) {
    const int now = rows - done < kRows ? rows - done : kRows;
    for (int at = columns.row(); at < now; at += columns.rows() * kRowsAtOnce) {
      typename P::Values values[kRowsAtOnce] = {};
#pragma unroll
      for (int k = 0; k < kRowsAtOnce; ++k) {
        const int row = at + k * columns.rows();
        if (there && row < now) values[k] = p.load(first + static_cast<int64_t>(done + row) * columns.count);
      }
#pragma unroll
      for (int k = 0; k < kRowsAtOnce; ++k) {
        const int row = at + k * columns.rows();
        if (!there || row >= now) continue;
        float numbers[P::kValues];
        p.put(constants, values[k], numbers);
#pragma unroll
        for (int number = 0; number < P::kValues; ++number) cells.put(cell(row, number), numbers[number]);
      }
    }
    __syncthreads();
    if (there && columns.row() == 0) p.add(chain, now, [=](int row, int number) { return cells.get(cell(row, number)); });
    if (done + kRows < rows) __syncthreads();
  }
  if (there && columns.row() == 0) p.end(chain, rows, item, column);
}

template <class P>
Status each_chunk(const Call& call, const ChunkShape& s, const P& p) noexcept {
  Status status = check_columns("chunks", s.columns);
  if (!status.ok() || s.columns == 0) return status;
  const Columns columns(s.columns);
  const size_t bytes = (kPositionChunk << columns.shift) * sizeof(float);
  return launch(call, chunks_kernel<P>, s.items() * columns.tiles.by, kThreads, bytes, columns,
                Divider(least(most(1, s.chunks), 0x7fffffff)), s.positions, p);
}

}  // namespace samebits::simt
