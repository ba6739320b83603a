// The loops of depthwise_conv2d; compiled once per instruction set. A row of a depthwise tensor is walked channel vector
// by channel vector, so the taps' weights stay in registers while the row goes by.

// One axis of the window: which taps an output reads.
struct TapAxis {
  int64_t inputs, outputs, taps, stride, dilation, pad;

  int64_t input(int64_t output, int64_t tap) const { return output * stride - pad + tap * dilation; }
  bool reads(int64_t output, int64_t tap) const { return static_cast<uint64_t>(input(output, tap)) < static_cast<uint64_t>(inputs); }
  // Outputs [first, last) whose taps all lie inside.
  int64_t first_whole() const { return least(outputs, (pad + stride - 1) / stride); }
  int64_t last_whole() const {
    const int64_t room = inputs - 1 + pad - (taps - 1) * dilation;
    return room < 0 ? first_whole() : most(first_whole(), least(outputs, room / stride + 1));
  }
};

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
