// Tiles of fma chains: what every contraction (convolution, dense) is on the device. A block computes a tile of chains
// (simt/tiles.h); a thread has some rows and columns of it in registers. Terms come in slabs through shared memory, two
// slabs taking turns: one is on its way through registers while the other is used, since a term that is skipped is
// marked on that way. A chain stays with its thread from its first term to its last, so tiles and slabs cannot reach a
// result.
//
// A problem P says what is multiplied:
//   batches, rows, columns, depth(at)   depth = terms of a chain, below 2^31 - 16
//   kAlongRows                          whether neighbouring rows (or else terms) lie side by side in `left`
//   kAlongColumns                       whether neighbouring columns (or else terms) lie side by side in `right`
//   kMostRows                           of a tile; a problem that has few rows needs no large ones
//   bool by_fours()                     whether `left` and `right` can read four neighbours with one check, and `store`
//                                       write four columns: counts and places are multiples of four
//   At at(batch)                        what the rest needs of a batch, made once: nothing divides in a loop
//   Row row(at, r)                      what `left` needs of a row, made once
//   Term term(at, k)                    what it needs of a term
//   bool left(row, term, values)        reads one value or four; false: these terms are skipped, which is not the same
//                                       as adding 0 * w
//   void right(at, k, column, values)
//   Out out(at, r)                      what `store` needs of a row
//   void store(out, column, sums)
#pragma once

#include <type_traits>
#include <utility>

#include "core/numerics.h"
#include "simt/divider.h"
#include "simt/fours.h"
#include "simt/launch.h"
#include "simt/shared.h"
#include "simt/tiles.h"

namespace samebits::simt {

inline constexpr int kStep = 8;  // terms between two looks at whether the chains have ended
inline constexpr int kPad = 4;   // floats between rows of a slab, so that threads that store a column hit different banks

// Stands in shared memory for a term that is skipped. An input with these very bits, a NaN, becomes the usual NaN
// first. A quiet one, since what moves a signalling NaN may make it quiet.
inline constexpr uint32_t kSkipped = 0x7fe5c3e1u;
static_assert((kSkipped & 0x7fc00000u) == 0x7fc00000u && kSkipped != numerics::kNan, "a quiet NaN, and not the usual one");

// One side of a slab: `Extent` rows or columns by `Slab` terms, loaded by the block, N neighbours at a time. What lies
// side by side in memory is either the rows or columns (`along`) or the terms; a thread keeps its place there from load
// to load.
template <int Extent, int Slab, int N, int Threads, bool along>
struct Side {
  static constexpr int kStride = Extent + kPad;  // floats of a term in shared memory
  static constexpr int kLoads = Extent * Slab / N / Threads;
  static constexpr int kAbreast = (along ? Extent : Slab) / N;
  static_assert(kLoads * N * Threads == Extent * Slab && Threads % kAbreast == 0);

  __device__ static int place(int thread, int load) {
    return along ? thread % kAbreast * N : thread / kAbreast + load * (Threads / kAbreast);
  }
  __device__ static int term(int thread, int load) {
    return along ? thread / kAbreast + load * (Threads / kAbreast) : thread % kAbreast * N;
  }
  __device__ static void put(Shared& slab, int first, int thread, int load, const float (&values)[N]) {
    const int at = first + term(thread, load) * kStride + place(thread, load);
    if constexpr (along) {
      slab.put_row(at, values);
    } else {
#pragma unroll
      for (int i = 0; i < N; ++i) slab.put(at + i * kStride, values[i]);
    }
  }
};

// A tile and the form of its loads.
template <int Index, bool fours>
struct Tile {
  static constexpr TileShape kShape = kTiles[Index];
  static constexpr int kRows = kShape.rows(), kColumns = kShape.columns(), kBlock = kShape.threads();
  static constexpr int kDown = kShape.down, kAcross = kShape.across;
  static constexpr int kAtOnce = fours ? 4 : 1;
  static constexpr int kSlab = fours && kDown * kAcross < 64 ? 16 : 8;  // terms; with 16, 64 chains do not fit into registers
  static constexpr int kGroup = kAcross < 4 ? kAcross : 4;  // columns of a thread that lie side by side
  template <bool along>
  using Left = Side<kRows, kSlab, kAtOnce, kBlock, along>;
  template <bool along>
  using Right = Side<kColumns, kSlab, kAtOnce, kBlock, along>;
  static constexpr int kLeftFloats = kSlab * (kRows + kPad), kBuffer = kLeftFloats + kSlab * (kColumns + kPad);
  static constexpr size_t kBytes = 2 * kBuffer * sizeof(float);

