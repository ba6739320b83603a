// Tiles of fma chains: what every contraction (convolution, dense) is on the device. A block of 256 threads computes a
// tile of chains; a thread has TM rows by TN columns of it in registers. Terms come in slabs of eight through shared
// memory, two slabs taking turns, so that one is loaded while the other is used; a chain stays with its thread from its
// first term to its last, so tiles and slabs cannot reach a result.
//
// A problem P says what is multiplied:
//   batches, rows, columns, depth       depth = terms of a chain, below 2^31 - 8
//   kAlongRows                          whether neighbouring rows (or else terms) lie side by side in `left`
//   kAlongColumns                       whether neighbouring columns (or else terms) lie side by side in `right`
//   At at(batch)                        what the rest needs of a batch, made once: nothing divides in a loop
//   Row row(at, r)                      what `left` needs of a row, made once
//   Term term(at, k)                    what it needs of a term
//   bool left(row, term, value&)        false: the term is skipped, which is not the same as adding 0 * w
//   float right(at, k, column)
//   Out out(at, r)                      what `store` needs of a row
//   void store(out, column, sum)
#pragma once

#include "core/numerics.h"
#include "simt/launch.h"
#include "simt/shared.h"

namespace samebits::simt {

inline constexpr int kSide = 16;  // threads of a block along rows, and along columns
inline constexpr int kSlab = 8;
inline constexpr int kPad =
    4;  // floats between rows of a slab, so that threads that store a column hit different banks

// Stands in shared memory for a term that is skipped. An input with these very bits, a NaN, becomes the usual NaN
// first. A quiet one, since what moves a signalling NaN may make it quiet.
inline constexpr uint32_t kSkipped = 0x7fe5c3e1u;
static_assert((kSkipped & 0x7fc00000u) == 0x7fc00000u && kSkipped != numerics::kNan, "a quiet NaN, and not the usual one");

template <int TM, int TN>
struct Tile {
  static constexpr int kRows = kSide * TM, kColumns = kSide * TN;
  static constexpr int kLeft = kRows + kPad, kRight = kColumns + kPad;  // floats of a slab's row
  static constexpr int kBuffer = kSlab * (kLeft + kRight);
  static constexpr int kLeftLoads = kRows * kSlab / kThreads;
  static constexpr int kRightLoads = (kColumns * kSlab + kThreads - 1) / kThreads;
  static constexpr size_t kBytes = 2 * kBuffer * sizeof(float);

