// The CUDA kernels of average_pool2d, forward and backward: a thread per output, per input for the gradient.
#include "ops/average_pool2d/average_pool2d.h"

#include "simt/windows.h"

namespace samebits {

using simt::Place;
using simt::Span;
using simt::WindowAxis;
using simt::Windows;

// How much of the padding counts before and behind the inputs of an axis.
struct Margin {
  int before, behind;

  // How many places a window covers: inputs, and padding that counts.
  __device__ int64_t places(const WindowAxis& axis, int output) const {
    const int first = axis.first(output), end = first + axis.kernel;
    return (end < axis.inputs + behind ? end : axis.inputs + behind) - (first > -before ? first : -before);
  }
};

// What the sum of a window is divided by.
struct Counted {
  Margin rows, columns;

  explicit Counted(const Pool2d& s) noexcept
      : rows{static_cast<int>(s.count_top), static_cast<int>(s.count_bottom)},
        columns{static_cast<int>(s.count_left), static_cast<int>(s.count_right)} {}
  __device__ float of(const Windows& g, int oh, int ow) const {
    return static_cast<float>(rows.places(g.h, oh) * columns.places(g.w, ow));
  }
};

static Status average_pool2d_forward(const Call& call) noexcept {
  const View &of_x = call.tensors[0], &of_y = call.tensors[1];
  const Status status = simt::check_windows("average_pool2d", call.as<Pool2d>(), of_x, of_y);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(call.as<Pool2d>(), of_x, of_y);
  const Counted counted(call.as<Pool2d>());
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
    y[i] = sum / counted.of(g, p.row, p.column);
  });
}

// Both modes gather: one owner for each input costs less than an addition of its own for each tap of a window.
static Status average_pool2d_input_gradient(const Call& call) noexcept {
  const View &of_dy = call.tensors[0], &of_dx = call.tensors[1];
  const Status status = simt::check_windows("average_pool2d", call.as<Pool2d>(), of_dx, of_dy);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(call.as<Pool2d>(), of_dx, of_dy);
  const Counted counted(call.as<Pool2d>());
  const float* dy = of_dy.f32();
  float* dx = of_dx.f32();
  return simt::each(call, g.inputs, [=] __device__(int64_t i) {
    const Place p = g.x.at(i);
    const Span rows = g.h.covering(p.row), columns = g.w.covering(p.column);
    const float* of_sample = dy + g.y.first(p.sample);
    float sum = 0.0f;
    for (int oh = rows.begin; oh < rows.end; ++oh)
      for (int ow = columns.begin; ow < columns.end; ++ow)
        sum = sum + of_sample[g.y.of(oh, ow, p.channel)] / counted.of(g, oh, ow);
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
