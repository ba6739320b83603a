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

// The join of the chains of a team, the same in every thread of it. Every thread of the block has to call it.
__device__ inline float team_join(int lane, float chain) {
  Shared cells;
  const int first = static_cast<int>(threadIdx.x) - lane;
  cells.put(first + lane, chain);
  __syncthreads();
  RunningTree<> lanes;
  for (int k = 0; k < kLanes; ++k) lanes.push(cells.get(first + k));
  __syncthreads();
  return lanes.joined();
}

// The sum over `count` elements, the same in every thread of the team: step(chain, i) adds element i. Every thread of
// the block has to call it with the same count; a team without a row gives a step that reads nothing. Of a long row kParts teams
// take a chunk each; `lane` then counts the threads of all.
template <int kParts = 1, class Step>
__device__ float team_sum(int lane, int64_t count, Step step) {
  Shared cells;
  const int first = static_cast<int>(threadIdx.x) - lane, part = lane / kLanes;
  RunningTree<48> chunks;
  for (int64_t begin = 0; begin < count; begin += kParts * kMemoryChunk) {
    const int64_t mine = begin + part * kMemoryChunk, end = least(count, mine + kMemoryChunk);
    float chain = 0.0f;
    for (int64_t i = mine + lane % kLanes; i < end; i += kLanes) chain = step(chain, i);
    cells.put(first + lane, chain);
    __syncthreads();
    for (int p = 0; p < kParts && begin + p * kMemoryChunk < count; ++p) {
      RunningTree<> lanes;
      for (int k = 0; k < kLanes; ++k) lanes.push(cells.get(first + p * kLanes + k));
      chunks.push(lanes.joined());
    }
    __syncthreads();
  }
  return chunks.joined();
}

// The sums of the chunks of sums over [sums, count], value(sum, i): out [sums, chunks], or lanes added to one value at once.
template <Mode mode, class F>
__global__ void chunk_sum_kernel(int64_t sums, int64_t count, int64_t chunks, float* out, F value) {
  const Team team = team_of_thread();
  const bool mine = team.row < sums * chunks;
  const int64_t sum = team.row / chunks, begin = (team.row - sum * chunks) * kMemoryChunk;
  const int64_t end = mine ? least(count, begin + kMemoryChunk) : 0;
  float chain = 0.0f;
  for (int64_t i = begin + team.lane; i < end; i += kLanes) chain = chain + value(sum, i);
  if constexpr (mode == Mode::kAtomic) {
    if (mine) atomicAdd(out, chain);
  } else {
    const float joined = team_join(team.lane, chain);
    if (mine && team.lane == 0) out[team.row] = joined;
  }
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
  const int64_t chunks = most(1, ceil_div(values, kMemoryChunk)), teams = ceil_div(samples * chunks, kTeams);
  const float of_sample = static_cast<float>(values), of_batch = static_cast<float>(samples);
  if constexpr (mode == Mode::kAtomic) {
    Status status = clear(call, mean, 1);
    if (status.ok())
      status = launch(call, chunk_sum_kernel<mode, F>, teams, kThreads, 0, samples, values, chunks, mean, value);
    if (status.ok()) status = divide(call, mean, 1, of_sample);
    return status.ok() ? divide(call, mean, 1, of_batch) : status;
  }
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(samples * chunks));
  float* means = call.context->scratch_of<float>(static_cast<size_t>(samples));
  if (partials == nullptr || means == nullptr) return out_of_memory("batch_mean");
  Status status =
      launch(call, chunk_sum_kernel<mode, F>, teams, kThreads, kTeamBytes, samples, values, chunks, partials, value);
  if (status.ok()) status = join_into(call, partials, samples, chunks, 1, Results{means, of_sample});
  return status.ok() ? join_into(call, means, 1, samples, 1, Results{mean, of_batch}) : status;
}

}  // namespace samebits::simt
