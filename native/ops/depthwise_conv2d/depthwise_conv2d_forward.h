// Forward: a block of output rows a task, so that the input rows they share are read from memory once.
// Fragment of depthwise_conv2d_body.h.

static inline constexpr int64_t kDepthwiseRows = 32;

// A walk over output positions whose taps are all inside: steps in floats between rows, taps and outputs of the source.
struct DepthwiseWalk {
  int64_t row_step, tap_step, output_step, y_step, count;
  bool past_cache;
};

// Output positions of a row for V channel vectors; KH and KW are known so that the weights stay in registers.
template <int KH, int KW, int V>
static inline void depthwise_row_whole(const float* x, const DepthwiseWalk& walk, const float* const* weights, float* y) {
  F32x16 w[KH * KW][V];
#pragma GCC unroll 32
  for (int t = 0; t < KH * KW; ++t)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) w[t][v] = load(weights[t] + v * 16);
  for (int64_t i = 0; i < walk.count; ++i, x += walk.output_step, y += walk.y_step) {
    F32x16 sum[V];
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[v] = zero();
#pragma GCC unroll 8
    for (int kh = 0; kh < KH; ++kh)
#pragma GCC unroll 8
      for (int kw = 0; kw < KW; ++kw)
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v)
          sum[v] = fma(load(x + kh * walk.row_step + kw * walk.tap_step + v * 16), w[kh * KW + kw][v], sum[v]);
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      fetch_ahead(x + KH * walk.row_step + v * 16);  // the row that the next output row reads first
      store_out(y + v * 16, sum[v], 16, walk.past_cache);
    }
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
  const int64_t first = s.w.first_whole(), last = s.w.last_whole(), blocks = ceil_div(s.h.outputs, kDepthwiseRows);
  const DepthwiseWalk walk{s.h.dilation * s.w.inputs * s.channels, s.w.dilation * s.channels, s.w.stride * s.channels,
                           s.channels, last - first, passes_cache(ys.f32(), ys.size(), s.out_channels)};
  call.context->parallel(s.samples * blocks, [&, weight](int64_t task, int) {
    const int64_t n = task / blocks, begin = task % blocks * kDepthwiseRows;
    const float* x = xs.f32() + n * s.h.inputs * s.w.inputs * s.channels;
    for (int64_t oh = begin; oh < least(s.h.outputs, begin + kDepthwiseRows); ++oh) {
      float* y = ys.f32() + (n * s.h.outputs + oh) * s.w.outputs * s.out_channels;
      const bool rows_whole = fast && oh >= s.h.first_whole() && oh < s.h.last_whole();
      each_channel_block<2>(s.out_channels, [&]<int V>(Vectors<V>, int64_t oc, int width) {
        if (!rows_whole || width < 16) {
          for (int v = 0; v < V; ++v) depthwise_row_any(s, x, weight, y, oh, 0, s.w.outputs, oc + v * 16, width);
          return;
        }
        const float* taps[9];
        for (int t = 0; t < 9; ++t) taps[t] = weight + t * s.channels + oc;
        for (int v = 0; v < V; ++v) depthwise_row_any(s, x, weight, y, oh, 0, first, oc + v * 16, width);
        const float* from = x + (s.h.input(oh, 0) * s.w.inputs + s.w.input(first, 0)) * s.channels + oc;
        depthwise_row_whole<3, 3, V>(from, walk, taps, y + first * s.channels + oc);
        for (int v = 0; v < V; ++v) depthwise_row_any(s, x, weight, y, oh, last, s.w.outputs, oc + v * 16, width);
      });
    }
  });
  return {};
}