  // The first row and column of a thread. Its columns are groups of kGroup, so that neighbours read neighbouring groups.
  __device__ static int row(int thread) {
    return (thread / 32 / kShape.warps_across * 4 + thread % 32 / 8) * kDown;
  }
  __device__ static int column(int thread, int group) {
    return thread / 32 % kShape.warps_across * 8 * kAcross + group * 8 * kGroup + thread % 8 * kGroup;
  }
};

// Adds the terms [0, kStep) behind `at` to the chains of a thread; `left` and `right` are its places in the slab.
template <class T, bool skips>
__device__ inline void add_terms(const Shared& slab, int at, int left_place, int right_place,
                                 float (&sum)[T::kDown][T::kAcross]) {
#pragma unroll
  for (int k = at; k < at + kStep; ++k) {
    float left[T::kDown], right[T::kAcross / T::kGroup][T::kGroup];
    slab.get_row(k * (T::kRows + kPad) + left_place, left);
#pragma unroll
    for (int group = 0; group < T::kAcross / T::kGroup; ++group)
      slab.get_row(T::kLeftFloats + k * (T::kColumns + kPad) + right_place + group * 8 * T::kGroup, right[group]);
#pragma unroll
    for (int r = 0; r < T::kDown; ++r) {
      if (skips && numerics::to_bits(left[r]) == kSkipped) continue;
#pragma unroll
      for (int c = 0; c < T::kAcross; ++c)
        sum[r][c] = numerics::fma(left[r], right[c / T::kGroup][c % T::kGroup], sum[r][c]);
    }
  }
}

template <class T, bool skips>
__device__ inline void add_slab(const Shared& slab, int terms, int left_place, int right_place,
                                float (&sum)[T::kDown][T::kAcross]) {
#pragma unroll
  for (int at = 0; at < T::kSlab; at += kStep) {
    if (at > 0 && at >= terms) break;
    add_terms<T, skips>(slab, at, left_place, right_place, sum);
  }
}

// 512 threads share a multiprocessor, so that some compute while others wait for memory; hence 128 registers a thread.
template <class T, class P>
__global__ void __launch_bounds__(T::kBlock, 512 / T::kBlock)
    chains_kernel(P p, Divider by_row_tiles, Divider by_column_tiles) {
  constexpr int N = T::kAtOnce;
  using Left = typename T::template Left<P::kAlongRows>;
  using Right = typename T::template Right<P::kAlongColumns>;
  const int thread = static_cast<int>(threadIdx.x);
  const int tile = static_cast<int>(blockIdx.x), row_tile_all = by_column_tiles.quotient(tile);
  const int batch = by_row_tiles.quotient(row_tile_all);
  const int row_tile = row_tile_all - batch * by_row_tiles.by;
  const int first_column = (tile - row_tile_all * by_column_tiles.by) * T::kColumns;
  const typename P::At at = p.at(batch);
  const int depth = static_cast<int>(p.depth(at)), columns = static_cast<int>(p.columns) - first_column;

  constexpr int kRowsKept = P::kAlongRows ? 1 : Left::kLoads;
  typename P::Row rows[kRowsKept];
#pragma unroll
  for (int j = 0; j < kRowsKept; ++j)
    rows[j] = p.row(at, least(static_cast<int64_t>(row_tile) * T::kRows + Left::place(thread, j), p.rows - (P::kAlongRows ? N : 1)));

  // Columns that are not there have no terms.
  int right_depth[P::kAlongColumns ? 1 : Right::kLoads];
#pragma unroll
  for (int j = 0; j < (P::kAlongColumns ? 1 : Right::kLoads); ++j)
    right_depth[j] = Right::place(thread, j) < columns ? depth : 0;

  // Nothing here may look at a value: it arrives while the slab before is being added.
  float left[Left::kLoads][N], right[Right::kLoads][N];
  const auto load = [&](int begin) {
#pragma unroll
    for (int j = 0; j < Right::kLoads; ++j) {
      const int k = begin + Right::term(thread, j), column = Right::place(thread, j);
#pragma unroll
      for (int i = 0; i < N; ++i) right[j][i] = 0.0f;
      if (k < right_depth[P::kAlongColumns ? 0 : j]) p.right(at, k, first_column + column, right[j]);
    }
    unsigned skipped = 0;  // bit j: left[j] are terms that are skipped
#pragma unroll
    for (int j = 0; j < Left::kLoads; ++j) {
      const int k = begin + Left::term(thread, j);
#pragma unroll
      for (int i = 0; i < N; ++i) left[j][i] = 0.0f;
      const bool there = k < depth && p.left(rows[P::kAlongRows ? 0 : j], p.term(at, k), left[j]);
      if (!there) skipped |= 1u << j;
    }
    return skipped;
  };
  const auto marked = [](float value, bool skipped) {
    if (numerics::to_bits(value) == kSkipped) value = numerics::from_bits(numerics::kNan);
    return skipped ? numerics::from_bits(kSkipped) : value;
  };

  float sum[T::kDown][T::kAcross];
#pragma unroll
  for (int r = 0; r < T::kDown; ++r)
#pragma unroll
    for (int c = 0; c < T::kAcross; ++c) sum[r][c] = 0.0f;

  const int left_place = T::row(thread), right_place = T::column(thread, 0);
  unsigned skipped = load(0);
  for (int begin = 0; begin < depth; begin += T::kSlab) {
    Shared slab(begin / T::kSlab % 2 * T::kBuffer);
#pragma unroll
    for (int j = 0; j < Left::kLoads; ++j) {
      float values[N];
#pragma unroll
      for (int i = 0; i < N; ++i) values[i] = marked(left[j][i], (skipped >> j & 1) != 0);
      Left::put(slab, 0, thread, j, values);
    }
#pragma unroll
    for (int j = 0; j < Right::kLoads; ++j) Right::put(slab, T::kLeftFloats, thread, j, right[j]);
    // One barrier a slab: the next is written to the other buffer, which every thread left before it came here.
    const bool any = __syncthreads_or(static_cast<int>(skipped)) != 0;
    if (begin + T::kSlab < depth) skipped = load(begin + T::kSlab);
    if (any)
      add_slab<T, true>(slab, depth - begin, left_place, right_place, sum);
    else
      add_slab<T, false>(slab, depth - begin, left_place, right_place, sum);
  }

  constexpr int kWritten = N == 4 ? T::kGroup : 1;
  const typename P::At after = p.at(batch);  // once more, rather than kept in registers all along
#pragma unroll
  for (int r = 0; r < T::kDown; ++r) {
    const int64_t row = static_cast<int64_t>(row_tile) * T::kRows + T::row(thread) + r;
    if (row >= p.rows) return;
    const typename P::Out out = p.out(after, row);
#pragma unroll
    for (int c = 0; c < T::kAcross; c += kWritten) {
      const int column = T::column(thread, c / T::kGroup) + c % T::kGroup;
      float written[kWritten];
#pragma unroll
      for (int i = 0; i < kWritten; ++i) written[i] = sum[r][c + i];
      if (column < columns) p.store(out, first_column + column, written);
    }
  }
}

template <class T, class P>
Status launch_chains(const Call& call, const P& p) noexcept {
  const int64_t row_tiles = ceil_div(p.rows, T::kRows), column_tiles = ceil_div(p.columns, T::kColumns);
  return launch(call, chains_kernel<T, P>, p.batches * row_tiles * column_tiles, T::kBlock, T::kBytes, p,
                Divider(row_tiles), Divider(column_tiles));
}

template <bool fours, class P, int... Index>
Status launch_tile(const Call& call, const P& p, std::integer_sequence<int, Index...>) noexcept {
  const int chosen = tile_for(fours, P::kMostRows, p.batches, p.rows, p.columns);
  Status status;
  const auto try_tile = [&]<int at>(std::integral_constant<int, at>) {
    if constexpr (has_tile(at, fours, P::kMostRows))
      if (at == chosen) status = launch_chains<Tile<at, fours>>(call, p);
  };
  (try_tile(std::integral_constant<int, Index>()), ...);
  return status;
}

// All chains of a problem, in the tiles that its size gets.
template <class P>
Status chains(const Call& call, const P& p) noexcept {
  if (p.rows == 0 || p.columns == 0) return {};
  constexpr auto tiles = std::make_integer_sequence<int, kTileCount>();
  return p.by_fours() ? launch_tile<true>(call, p, tiles) : launch_tile<false>(call, p, tiles);
}

}  // namespace samebits::simt
