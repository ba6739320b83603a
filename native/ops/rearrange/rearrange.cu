// The CUDA kernel of rearrange.
#include "ops/rearrange/rearrange.h"

#include "simt/rows.h"

namespace samebits {

// An axis as a thread looks at it: its size and its steps divide without an instruction for it.
struct RearrangeAxis {
  rearrange::Axis of;
  simt::Divider size, every;

  // Goes from the number of a place among this axis and those before it to that among those before; false where this one does not
  // read, else `at` goes on by its step.
  __device__ bool take(int& rest, int64_t& at) const {
    const int before = size.quotient(rest), i = rest - before * size.by - static_cast<int>(of.first);
    rest = before;
    if (i < 0 || i >= of.span) return false;
    const int steps = every.quotient(i);
    at += steps * of.stride;
    return steps * every.by == i;
  }
};

struct RearrangeAxes {
  RearrangeAxis list[kMaxRank];
  int count;
};

static Status rearrange_forward(const Call& call) noexcept {
  constexpr int64_t kMost = 0x7fffffff;
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const int64_t values = call.tensors[1].size();
  if (values == 0) return {};
  const rearrange::Axes merged = rearrange::axes_of(call);
  const float fill = call.as<Rearrange>().fill;
  const int64_t offset = call.as<Rearrange>().offset, width = merged.inner().size, rows = values / width;
  if (rows > kMost)
    return refuse(StatusCode::kShape, "rearrange: expected at most %lld rows on a CUDA device, got %lld",
                  static_cast<long long>(kMost), static_cast<long long>(rows));
  RearrangeAxes axes = {};
  axes.count = merged.count;
  for (int a = 0; a < axes.count; ++a) {
    const rearrange::Axis& axis = merged.list[a];
    axes.list[a] = {axis, simt::Divider(axis.size), simt::Divider(axis.every < kMost ? axis.every : kMost)};
  }
  return simt::each_in_rows(call, rows, width, [=] __device__(int64_t row, int64_t column) {
    int64_t at = offset;
    int rest = static_cast<int>(column);
    bool reads = axes.list[axes.count - 1].take(rest, at);
    rest = static_cast<int>(row);
    for (int a = axes.count - 2; a >= 0; --a) reads = axes.list[a].take(rest, at) && reads;
    y[row * width + column] = reads ? x[at] : fill;
  });
}

static constexpr CudaRow kRows[] = {{"rearrange.forward", {{rearrange_forward, rearrange_forward}}}};

extern const CudaColumn rearrange_cuda;
const CudaColumn rearrange_cuda = cuda_column(kRows);

}  // namespace samebits
