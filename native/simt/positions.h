// Sums over positions and samples on the device, rules 2 and 3 of the contract: the plain sum of each column, and how
// the sums of chunks come together.
#pragma once

#include "simt/divider.h"
#include "simt/join.h"

namespace samebits::simt {

// items [samples, chunks, width]: chunks joined, then samples, into out [width].
inline Status join_chunks(const Call& call, const float* items, int64_t samples, int64_t chunks, int64_t width,
                          float* out) noexcept {
  const float* joined = nullptr;
  const Status status = join(call, items, samples, chunks, width, &joined);
  return status.ok() ? join_into(call, joined, 1, samples, width, out) : status;
}

// A thread for each column of each chunk of each sample of dy [samples, positions, width]: to items, or added to the result.
template <Mode mode>
__global__ void column_sums_kernel(const float* dy, int64_t samples, int64_t positions, WideDivider by_chunks,
                                   WideDivider by_width, float* out) {
  const int64_t at = thread_number(), chunks = by_chunks.by, width = by_width.by;
  if (at >= samples * chunks * width) return;
  const int64_t row = by_width.quotient(at), column = at - row * width;
  const int64_t sample = by_chunks.quotient(row), chunk = row - sample * chunks;
  const int64_t end = least(positions, (chunk + 1) * kPositionChunk);
  float sum = 0.0f;
  for (int64_t p = chunk * kPositionChunk; p < end; ++p) sum = sum + dy[(sample * positions + p) * width + column];
  if constexpr (mode == Mode::kAtomic)
    atomicAdd(out + column, sum);
  else
    out[at] = sum;
}

// A bias gradient: dy [samples, positions, width] to db [width]. Atomic: chunks are added as they arrive.
template <Mode mode>
Status column_sums(const Call& call, const float* dy, int64_t samples, int64_t positions, int64_t width,
                   float* db) noexcept {
  const int64_t chunks = ceil_div(positions, kPositionChunk), count = samples * chunks * width;
  constexpr bool atomic = mode == Mode::kAtomic;
  float* items = atomic ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(count));
  if (!atomic && items == nullptr) return out_of_memory("column_sums");
  Status status = atomic ? clear(call, db, width) : Status{};
  if (status.ok())
    status = launch(call, column_sums_kernel<mode>, ceil_div(count, kThreads), kThreads, 0, dy, samples, positions,
                    WideDivider(chunks), WideDivider(width), atomic ? db : items);
  return status.ok() && !atomic ? join_chunks(call, items, samples, chunks, width, db) : status;
}

}  // namespace samebits::simt
