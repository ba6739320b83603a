// The CUDA kernels of average_pool2d, forward and backward: a thread per output, per input for the gradient.
#include "ops/average_pool2d/average_pool2d.h"

#include "simt/join.h"
#include "simt/windows.h"

namespace samebits {

using simt::Place;
using simt::Span;
using simt::Windows;

__device__ static float inputs_of(const Windows& g, int64_t oh, int64_t ow) {
  const Span rows = g.h.covered(oh), columns = g.w.covered(ow);
  return static_cast<float>((rows.end - rows.begin) * (columns.end - columns.begin));
}

static Status average_pool2d_forward(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  return simt::each(call, g.outputs(), [=] __device__(int64_t i) {
    const Place p = g.output_place(i);
    const Span rows = g.h.covered(p.row), columns = g.w.covered(p.column);
    float sum = 0.0f;
    for (int64_t row = rows.begin; row < rows.end; ++row)
      for (int64_t column = columns.begin; column < columns.end; ++column) sum = sum + x[g.input(p, row, column)];
    y[i] = sum / inputs_of(g, p.row, p.column);
  });
}

static Status average_pool2d_input_gradient(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  return simt::each(call, g.inputs(), [=] __device__(int64_t i) {
    const Place p = g.input_place(i);
    const Span rows = g.h.covering(p.row), columns = g.w.covering(p.column);
    float sum = 0.0f;
    for (int64_t oh = rows.begin; oh < rows.end; ++oh)
      for (int64_t ow = columns.begin; ow < columns.end; ++ow)
        sum = sum + dy[g.output(p, oh, ow)] / inputs_of(g, oh, ow);
    dx[i] = sum;
  });
}

static Status average_pool2d_input_gradient_atomic(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
  if (!g.overlap()) return average_pool2d_input_gradient(call);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const Status status = simt::clear(call, dx, g.inputs());
  if (!status.ok()) return status;
  return simt::each(call, g.outputs(), [=] __device__(int64_t i) {
    const Place p = g.output_place(i);
    const Span rows = g.h.covered(p.row), columns = g.w.covered(p.column);
    const float share = dy[i] / inputs_of(g, p.row, p.column);
    for (int64_t row = rows.begin; row < rows.end; ++row)
      for (int64_t column = columns.begin; column < columns.end; ++column)
        atomicAdd(dx + g.input(p, row, column), share);
  });
}

static constexpr CudaRow kRows[] = {
    {"average_pool2d.forward", {{average_pool2d_forward, average_pool2d_forward}}},
    {"average_pool2d.inputGradient", {{average_pool2d_input_gradient, average_pool2d_input_gradient_atomic}}},
};

extern const CudaColumn average_pool2d_cuda;
const CudaColumn average_pool2d_cuda = cuda_column(kRows);

}  // namespace samebits
