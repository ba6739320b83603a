// The CUDA kernels of gather: a thread for each value of y, of dx, and in atomic mode of dy.
#include "ops/gather/gather.h"

#include "simt/join.h"
#include "simt/rows.h"

namespace samebits {

static Status gather_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  const int32_t* index = call.tensors[1].i32();
  float* y = call.tensors[2].f32();
  if (call.tensors[2].size() == 0) return {};
  const gather::Sizes s = gather::sizes_of(call, call.tensors[0], call.tensors[1]);
  const simt::WideDivider by_count(s.count);
  return simt::each_in_rows(call, s.rows * s.count, s.width, [=] __device__(int64_t row, int64_t column) {
    const int64_t outer = by_count.quotient(row), place = gather::inside(index[row - outer * s.count], s.length);
    y[row * s.width + column] = x[(outer * s.length + place) * s.width + column];
  });
}

static Status gather_input_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  const int32_t *order = call.tensors[2].i32(), *starts = call.tensors[3].i32();
  float* dx = call.tensors[4].f32();
  if (call.tensors[4].size() == 0) return {};
  const gather::Sizes s = gather::sizes_of(call, call.tensors[4], call.tensors[1]);
  const simt::WideDivider by_length(s.length);
  return simt::each_in_rows(call, s.rows * s.length, s.width, [=] __device__(int64_t row, int64_t column) {
    const int64_t outer = by_length.quotient(row), place = row - outer * s.length;
    const int64_t end = gather::inside(starts[place + 1], s.count + 1);
    const float* of_column = dy + outer * s.count * s.width + column;
    float chain = 0.0f;
    for (int64_t k = gather::inside(starts[place], s.count + 1); k < end; ++k)
      chain = chain + of_column[gather::inside(order[k], s.count) * s.width];
    dx[row * s.width + column] = chain;
  });
}

static Status gather_input_gradient_atomic(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  const int32_t* index = call.tensors[1].i32();
  float* dx = call.tensors[4].f32();
  const Status status = simt::clear(call, dx, call.tensors[4].size());
  if (!status.ok() || call.tensors[0].size() == 0) return status;
  const gather::Sizes s = gather::sizes_of(call, call.tensors[4], call.tensors[1]);
  const simt::WideDivider by_count(s.count);
  return simt::each_in_rows(call, s.rows * s.count, s.width, [=] __device__(int64_t row, int64_t column) {
    const int64_t outer = by_count.quotient(row), place = gather::inside(index[row - outer * s.count], s.length);
    atomicAdd(dx + (outer * s.length + place) * s.width + column, dy[row * s.width + column]);
  });
}

static constexpr CudaRow kRows[] = {
    {"gather.forward", {{gather_forward, gather_forward}}},
    {"gather.inputGradient", {{gather_input_gradient, gather_input_gradient_atomic}}},
};

extern const CudaColumn gather_cuda;
const CudaColumn gather_cuda = cuda_column(kRows);

}  // namespace samebits
