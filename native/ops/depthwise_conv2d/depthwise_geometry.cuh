// Where the taps of a depthwise convolution lie, as its CUDA kernels see it. Places within one sample are counted in 32
// bits, so that a device finds them quickly; check_counts refuses what does not fit.
#pragma once

#include "ops/depthwise_conv2d/depthwise_conv2d.h"
#include "simt/places.h"

namespace samebits {

struct TapAxis {
  int inputs, outputs, taps, stride, dilation, pad;
  simt::Divider by_stride;

  __device__ int input(int output, int tap) const { return output * stride - pad + tap * dilation; }
  __device__ bool holds(int input) const { return static_cast<unsigned>(input) < static_cast<unsigned>(inputs); }
  // The output that reads an input by a tap; -1 when there is none.
  __device__ int output(int input, int tap) const {
    const int reach = input + pad - tap * dilation, at = by_stride.quotient(reach > 0 ? reach : 0);
    return reach >= 0 && at < outputs && at * stride == reach ? at : -1;
  }
};

struct Depthwise {
  TapAxis h, w;
  simt::Divider by_multiplier, by_outputs, by_taps;  // the last two: of a row of y, and of the window
  simt::Places x_places, y_places;
  const float *x, *weight, *dy;

  int channels() const { return x_places.by_channels.by; }
  __device__ int wide() const { return y_places.by_channels.by; }
};

inline Status check_counts(const depthwise_conv2d_contract::Settings& s, const View& x, const View& weight,
                           const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 30;
  const int64_t padded = (x.shape[1] + s.pad_top + s.dilation_h * weight.shape[0]) *
                         (x.shape[2] + s.pad_left + s.dilation_w * weight.shape[1]);
  for (const int64_t value :
       {s.stride_h, s.stride_w, padded, simt::per_sample(x), simt::per_sample(y), weight.size()})
    if (value >= kLimit)
      return refuse(
          StatusCode::kArgument,
          "depthwise_conv2d: expected fewer than 2^30 values in a sample or weight on a CUDA device, got %lld",
          static_cast<long long>(value));
  return {};
}

// x and y may be their gradients.
inline Depthwise depthwise_of(const Call& call, const View& x, const View& weight, const View& y) noexcept {
  const auto& s = call.as<depthwise_conv2d_contract::Settings>();
  const auto count = [](int64_t value) { return static_cast<int>(value); };
  const auto axis = [&](int at, int64_t stride, int64_t dilation, int64_t pad) {
    return TapAxis{count(x.shape[at]), count(y.shape[at]), count(weight.shape[at - 1]), count(stride), count(dilation),
                   count(pad),         simt::Divider(stride)};
  };
  return {axis(1, s.stride_h, s.dilation_h, s.pad_top),
          axis(2, s.stride_w, s.dilation_w, s.pad_left),
          simt::Divider(weight.shape[3]),
          simt::Divider(y.shape[2]),
          simt::Divider(weight.shape[1]),
          simt::Places(x),
          simt::Places(y),
          x.f32(),
          weight.f32(),
          y.f32()};
}

}  // namespace samebits
