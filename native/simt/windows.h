// Windows of pooling over NHWC pictures, as a kernel sees them: which inputs a window covers, and which windows cover
// an input. One thread has one element; elements are numbered with the channels fastest.
#pragma once

#include "core/pool2d.h"
#include "simt/launch.h"

namespace samebits::simt {

struct Span {
  int64_t begin, end;
};

// One axis of a window.
struct WindowAxis {
  int64_t inputs, outputs, kernel, stride, pad;

  __device__ Span covered(int64_t output) const {
    return {most(0, output * stride - pad), least(inputs, output * stride - pad + kernel)};
  }
  __device__ Span covering(int64_t input) const {
    const int64_t first = input + pad - kernel + 1;
    return {first > 0 ? ceil_div(first, stride) : 0, least(outputs, (input + pad) / stride + 1)};
  }
};

struct Place {
  int64_t sample, row, column, channel;
};

struct Windows {
  WindowAxis h, w;
  int64_t samples, channels;

  bool overlap() const { return h.stride < h.kernel || w.stride < w.kernel; }
  int64_t inputs() const { return samples * h.inputs * w.inputs * channels; }
  int64_t outputs() const { return samples * h.outputs * w.outputs * channels; }

  __device__ static Place place(int64_t at, int64_t height, int64_t width, int64_t channels) {
    const int64_t pixel = at / channels, line = pixel / width;
    return {line / height, line % height, pixel % width, at % channels};
  }
  __device__ Place input_place(int64_t at) const { return place(at, h.inputs, w.inputs, channels); }
  __device__ Place output_place(int64_t at) const { return place(at, h.outputs, w.outputs, channels); }
  __device__ int64_t input(const Place& p, int64_t row, int64_t column) const {
    return ((p.sample * h.inputs + row) * w.inputs + column) * channels + p.channel;
  }
  __device__ int64_t output(const Place& p, int64_t row, int64_t column) const {
    return ((p.sample * h.outputs + row) * w.outputs + column) * channels + p.channel;
  }
};

inline Windows windows_of(const Pool2d& s, const View& x, const View& y) noexcept {
  return {{x.shape[1], y.shape[1], s.kernel_h, s.stride_h, s.pad_top},
          {x.shape[2], y.shape[2], s.kernel_w, s.stride_w, s.pad_left},
          x.shape[0],
          x.shape[3]};
}

}  // namespace samebits::simt
