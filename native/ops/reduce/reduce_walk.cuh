// How the CUDA kernels of reduce find the elements of x that belong to an output, and the outputs that elements belong to.
#pragma once

#include "ops/reduce/reduce.h"
#include "simt/divider.h"
#include "simt/lanes.h"

namespace samebits {

using reduce_contract::Layout;

// Where the elements of some runs of axes lie, counted in row-major order: nothing divides.
struct Walk {
  int runs = 0;  // the fastest first
  int64_t stride[kMaxRank] = {};
  simt::Divider length[kMaxRank];

  __device__ int64_t offset(int64_t index) const {
    if (runs == 1) return index * stride[0];
    int64_t offset = 0;
    for (int run = 0, rest = static_cast<int>(index); run < runs; ++run) {
      const int next = length[run].quotient(rest);
      offset += (rest - next * length[run].by) * stride[run];
      rest = next;
    }
    return offset;
  }
};

// Through x over the reduced runs, over the kept ones, or (gradient) over all, of which the reduced ones stay where they are in y.
enum class Over { kReduced, kKept, kAll };
static Status walk_of(const Layout& layout, Over over, Walk* walk) noexcept {
  int64_t in_x = 1, in_y = 1, count = 1;
  for (int run = layout.runs - 1; run >= 0; --run) {
    const int64_t length = layout.length[run];
    const bool reduced = layout.reduced[run];
    if (over == Over::kAll || reduced == (over == Over::kReduced)) {
      walk->stride[walk->runs] = over != Over::kAll ? in_x : reduced ? 0 : in_y;
      if (length < int64_t{1} << 31) walk->length[walk->runs] = simt::Divider(simt::most(1, length));
      ++walk->runs;
      count *= length;
    }
    in_x *= length;
    if (!reduced) in_y *= length;
  }
  if (walk->runs < 2 || count < int64_t{1} << 31) return {};
  return refuse(StatusCode::kArgument, "reduce: expected fewer than 2^31 elements along axes that do not lie together on a CUDA device, got %lld",
                static_cast<long long>(count));
}

}  // namespace samebits
