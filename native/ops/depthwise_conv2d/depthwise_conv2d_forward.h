// Forward: a block of output rows a task, so that the input rows they share are read from memory once.
// Fragment of depthwise_conv2d_body.h.

static inline constexpr int64_t kDepthwiseRows = 32;

// Steps in floats between rows, taps and outputs of what a pass with three by three taps reads, and where it writes.
struct DepthwiseWalk {
  int64_t row_step, tap_step, output_step, channels;
  Outlet out;
};

// The weights of the taps that are read: from the first one on, so many floats to the next row's and to the next tap's.
struct DepthwiseWeights {
  const float* first;
  int64_t row_step, tap_step;
};

// p + step, computed where it is used: computed beforehand, the addresses of a loop would need more registers than there are.
template <class T>
static inline T* next_of(T* p, int64_t step) {
  p += step;
  asm("" : "+r"(p));
  return p;
}

// P neighbouring outputs that read the same KH x KW taps, one vector of channels after the other. A weight that is loaded
// serves all P, neighbours one tap apart share their inputs, and memory is read and written in the order in which it lies.
// A loop over channels outside and positions inside would load less, but it would write results in small pieces.
// Arguments come by value: what comes by reference is loaded again after each store, which might have changed it.
template <int KH, int KW, int P, bool kAdjacent>
[[gnu::always_inline]] static inline void depthwise_abreast(const float* x, const DepthwiseWalk walk, DepthwiseWeights weights,
                                                            float* y) noexcept {
  for (int64_t c = 0; c + 16 <= walk.channels; c += 16, x += 16, y += 16, weights.first += 16) {
    F32x16 sum[P];
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) sum[p] = zero();
#pragma GCC unroll 3
    for (int kh = 0; kh < KH; ++kh) {
      const float *from = x + kh * walk.row_step, *by = weights.first + kh * weights.row_step;
      F32x16 column[P + KW - 1];
      if constexpr (kAdjacent) {
#pragma GCC unroll 6
        for (int i = 0; i < P + KW - 1; ++i, from = next_of(from, walk.tap_step)) column[i] = load(from);
      }
#pragma GCC unroll 3
      for (int kw = 0; kw < KW; ++kw, by = next_of(by, weights.tap_step)) {
        const F32x16 w = load(by);
#pragma GCC unroll 4
        for (int p = 0; p < P; ++p)
          sum[p] = fma(kAdjacent ? column[p + kw] : load(from + kw * walk.tap_step + p * walk.output_step), w, sum[p]);
      }
    }
    const float* below = x + KH * walk.row_step;  // the row that the next output row reads first
    float* to = y;
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p, below = next_of(below, walk.output_step), to = next_of(to, walk.channels)) {
      fetch_ahead(below);
      walk.out.put(to, sum[p], 16);
    }
  }
}

// `count` neighbours that read the same KH x KW taps: as many abreast as the registers hold, then those left over.
template <int KH, int KW>
static void depthwise_neighbours(const float* x, const DepthwiseWalk walk, const DepthwiseWeights weights, float* y,
                                 int64_t count) noexcept {
  constexpr int P = kNativeLanes >= 8 ? 4 : 2;
  const bool adjacent = walk.output_step == walk.tap_step;
  for (; count >= P; count -= P, x += P * walk.output_step, y += P * walk.channels) {
    if (adjacent)
      depthwise_abreast<KH, KW, P, true>(x, walk, weights, y);
    else
      depthwise_abreast<KH, KW, P, false>(x, walk, weights, y);
  }
  for (; count > 0; --count, x += walk.output_step, y += walk.channels)
    depthwise_abreast<KH, KW, 1, true>(x, walk, weights, y);
}

// One pass over a sample's rows: `source` is read by three by three taps whose weights lie `channels` floats apart.
struct DepthwisePass {
  TapAxis h, w;
  TapRuns rows, columns;
  DepthwiseWalk walk;

  DepthwisePass(const TapAxis& down, const TapAxis& across, int64_t channels, const Outlet& out)
      : h(down),
        w(across),
        rows(tap_runs(down)),
        columns(tap_runs(across)),
        walk{down.dilation * across.inputs * channels, across.dilation * channels, across.stride * channels, channels,
             out} {}

  // The whole vectors of channels of output row `oh`; returns how many channels that are. Tap t of the nine, in the order in
  // which they are added, has its weights at weight + t * step.
  int64_t row(const float* source, int64_t oh, const float* weight, int64_t step, float* y) const noexcept {
    constexpr decltype(&depthwise_neighbours<1, 1>) kNeighbours[3][3] = {
        {depthwise_neighbours<1, 1>, depthwise_neighbours<1, 2>, depthwise_neighbours<1, 3>},
        {depthwise_neighbours<2, 1>, depthwise_neighbours<2, 2>, depthwise_neighbours<2, 3>},
        {depthwise_neighbours<3, 1>, depthwise_neighbours<3, 2>, depthwise_neighbours<3, 3>}};
    const int64_t whole = walk.channels / 16 * 16;
    const TapRun& down = rows.of(oh);
    for (int r = 0; r < columns.count; ++r) {
      const TapRun& across = columns.run[r];
      float* to = y + across.begin * walk.channels;
      if (down.count() == 0 || across.count() == 0) {
        for (int64_t ow = across.begin; ow < across.end; ++ow, to += walk.channels)
          for (int64_t c = 0; c < whole; c += 16) walk.out.put(to + c, zero(), 16);
        continue;
      }
      const DepthwiseWeights by{weight + (down.first * 3 + across.first) * step, 3 * step, step};
      const float* from = source + h.input(oh, down.first) * w.inputs * walk.channels +
                          w.input(across.begin, across.first) * walk.channels;
      kNeighbours[down.count() - 1][across.count() - 1](from, walk, by, to, across.end - across.begin);
    }
    return whole;
  }
};

// Output row `oh`, any taps, any channels.
static void depthwise_row_any(const DepthwiseShape& s, const float* x, const float* weight, float* y, const Outlet& out, int64_t oh,
                              int64_t oc, int n) {
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
    out.put(y + ow * s.out_channels + oc, sum, n);
  }
}

static Status depthwise_forward(const Call& call) noexcept {
  const View &xs = call.tensors[0], &ws = call.tensors[1], &ys = call.tensors[2];
  const DepthwiseShape s = depthwise_shape(call, xs, ws, ys);
  const float* weight = ws.f32();
  const bool fast = s.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3;
  const DepthwisePass pass(s.h, s.w, s.channels, Outlet(*call.context, ys, s.out_channels));
  const int64_t blocks = ceil_div(s.h.outputs, kDepthwiseRows);
  call.context->parallel(s.samples * blocks, [&, weight](int64_t task, int) {
    const int64_t n = task / blocks, begin = task % blocks * kDepthwiseRows;
    const float* x = xs.f32() + n * s.h.inputs * s.w.inputs * s.channels;
    for (int64_t oh = begin; oh < least(s.h.outputs, begin + kDepthwiseRows); ++oh) {
      float* y = ys.f32() + (n * s.h.outputs + oh) * s.w.outputs * s.out_channels;
      const int64_t done = fast ? pass.row(x, oh, weight, s.channels, y) : 0;
      for (int64_t oc = done; oc < s.out_channels; oc += 16)
        depthwise_row_any(s, x, weight, y, pass.walk.out, oh, oc, static_cast<int>(least(16, s.out_channels - oc)));
    }
  });
  return {};
}
