// Where the taps of a convolution lie, as its CUDA kernels see it. Counts within one sample or one weight are 32-bit, so that
// the kernels divide quickly; check_counts refuses what does not fit.
#pragma once

#include "ops/conv2d/conv2d.h"
#include "simt/launch.h"

namespace samebits {

using conv2d_contract::Settings;

// One axis of the window.
struct ConvAxis {
  int inputs, outputs, taps, stride, dilation, pad;

  __device__ int input(int output, int tap) const { return output * stride - pad + tap * dilation; }
  __device__ bool holds(int input) const { return static_cast<unsigned>(input) < static_cast<unsigned>(inputs); }
};

struct ConvGeometry {
  ConvAxis h, w;
  int64_t samples;
  int channels, wide;           // of x and of y
  int groups, depth, width;     // depth and width: channels of x and of y in one group
  int64_t positions;            // of one sample of y

  int64_t pixels() const { return samples * h.inputs * w.inputs; }
  int64_t outputs() const { return samples * positions; }
  __device__ int64_t at_x(int64_t sample, int row, int column) const {
    return ((sample * h.inputs + row) * w.inputs + column) * channels;
  }
};

inline ConvGeometry conv_geometry(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  const auto count = [](int64_t value) { return static_cast<int>(value); };
  return {{count(x.shape[1]), count(y.shape[1]), count(weight.shape[0]), count(s.stride_h), count(s.dilation_h), count(s.pad_top)},
          {count(x.shape[2]), count(y.shape[2]), count(weight.shape[1]), count(s.stride_w), count(s.dilation_w), count(s.pad_left)},
          x.shape[0],
          count(x.shape[3]),
          count(y.shape[3]),
          count(s.groups),
          count(weight.shape[2]),
          count(weight.shape[3] / s.groups),
          y.shape[1] * y.shape[2]};
}

inline Status check_counts(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 30;
  const auto per_sample = [](const View& view) { return view.size() / view.shape[0]; };
  for (const int64_t value : {s.stride_h, s.stride_w, s.dilation_h * weight.shape[0], s.dilation_w * weight.shape[1], s.pad_top,
                              s.pad_left, per_sample(x), weight.size(), per_sample(y)})
    if (value >= kLimit)
      return refuse(StatusCode::kArgument, "conv2d: expected fewer than 2^30 values in a sample or weight on a CUDA device, got %lld",
                    static_cast<long long>(value));
  return {};
}

}  // namespace samebits
