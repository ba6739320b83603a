// An elementwise kernel on the tensors of several calls, one launch for all of them.
#pragma once

#include "simt/launch.h"

namespace samebits::simt {

// The tensors of the calls, by value among the parameters of a launch, which hold 4 KiB.
template <int kTensors>
struct TensorTable {
  float* tensors[kMostTogether][kTensors];
  int64_t size[kMostTogether];
  uint32_t first[kMostTogether];  // block of the call
  int count = 0;
};

template <int kTensors, class F>
__global__ void multi_tensor_kernel(TensorTable<kTensors> table, F f) {
  int at = 0;  // the last call whose first block is not behind this one
  for (int step = kMostTogether / 2; step > 0; step /= 2)
    if (at + step < table.count && table.first[at + step] <= blockIdx.x) at += step;
  const int64_t i = static_cast<int64_t>(blockIdx.x - table.first[at]) * kThreads + threadIdx.x;
  if (i >= table.size[at]) return;
  float* tensors[kTensors];
#pragma unroll
  for (int k = 0; k < kTensors; ++k) tensors[k] = table.tensors[at][k];
  f(tensors, i);
}

// f(tensors, i) for every element i of the first tensor of every call, with that call's tensors in the order of the contract,
// null where not given.
template <int kTensors, class F>
Status each_of_calls(const Call& call, F f) noexcept {
  static_assert(sizeof(TensorTable<kTensors>) + sizeof(F) <= 4096 && (kMostTogether & (kMostTogether - 1)) == 0);
  TensorTable<kTensors> table;
  int64_t blocks = 0;
  for (int other = -1; other < call.other_count; ++other) {
    const Call& one = other < 0 ? call : call.others[other];
    table.first[table.count] = static_cast<uint32_t>(blocks);
    table.size[table.count] = one.tensors[0].size();
    for (int k = 0; k < kTensors; ++k) table.tensors[table.count][k] = one.tensors[k].f32();
    blocks += ceil_div(table.size[table.count++], kThreads);
    if (blocks > 0x7fffffff) break;  // launch refuses them
  }
  return launch(call, multi_tensor_kernel<kTensors, F>, blocks, kThreads, 0, table, f);
}

}  // namespace samebits::simt
