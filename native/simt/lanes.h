// Sums along memory on the device, rule 4 of the contract: element i of a chunk of 4096 in lane i mod 16, each lane one
// chain, lanes joined by the join tree, then the chunks.
#pragma once

#include "simt/join.h"
#include "simt/shared.h"

namespace samebits::simt {

inline constexpr int kLanes = static_cast<int>(kSumLanes);
inline constexpr int kTeams = kThreads / kLanes;  // rows a block of kThreads works on, sixteen threads each

// Sixteen threads that sum one row together; lane of the sum and lane of the team are the same.
struct Team {
  int64_t row;
  int lane;
};
__device__ inline Team team_of_thread() {
  return {static_cast<int64_t>(blockIdx.x) * kTeams + threadIdx.x / kLanes, static_cast<int>(threadIdx.x) % kLanes};
}
inline constexpr size_t kTeamBytes = kThreads * sizeof(float);  // shared memory of such a block

// The sum over `count` elements, the same in every thread of the team: step(chain, i) adds element i. Every thread of
// the block has to call it with the same count; a team without a row gives a step that reads nothing.
template <class Step>
__device__ float team_sum(int lane, int64_t count, Step step) {
  Shared cells;
  const int first = static_cast<int>(threadIdx.x) - lane;
  RunningTree<48> chunks;
  for (int64_t begin = 0; begin < count; begin += kMemoryChunk) {
    const int64_t end = least(count, begin + kMemoryChunk);
    float chain = 0.0f;
    for (int64_t i = begin + lane; i < end; i += kLanes) chain = step(chain, i);
    cells.put(first + lane, chain);
    __syncthreads();
    RunningTree<> lanes;
    for (int k = 0; k < kLanes; ++k) lanes.push(cells.get(first + k));
    chunks.push(lanes.joined());
    __syncthreads();
  }
  return chunks.joined();
}

// The lanes of the sums over [sums, count], value(sum, i): out [sums, chunks, 16], or added to one value at once.
template <Mode mode, class F>
__global__ void lane_kernel(int64_t sums, int64_t count, int64_t chunks, float* out, F value) {
  const int64_t at = thread_number();
  if (at >= sums * chunks * kLanes) return;
  const int64_t lane = at % kLanes, chunk = at / kLanes % chunks, sum = at / kLanes / chunks;
  const int64_t end = least(count, (chunk + 1) * kMemoryChunk);
  float chain = 0.0f;
  for (int64_t i = chunk * kMemoryChunk + lane; i < end; i += kLanes) chain = chain + value(sum, i);
  if constexpr (mode == Mode::kAtomic)
    atomicAdd(out, chain);
  else
    out[at] = chain;
}

__global__ static void divide_kernel(float* values, int64_t n, float by) {
  const int64_t i = thread_number();
  if (i < n) values[i] = values[i] / by;
}
inline Status divide(const Call& call, float* values, int64_t n, float by) noexcept {
  return launch(call, divide_kernel, ceil_div(n, kThreads), kThreads, 0, values, n, by);
}

// What every loss is: the mean over samples of each sample's mean of value(sample, i). Atomic: lanes are added to the
// result as they arrive, then divided by both numbers.
template <Mode mode, class F>
Status batch_mean(const Call& call, int64_t samples, int64_t values, float* mean, F value) noexcept {
  const int64_t chunks = most(1, ceil_div(values, kMemoryChunk)), lanes = samples * chunks * kLanes;
  constexpr bool atomic = mode == Mode::kAtomic;
  float* partials = atomic ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(lanes));
  float* means = atomic ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(samples));
  if (!atomic && (partials == nullptr || means == nullptr)) return out_of_memory("batch_mean");
  Status status = atomic ? clear(call, mean, 1) : Status{};
  if (status.ok())
    status = launch(call, lane_kernel<mode, F>, ceil_div(lanes, kThreads), kThreads, 0, samples, values, chunks,
                    atomic ? mean : partials, value);
  if (status.ok() && !atomic) {
    const float* joined = nullptr;
    status = join(call, partials, samples * chunks, kLanes, 1, &joined);
    if (status.ok()) status = join_into(call, joined, samples, chunks, 1, means);
    if (status.ok()) status = divide(call, means, samples, static_cast<float>(values));
    if (status.ok()) status = join_into(call, means, 1, samples, 1, mean);
  } else if (status.ok()) {
    status = divide(call, mean, 1, static_cast<float>(values));
  }
  return status.ok() ? divide(call, mean, 1, static_cast<float>(samples)) : status;
}

}  // namespace samebits::simt
