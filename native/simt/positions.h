// Sums over positions and samples on the device, rules 2 and 3 of the contract: the plain sum of each column, and how
// the sums of chunks come together.
#pragma once

#include "simt/chunks.h"
#include "simt/join.h"

namespace samebits::simt {

// items [samples, chunks, width]: chunks joined, then samples, into out [width].
inline Status join_chunks(const Call& call, const float* items, int64_t samples, int64_t chunks, int64_t width,
                          const Results& out) noexcept {
  if (samples == 1) return join_into(call, items, 1, chunks, width, out);
  float* joined = nullptr;
  if (chunks > 1) {
    joined = call.context->scratch_of<float>(static_cast<size_t>(samples * width));
    if (joined == nullptr) return out_of_memory("join");
    const Status status = join_into(call, items, samples, chunks, width, joined);
    if (!status.ok()) return status;
  }
  return join_into(call, chunks > 1 ? joined : items, 1, chunks > 0 ? samples : 0, width, out);
}
inline Status join_chunks(const Call& call, const float* items, int64_t samples, int64_t chunks, int64_t width,
                          float* out) noexcept {
  return join_chunks(call, items, samples, chunks, width, Results{out});
}

// The sum of each column of each chunk: to items, or added to the result.
template <Mode mode>
struct ColumnSums {
  static constexpr int kValues = 1;
  const float* dy;
  int64_t width;
  float* out;

  struct Column {};
  using Values = float;
  using Chain = float;
  __device__ Column column(int64_t) const { return {}; }
  __device__ Values load(int64_t i) const { return dy[i]; }
  __device__ void put(Column, Values value, float (&numbers)[1]) const { numbers[0] = value; }
  template <class Get>
  __device__ void add(Chain& chain, int rows, Get get) const {
#pragma unroll 8
    for (int row = 0; row < rows; ++row) chain = chain + get(row, 0);
  }
  __device__ void end(Chain chain, int, int64_t item, int64_t c) const {
    if constexpr (mode == Mode::kAtomic)
      atomicAdd(out + c, chain);
    else
      out[item * width + c] = chain;
  }
};

// A bias gradient: dy [samples, positions, width] to db [width]. Atomic: chunks are added as they arrive.
template <Mode mode>
Status column_sums(const Call& call, const float* dy, int64_t samples, int64_t positions, int64_t width,
                   float* db) noexcept {
  const ChunkShape s(samples, positions, width);
  constexpr bool atomic = mode == Mode::kAtomic;
  float* items = atomic ? db : place_of_items(call, s.items(), width, db);
  if (items == nullptr) return out_of_memory("column_sums");
  Status status = atomic ? clear(call, db, width) : Status{};
  if (status.ok()) status = each_chunk(call, s, ColumnSums<mode>{dy, width, items});
  return status.ok() && !atomic ? join_chunks(call, items, samples, s.chunks, width, db) : status;
}

}  // namespace samebits::simt
