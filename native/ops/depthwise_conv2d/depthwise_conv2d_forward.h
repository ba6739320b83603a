// Forward: one output row a task. Fragment of depthwise_conv2d_body.h.

// Output positions [begin, end) of a row for one channel vector, all taps inside; TAPS known so that weights stay put.
template <int KH, int KW>
static inline void depthwise_row_whole(const float* x, int64_t row_step, int64_t tap_step, int64_t output_step,
                                       const F32x16* weights, float* y, int64_t y_step, int64_t count) {
  F32x16 w[KH * KW];
#pragma GCC unroll 32
  for (int t = 0; t < KH * KW; ++t) w[t] = weights[t];
  for (int64_t i = 0; i < count; ++i, x += output_step, y += y_step) {
    F32x16 sum = zero();
#pragma GCC unroll 8
    for (int kh = 0; kh < KH; ++kh)
#pragma GCC unroll 8
      for (int kw = 0; kw < KW; ++kw) sum = fma(load(x + kh * row_step + kw * tap_step), w[kh * KW + kw], sum);
    store(y, sum);
  }
}

// Output positions [begin, end) of row `oh`, any taps, any channels.
static void depthwise_row_any(const DepthwiseShape& s, const float* x, const float* weight, float* y, int64_t oh, int64_t begin,
                              int64_t end, int64_t oc, int n) {
  for (int64_t ow = begin; ow < end; ++ow) {
    F32x16 sum = zero();
    for (int64_t kh = 0; kh < s.h.taps; ++kh) {
      if (!s.h.reads(oh, kh)) continue;
      for (int64_t kw = 0; kw < s.w.taps; ++kw) {
        if (!s.w.reads(ow, kw)) continue;
        const float* position = x + (s.h.input(oh, kh) * s.w.inputs + s.w.input(ow, kw)) * s.channels;
        sum = fma(depthwise_load(position, oc, s.multiplier, n),
                  load_some(weight + (kh * s.w.taps + kw) * s.out_channels + oc, n), sum);
      }
    }
    store_some(y + ow * s.out_channels + oc, sum, n);
  }
}

static Status depthwise_forward(const Call& call) noexcept {
  const View &xs = call.tensors[0], &ws = call.tensors[1], &ys = call.tensors[2];
  const DepthwiseShape s = depthwise_shape(call, xs, ws, ys);
  const float* weight = ws.f32();
  const bool fast = s.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3;
  call.context->parallel(s.samples * s.h.outputs, [&, weight](int64_t task, int) {
    const int64_t n = task / s.h.outputs, oh = task % s.h.outputs;
    const float* x = xs.f32() + n * s.h.inputs * s.w.inputs * s.channels;
    float* y = ys.f32() + task * s.w.outputs * s.out_channels;
    const bool rows_whole = oh >= s.h.first_whole() && oh < s.h.last_whole();
    const int64_t first = s.w.first_whole(), last = s.w.last_whole();
    for (int64_t oc = 0; oc < s.out_channels; oc += 16) {
      const int width = static_cast<int>(least(16, s.out_channels - oc));
      if (!fast || !rows_whole || width < 16) {
        depthwise_row_any(s, x, weight, y, oh, 0, s.w.outputs, oc, width);
        continue;
      }
      F32x16 taps[9];
      for (int t = 0; t < 9; ++t) taps[t] = load(weight + t * s.channels + oc);
      depthwise_row_any(s, x, weight, y, oh, 0, first, oc, width);
      const float* from = x + (s.h.input(oh, 0) * s.w.inputs + s.w.input(first, 0)) * s.channels + oc;
      depthwise_row_whole<3, 3>(from, s.h.dilation * s.w.inputs * s.channels, s.w.dilation * s.channels,
                                s.w.stride * s.channels, taps, y + first * s.channels + oc, s.channels, last - first);
      depthwise_row_any(s, x, weight, y, oh, last, s.w.outputs, oc, width);
    }
  });
  return {};
}
