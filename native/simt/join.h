// The join tree on the device. Any 64 items that start at a multiple of 64 are a whole subtree, so they are joined by
// one thread per column, and what comes out is joined again until one item is left. The number of passes follows from
// the number of items alone.
#pragma once

#include "simt/launch.h"

namespace samebits::simt {

inline constexpr int64_t kJoined = 64;  // items one thread joins
inline constexpr int kJoinLevels = 8;   // join_levels(64) and one to spare

// A join tree of items that arrive one by one: `push` each, then `joined` once. At most 2^(kLevels - 1) items.
template <int kLevels = kJoinLevels>
class RunningTree {
 public:
  __device__ void push(float sum) {
    int level = 0;
    for (; (count_ >> level & 1) != 0; ++level) sum = open_[level] + sum;
    open_[level] = sum;
    ++count_;
  }
  // +0 where nothing arrived.
  __device__ float joined() const {
    if (count_ == 0) return 0.0f;
    int level = 0;
    while ((count_ >> level & 1) == 0) ++level;
    float sum = open_[level];
    for (++level; (count_ >> level) != 0; ++level)
      if ((count_ >> level & 1) != 0) sum = open_[level] + sum;
    return sum;
  }

 private:
  float open_[kLevels];
  int64_t count_ = 0;
};

// items [segments, count, width] to out [segments, groups, width].
__global__ static void join_kernel(const float* items, int64_t segments, int64_t count, int64_t width, int64_t groups,
                                   float* out) {
  const int64_t i = thread_number();
  if (i >= segments * groups * width) return;
  const int64_t column = i % width, group = i / width % groups, segment = i / width / groups;
  const int64_t end = least(count, (group + 1) * kJoined);
  RunningTree<> tree;
  for (int64_t item = group * kJoined; item < end; ++item) tree.push(items[(segment * count + item) * width + column]);
  out[i] = tree.joined();
}

// Joins items [segments, count, width] along `count` (>= 1) into *joined [segments, width], which is `items` itself or
// scratch memory.
inline Status join(const Call& call, const float* items, int64_t segments, int64_t count, int64_t width,
                   const float** joined) noexcept {
  while (count > 1) {
    const int64_t groups = ceil_div(count, kJoined), results = segments * groups * width;
    float* out = call.context->scratch_of<float>(static_cast<size_t>(results));
    if (out == nullptr) return out_of_memory("join");
    const Status status =
        launch(call, join_kernel, ceil_div(results, kThreads), kThreads, 0, items, segments, count, width, groups, out);
    if (!status.ok()) return status;
    items = out;
    count = groups;
  }
  *joined = items;
  return {};
}

// join, with the results written to `out` [segments, width].
inline Status join_into(const Call& call, const float* items, int64_t segments, int64_t count, int64_t width,
                        float* out) noexcept {
  const float* joined = nullptr;
  const Status status = join(call, items, segments, count, width, &joined);
  if (!status.ok()) return status;
  return check_cuda("a copy", cudaMemcpyAsync(out, joined, static_cast<size_t>(segments * width) * sizeof(float),
                                              cudaMemcpyDeviceToDevice, stream_of(call)));
}

inline Status clear(const Call& call, float* out, int64_t count) noexcept {
  if (count <= 0) return {};
  return check_cuda("clearing memory",
                    cudaMemsetAsync(out, 0, static_cast<size_t>(count) * sizeof(float), stream_of(call)));
}

}  // namespace samebits::simt
