// The loops of depthwise_conv2d; compiled once per instruction set.

#include "ops/depthwise_conv2d/depthwise_conv2d_runs.h"

struct DepthwiseShape {
  TapAxis h, w;
  int64_t samples, channels, multiplier, out_channels;
};

static inline DepthwiseShape depthwise_shape(const Call& call, const View& x, const View& weight, const View& y) {
  const auto& s = call.as<depthwise_conv2d_contract::Settings>();
  return {{x.shape[1], y.shape[1], weight.shape[0], s.stride_h, s.dilation_h, s.pad_top},
          {x.shape[2], y.shape[2], weight.shape[1], s.stride_w, s.dilation_w, s.pad_left},
          x.shape[0], x.shape[3], weight.shape[3], x.shape[3] * weight.shape[3]};
}

// Sixteen (or `n`) values that output channels oc.. read from one input position: neighbours, or repeated m times each.
static inline F32x16 depthwise_load(const float* position, int64_t oc, int64_t multiplier, int n) {
  if (multiplier == 1) return load_some(position + oc, n);
  float values[16] = {};
  for (int i = 0; i < n; ++i) values[i] = position[(oc + i) / multiplier];
  return load(values);
}

#include "ops/depthwise_conv2d/depthwise_conv2d_forward.h"
#include "ops/depthwise_conv2d/depthwise_conv2d_input_gradient.h"
#include "ops/depthwise_conv2d/depthwise_conv2d_weight_gradient.h"

inline constexpr ModePair k_depthwise_forward{{depthwise_forward, depthwise_forward}};
inline constexpr ModePair k_depthwise_input_gradient{{depthwise_input_gradient, depthwise_input_gradient}};
inline constexpr ModePair k_depthwise_weight_gradient{
    {depthwise_weight_gradient<Mode::kDeterministic>, depthwise_weight_gradient<Mode::kAtomic>}};