  // Column c of a thread. Eight columns are two groups of four, so that neighbouring threads read neighbouring fours.
  __device__ static int column(int tx, int c) { return TN == 8 ? c / 4 * (kSide * 4) + tx * 4 + c % 4 : tx * TN + c; }
};

template <int TM, int TN>
__device__ inline void add_slab(const Shared& slab, int ty, int tx, bool skips, float (&sum)[TM][TN]) {
  using T = Tile<TM, TN>;
#pragma unroll
  for (int k = 0; k < kSlab; ++k) {
    float left[TM], right[TN];
    slab.get_row(k * T::kLeft + ty * TM, left);
    const int first = kSlab * T::kLeft + k * T::kRight;
    if constexpr (TN == 8) {
      float low[4], high[4];
      slab.get_row(first + T::column(tx, 0), low);
      slab.get_row(first + T::column(tx, 4), high);
#pragma unroll
      for (int c = 0; c < 4; ++c) right[c] = low[c], right[c + 4] = high[c];
    } else {
      slab.get_row(first + T::column(tx, 0), right);
    }
#pragma unroll
    for (int r = 0; r < TM; ++r) {
      if (skips && numerics::to_bits(left[r]) == kSkipped) continue;
#pragma unroll
      for (int c = 0; c < TN; ++c) sum[r][c] = numerics::fma(left[r], right[c], sum[r][c]);
    }
  }
}

// Two blocks share a multiprocessor, so that one computes while the other waits for memory; hence 128 registers a
// thread.
template <int TM, int TN, class P>
__global__ void __launch_bounds__(kThreads, 2) chains_kernel(P p, int64_t row_tiles, int64_t column_tiles) {
  using T = Tile<TM, TN>;
  const int thread = static_cast<int>(threadIdx.x), ty = thread / kSide, tx = thread % kSide;
  const int64_t tile = blockIdx.x, batch = tile / column_tiles / row_tiles;
  const int64_t first_row = tile / column_tiles % row_tiles * T::kRows,
                first_column = tile % column_tiles * T::kColumns;
  const typename P::At at = p.at(batch);
  const int depth = static_cast<int>(p.depth(at)),
            columns = static_cast<int>(least(p.columns - first_column, T::kColumns));

  // Load j of a thread is element thread + j * kThreads of the slab, counted along what lies side by side in memory.
  const auto row_of = [=](int j) {
    const int e = thread + j * kThreads;
    return P::kAlongRows ? e % T::kRows : e / kSlab;
  };
  const auto term_of = [=](int j) {
    const int e = thread + j * kThreads;
    return P::kAlongRows ? e / T::kRows : e % kSlab;
  };
  const auto column_of = [=](int j) {
    const int e = thread + j * kThreads;
    return P::kAlongColumns ? e % T::kColumns : e / kSlab;
  };
  const auto right_term_of = [=](int j) {
    const int e = thread + j * kThreads;
    return P::kAlongColumns ? e / T::kColumns : e % kSlab;
  };
  const auto right_there = [=](int j) { return thread + j * kThreads < T::kColumns * kSlab; };
  typename P::Row rows[T::kLeftLoads];
#pragma unroll
  for (int j = 0; j < T::kLeftLoads; ++j) rows[j] = p.row(at, least(first_row + row_of(j), p.rows - 1));

  // Nothing here may look at a value: it arrives while the slab before is being added.
  float left[T::kLeftLoads], right[T::kRightLoads];
  const auto load = [&](int begin) {
    unsigned skipped = 0;  // bit j: left[j] is a term that is skipped
#pragma unroll
    for (int j = 0; j < T::kLeftLoads; ++j) {
      const int k = begin + term_of(j);
      left[j] = 0.0f;
      const bool there = k < depth && p.left(rows[j], p.term(at, k), left[j]);
      if (!there) skipped |= 1u << j;
    }
#pragma unroll
    for (int j = 0; j < T::kRightLoads; ++j) {
      const int k = begin + right_term_of(j);
      const bool there = right_there(j) && k < depth && column_of(j) < columns;
      right[j] = there ? p.right(at, k, first_column + column_of(j)) : 0.0f;
    }
    return skipped;
  };
  const auto marked = [](float value, bool skipped) {
    if (numerics::to_bits(value) == kSkipped) value = numerics::from_bits(numerics::kNan);
    return skipped ? numerics::from_bits(kSkipped) : value;
  };

  float sum[TM][TN];
#pragma unroll
  for (int r = 0; r < TM; ++r)
#pragma unroll
    for (int c = 0; c < TN; ++c) sum[r][c] = 0.0f;

  unsigned skipped = load(0);
  for (int begin = 0, turn = 0; begin < depth; begin += kSlab, turn ^= 1) {
    Shared slab(turn * T::kBuffer);
#pragma unroll
    for (int j = 0; j < T::kLeftLoads; ++j)
      slab.put(term_of(j) * T::kLeft + row_of(j), marked(left[j], (skipped >> j & 1) != 0));
#pragma unroll
    for (int j = 0; j < T::kRightLoads; ++j)
      if (right_there(j)) slab.put(kSlab * T::kLeft + right_term_of(j) * T::kRight + column_of(j), right[j]);
    // One barrier a slab: the next is written to the other buffer, which every thread left before it came here.
    const bool any = __syncthreads_or(static_cast<int>(skipped)) != 0;
    if (begin + kSlab < depth) skipped = load(begin + kSlab);
    if (any)
      add_slab(slab, ty, tx, true, sum);
    else
      add_slab(slab, ty, tx, false, sum);
  }

  const typename P::At after = p.at(batch);  // once more, rather than kept in registers all along
#pragma unroll
  for (int r = 0; r < TM; ++r) {
    const int64_t row = first_row + ty * TM + r;
    if (row >= p.rows) break;
    const typename P::Out out = p.out(after, row);
#pragma unroll
    for (int c = 0; c < TN; ++c) {
      const int column = T::column(tx, c);
      if (column < columns) p.store(out, first_column + column, sum[r][c]);
    }
  }
}

template <int TM, int TN, class P>
Status launch_chains(const Call& call, const P& p) noexcept {
  using T = Tile<TM, TN>;
  const int64_t row_tiles = ceil_div(p.rows, T::kRows), column_tiles = ceil_div(p.columns, T::kColumns);
  return launch(call, chains_kernel<TM, TN, P>, p.batches * row_tiles * column_tiles, kThreads, T::kBytes, p,
                row_tiles, column_tiles);
}

// All chains of a problem, in tiles that its number of columns fills.
template <class P>
Status chains(const Call& call, const P& p) noexcept {
  if (p.rows == 0 || p.columns == 0) return {};
  if (p.columns > 64) return launch_chains<8, 8>(call, p);
  if (p.columns > 32) return launch_chains<8, 4>(call, p);
  if (p.columns > 16) return launch_chains<8, 2>(call, p);
  return launch_chains<4, 1>(call, p);
}

}  // namespace samebits::simt
