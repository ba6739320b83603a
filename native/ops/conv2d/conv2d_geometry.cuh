// Where the taps of a convolution lie, as its CUDA kernels see it. Counts within one sample or one weight are 32-bit,
// so that the kernels divide quickly; check_counts refuses what does not fit.
#pragma once

#include "ops/conv2d/conv2d.h"
#include "simt/divider.h"
#include "simt/launch.h"

namespace samebits {

using conv2d_contract::Settings;

// One axis of the window.
struct ConvAxis {
  int inputs, outputs, taps, stride, dilation, pad;
  simt::Divider by_stride;

  __device__ int input(int output, int tap) const { return output * stride - pad + tap * dilation; }
  __device__ bool holds(int input) const { return static_cast<unsigned>(input) < static_cast<unsigned>(inputs); }
  // The output that reads a padded input by a tap; -1 when there is none.
  __device__ int output(int padded, int tap) const {
    const int reach = padded - tap * dilation, at = by_stride.quotient(reach > 0 ? reach : 0);
    return reach >= 0 && at < outputs && at * stride == reach ? at : -1;
  }
};

struct ConvGeometry {
  ConvAxis h, w;
  int64_t samples;
  int channels, wide;        // of x and of y
  int groups, depth, width;  // depth and width: channels of x and of y in one group
  int positions;             // of one sample of y
  int of_x, of_y;            // values of one sample
  simt::Divider by_depth, by_width, by_taps, by_outputs, by_inputs;  // the last three: of a row of the window, y and x
  simt::WideDivider by_positions, by_pixels;                         // of one sample of y, and of x

  int64_t pixels() const { return samples * h.inputs * w.inputs; }
  int64_t outputs() const { return samples * positions; }
  // Offset within one sample of x; it may lie outside where the padding is.
  __device__ int at_x(int row, int column) const { return (row * w.inputs + column) * channels; }
  __device__ int64_t sample_of_x(int sample) const { return static_cast<int64_t>(sample) * of_x; }
  __device__ int64_t sample_of_y(int sample) const { return static_cast<int64_t>(sample) * of_y; }
};

// A tap of the window and a channel, of the number that a chain counts: (kh, kw, channel) ascending.
struct ConvTap {
  int number, kh, kw, channel;
};
__device__ inline ConvTap conv_tap(const ConvGeometry& g, const simt::Divider& by_channels, int k) {
  const int tap = by_channels.quotient(k), kh = g.by_taps.quotient(tap);
  return {tap, kh, tap - kh * g.w.taps, k - tap * by_channels.by};
}

inline ConvGeometry conv_geometry(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  const auto count = [](int64_t value) { return static_cast<int>(value); };
  const int64_t depth = weight.shape[2], width = weight.shape[3] / s.groups;
  const auto axis = [&](int at, int64_t stride, int64_t dilation, int64_t pad) {
    return ConvAxis{count(x.shape[at]), count(y.shape[at]), count(weight.shape[at - 1]), count(stride), count(dilation),
                    count(pad),         simt::Divider(stride)};
  };
  return {axis(1, s.stride_h, s.dilation_h, s.pad_top),
          axis(2, s.stride_w, s.dilation_w, s.pad_left),
          x.shape[0],
          count(x.shape[3]),
          count(y.shape[3]),
          count(s.groups),
          count(depth),
          count(width),
          count(y.shape[1] * y.shape[2]),
          count(x.shape[1] * x.shape[2] * x.shape[3]),
          count(y.shape[1] * y.shape[2] * y.shape[3]),
          simt::Divider(depth),
          simt::Divider(width),
          simt::Divider(weight.shape[1]),
          simt::Divider(y.shape[2]),
          simt::Divider(x.shape[2]),
          simt::WideDivider(y.shape[1] * y.shape[2]),
          simt::WideDivider(x.shape[1] * x.shape[2])};
}

inline Status check_counts(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 30;
  const auto per_sample = [](const View& view) { return view.size() / view.shape[0]; };
  // The padding as if x had it: what a tap outside would have for an offset has to fit too.
  const int64_t padded = (x.shape[1] + s.pad_top + s.dilation_h * weight.shape[0]) *
                         (x.shape[2] + s.pad_left + s.dilation_w * weight.shape[1]);
  for (const int64_t value :
       {s.stride_h, s.stride_w, padded, padded * x.shape[3], per_sample(x), weight.size(), per_sample(y)})
    if (value >= kLimit)
      return refuse(StatusCode::kArgument,
                    "conv2d: expected fewer than 2^30 values in a sample or weight on a CUDA device, got %lld",
                    static_cast<long long>(value));
  if (x.shape[0] >= int64_t{1} << 31)
    return refuse(StatusCode::kArgument, "conv2d: expected fewer than 2^31 samples on a CUDA device, got %lld",
                  static_cast<long long>(x.shape[0]));
  return {};
}

}  // namespace samebits
