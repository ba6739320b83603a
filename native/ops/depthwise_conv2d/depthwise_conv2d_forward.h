// Forward: a block of output rows a task, so that the input rows they share are read from memory once.
// Fragment of depthwise_conv2d_body.h.

static inline constexpr int64_t kDepthwiseRows = 32;

// Steps in floats between rows, taps and outputs of what a pass with three by three taps reads, and where it writes.
struct DepthwiseWalk {
  int64_t row_step, tap_step, output_step, channels;
  bool past_cache;
};

// `count` neighbours that read the same KH x KW taps, for V channel vectors; the weights stay in registers.
template <int KH, int KW, int V>
static void depthwise_neighbours(const float* x, const DepthwiseWalk& walk, const float* const* weights, float* y,
                                 int64_t count) noexcept {
  F32x16 w[KH * KW][V];
#pragma GCC unroll 32
  for (int t = 0; t < KH * KW; ++t)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) w[t][v] = load(weights[t] + v * 16);
  for (int64_t i = 0; i < count; ++i, x += walk.output_step, y += walk.channels) {
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

// One pass over a sample's rows: `source` is read by three by three taps whose weights lie `channels` floats apart.
struct DepthwisePass {
  TapAxis h, w;
  TapRuns rows, columns;
  DepthwiseWalk walk;

  DepthwisePass(const TapAxis& down, const TapAxis& across, int64_t channels, bool past_cache)
      : h(down),
        w(across),
        rows(tap_runs(down)),
        columns(tap_runs(across)),
        walk{down.dilation * across.inputs * channels, across.dilation * channels, across.stride * channels, channels,
             past_cache} {}

  // V channel vectors of output row `oh`. weights[t] is tap t of the nine, in the order in which they are added.
  template <int V>
  void row(const float* source, int64_t oh, const float* const* weights, float* y) const noexcept {
    constexpr decltype(&depthwise_neighbours<1, 1, V>) kNeighbours[3][3] = {
        {depthwise_neighbours<1, 1, V>, depthwise_neighbours<1, 2, V>, depthwise_neighbours<1, 3, V>},
        {depthwise_neighbours<2, 1, V>, depthwise_neighbours<2, 2, V>, depthwise_neighbours<2, 3, V>},
        {depthwise_neighbours<3, 1, V>, depthwise_neighbours<3, 2, V>, depthwise_neighbours<3, 3, V>}};
    const TapRun& down = rows.of(oh);
    for (int r = 0; r < columns.count; ++r) {
      const TapRun& across = columns.run[r];
      float* to = y + across.begin * walk.channels;
      if (down.count() == 0 || across.count() == 0) {
        for (int64_t ow = across.begin; ow < across.end; ++ow, to += walk.channels)
          for (int v = 0; v < V; ++v) store(to + v * 16, zero());
        continue;
      }
      const float* by[9];
      for (int kh = down.first; kh < down.last; ++kh)
        for (int kw = across.first; kw < across.last; ++kw)
          by[(kh - down.first) * across.count() + kw - across.first] = weights[kh * 3 + kw];
      const float* from = source + h.input(oh, down.first) * w.inputs * walk.channels +
                          w.input(across.begin, across.first) * walk.channels;
      kNeighbours[down.count() - 1][across.count() - 1](from, walk, by, to, across.end - across.begin);
    }
  }
};

// Output row `oh`, any taps, any channels.
static void depthwise_row_any(const DepthwiseShape& s, const float* x, const float* weight, float* y, int64_t oh, int64_t oc,
                              int n) {
  for (int64_t ow = 0; ow < s.w.outputs; ++ow) {
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
  const DepthwisePass pass(s.h, s.w, s.channels, passes_cache(ys.f32(), ys.size(), s.out_channels));
  const int64_t blocks = ceil_div(s.h.outputs, kDepthwiseRows);
  call.context->parallel(s.samples * blocks, [&, weight](int64_t task, int) {
    const int64_t n = task / blocks, begin = task % blocks * kDepthwiseRows;
    const float* x = xs.f32() + n * s.h.inputs * s.w.inputs * s.channels;
    for (int64_t oh = begin; oh < least(s.h.outputs, begin + kDepthwiseRows); ++oh) {
      float* y = ys.f32() + (n * s.h.outputs + oh) * s.w.outputs * s.out_channels;
      each_channel_block<2>(s.out_channels, [&]<int V>(Vectors<V>, int64_t oc, int width) {
        if (!fast || width < 16) {
          for (int v = 0; v < V; ++v) depthwise_row_any(s, x, weight, y, oh, oc + v * 16, width);
          return;
        }
        const float* taps[9];
        for (int t = 0; t < 9; ++t) taps[t] = weight + t * s.channels + oc;
        pass.row<V>(x + oc, oh, taps, y + oc);
      });
    }
  });
  return {};
}
