// Products of few columns and many terms, each chain of one thread: the other threads of its block fetch the terms that come next.
#pragma once

#include "core/numerics.h"
#include "simt/divider.h"
#include "simt/fused.h"
#include "simt/launch.h"
#include "simt/shared.h"

namespace samebits {

static constexpr int kFewColumns = 16, kFewRows = 1024, kManyTerms = 256;
static constexpr int kChainThreads = 32;  // those that may have a chain; the rest of the block fetches

static bool are_long_chains(int64_t rows, int64_t columns, int64_t terms) noexcept {
  return columns > 0 && columns <= kFewColumns && rows <= kFewRows && terms >= kManyTerms;
}

// Rows of a by the columns of b.
struct LongChains {
  int64_t terms;
  int columns, slab;  // terms in shared memory at once, a multiple of 4
  simt::Divider by_columns;
  const float *a, *b, *bias;
  float* out;
  Fused fused;

  // Floats from the terms of one column to those of the next, and of a whole slab.
  SAMEBITS_DEVICE int stride() const { return slab + 4; }
  SAMEBITS_DEVICE int buffer() const { return stride() * (columns + 1); }

  // Terms from `begin` on: those of the row, then those of each column.
  __device__ void fetch(simt::Shared cells, int64_t row, int64_t begin) const {
    const int count = static_cast<int>(simt::least(slab, terms - begin));
    const float *x = a + row * terms + begin, *w = b + begin * columns;
    const int first = static_cast<int>(threadIdx.x) - kChainThreads, step = simt::kThreads - kChainThreads;
#pragma unroll 4
    for (int k = first; k < count; k += step) cells.put(k, x[k]);
#pragma unroll 4
    for (int e = first; e < count * columns; e += step) {
      const int k = by_columns.quotient(e);
      cells.put(stride() * (1 + e - k * columns) + k, w[e]);
    }
  }

  // Adds the terms of a slab to the chain of a column.
  __device__ float add(const simt::Shared& cells, int64_t begin, int column, float chain) const {
    const int count = static_cast<int>(simt::least(slab, terms - begin)), whole = count / 4 * 4, right = stride() * (1 + column);
#pragma unroll 8
    for (int k = 0; k < whole; k += 4) {
      float x[4], w[4];
      cells.get_row(k, x);
      cells.get_row(right + k, w);
#pragma unroll
      for (int j = 0; j < 4; ++j) chain = numerics::fma(x[j], w[j], chain);
    }
    for (int k = whole; k < count; ++k) chain = numerics::fma(cells.get(k), cells.get(right + k), chain);
    return chain;
  }
};

__global__ static void long_chains_kernel(LongChains p) {
  const int64_t row = blockIdx.x;
  const int thread = static_cast<int>(threadIdx.x), column = thread;
  const bool fetches = thread >= kChainThreads;
  float chain = 0.0f;
  if (fetches) p.fetch(simt::Shared(), row, 0);
  __syncthreads();
  for (int64_t begin = 0, turn = 0; begin < p.terms; begin += p.slab, turn ^= 1) {
    const simt::Shared now(static_cast<int>(turn) * p.buffer()), next(static_cast<int>(turn ^ 1) * p.buffer());
    if (fetches && begin + p.slab < p.terms) p.fetch(next, row, begin + p.slab);
    if (!fetches && column < p.columns) chain = p.add(now, begin, column, chain);
    __syncthreads();
  }
  if (fetches || column >= p.columns) return;
  if (p.bias != nullptr) chain = chain + p.bias[column];
  p.out[row * p.columns + column] = simt::activated(p.fused, chain);
}

static Status long_chains(const Call& call, LongChains p, int64_t rows) noexcept {
  p.slab = p.columns > 4 ? 256 : 1024;
  p.by_columns = simt::Divider(p.columns);
  const size_t bytes = 2 * static_cast<size_t>(p.buffer()) * sizeof(float);
  return simt::launch(call, long_chains_kernel, rows, simt::kThreads, bytes, p);
}

}  // namespace samebits
