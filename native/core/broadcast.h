// Tensors that broadcast to the shape of another: axes aligned at the last one, lengths equal or 1, a missing axis is one of
// length 1. Axes that lie together in every tensor are one, so a kernel walks few rows.
#pragma once

#include "core/kernel.h"

namespace samebits {

inline constexpr int kMostBroadcast = 3;  // tensors that a kernel broadcasts at most

// `stride` is in values, 0 along an axis of length 1; along the last axis it is 0 or 1.
struct BroadcastAxes {
  int64_t size[kMaxRank] = {1};
  int64_t stride[kMostBroadcast][kMaxRank] = {};
  int count = 1;

  int64_t width() const noexcept { return size[count - 1]; }
};

// Whether x broadcasts to the shape of y.
inline bool broadcasts(const View& x, const View& y) noexcept {
  for (int axis = 0; axis < x.rank; ++axis) {
    const int of = y.rank - x.rank + axis;
    if (of < 0 || (x.shape[axis] != 1 && x.shape[axis] != y.shape[of])) return false;
  }
  return true;
}

// The axes of y with the strides of the first `count` tensors, which broadcast to it.
inline BroadcastAxes broadcast_axes(const View* tensors, int count, const View& y) noexcept {
  BroadcastAxes axes;
  int64_t next[kMostBroadcast];
  for (int t = 0; t < count; ++t) next[t] = tensors[t].size();
  int kept = 0;
  for (int of = 0; of < y.rank; ++of) {
    int64_t stride[kMostBroadcast] = {};
    for (int t = 0; t < count; ++t) {
      const int axis = of - (y.rank - tensors[t].rank);
      const int64_t length = axis < 0 ? 1 : tensors[t].shape[axis];
      if (length > 1) stride[t] = next[t] /= length;
    }
    if (y.shape[of] == 1) continue;
    bool together = kept > 0;
    for (int t = 0; t < count; ++t) together = together && axes.stride[t][kept - 1] == stride[t] * y.shape[of];
    const int at = together ? kept - 1 : kept;
    axes.size[at] = together ? axes.size[at] * y.shape[of] : y.shape[of];
    for (int t = 0; t < count; ++t) axes.stride[t][at] = stride[t];
    kept = at + 1;
  }
  axes.count = kept > 0 ? kept : 1;
  return axes;
}

}  // namespace samebits
