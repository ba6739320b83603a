// The CUDA kernels of average_pool2d, forward and backward: a thread per output, per input for the gradient.
#include "ops/average_pool2d/average_pool2d.h"

#include "simt/windows.h"

namespace samebits {

using simt::Place;
using simt::Span;
using simt::Windows;

__device__ static float inputs_of(const Windows& g, int oh, int ow) {
  const Span rows = g.h.covered(oh), columns = g.w.covered(ow);
  return static_cast<float>((rows.end - rows.begin) * (columns.end - columns.begin));
}

static Status average_pool2d_forward(const Call& call) noexcept {
  const View &of_x = call.tensors[0], &of_y = call.tensors[1];
  const Status status = simt::check_windows("average_pool2d", call.as<Pool2d>(), of_x, of_y);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(call.as<Pool2d>(), of_x, of_y);
  const float* x = of_x.f32();
  float* y = of_y.f32();
  return simt::each(call, g.outputs, [=] __device__(int64_t i) {
    const Place p = g.y.at(i);
    const Span rows = g.h.covered(p.row), columns = g.w.covered(p.column);
    const float* of_sample = x + g.x.first(p.sample);
    float sum = 0.0f;
    for (int row = rows.begin; row < rows.end; ++row)
      for (int column = columns.begin; column < columns.end; ++column)
        sum = sum + of_sample[g.x.of(row, column, p.channel)];
    y[i] = sum / inputs_of(g, p.row, p.column);
  });
}

// Both modes gather: one owner for each input costs less than an addition of its own for each tap of a window.
static Status average_pool2d_input_gradient(const Call& call) noexcept {
  const View &of_dy = call.tensors[0], &of_dx = call.tensors[1];
  const Status status = simt::check_windows("average_pool2d", call.as<Pool2d>(), of_dx, of_dy);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(call.as<Pool2d>(), of_dx, of_dy);
  const float* dy = of_dy.f32();
  float* dx = of_dx.f32();
  return simt::each(call, g.inputs, [=] __device__(int64_t i) {
    const Place p = g.x.at(i);
    const Span rows = g.h.covering(p.row), columns = g.w.covering(p.column);
    const float* of_sample = dy + g.y.first(p.sample);
    float sum = 0.0f;
    for (int oh = rows.begin; oh < rows.end; ++oh)
      for (int ow = columns.begin; ow < columns.end; ++ow)
        sum = sum + of_sample[g.y.of(oh, ow, p.channel)] / inputs_of(g, oh, ow);
    dx[i] = sum;
  });
}

static constexpr CudaRow kRows[] = {
    {"average_pool2d.forward", {{average_pool2d_forward, average_pool2d_forward}}},
    {"average_pool2d.inputGradient", {{average_pool2d_input_gradient, average_pool2d_input_gradient}}},
};

extern const CudaColumn average_pool2d_cuda;
const CudaColumn average_pool2d_cuda = cuda_column(kRows);

}  // namespace samebits
