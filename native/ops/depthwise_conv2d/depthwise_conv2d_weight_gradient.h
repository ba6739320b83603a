// Weight gradient: chunks of 256 positions, joined by the tree; in atomic mode samples arrive as they are done.
// Fragment of depthwise_conv2d_body.h.

// Positions [begin, end) added to the taps' chains of one channel vector, any taps, any channels.
static void depthwise_gradient_any(const DepthwiseShape& s, const float* x, const float* dy, int64_t begin, int64_t end,
                                   int64_t oc, int n, F32x16* sums) {
  for (int64_t p = begin; p < end; ++p) {
    const int64_t oh = p / s.w.outputs, ow = p % s.w.outputs;
    const F32x16 slope = load_some(dy + p * s.out_channels + oc, n);
    for (int64_t kh = 0; kh < s.h.taps; ++kh) {
      if (!s.h.reads(oh, kh)) continue;
      for (int64_t kw = 0; kw < s.w.taps; ++kw) {
        if (!s.w.reads(ow, kw)) continue;
        const float* position = x + (s.h.input(oh, kh) * s.w.inputs + s.w.input(ow, kw)) * s.channels;
        F32x16& sum = sums[kh * s.w.taps + kw];
        sum = fma(depthwise_load(position, oc, s.multiplier, n), slope, sum);
      }
    }
  }
}

// The chains of nine taps for V channel vectors.
template <int V>
struct DepthwiseChains {
  F32x16 sum[V][9];
};

// `count` positions whose taps [H0, H1) x [W0, W1) lie inside are added. x is where tap (0, 0) of the first one would lie.
template <int H0, int H1, int W0, int W1, int V>
[[gnu::always_inline]] static inline void depthwise_add(DepthwiseChains<V>& chains, const float* x, const float* dy,
                                                        const DepthwiseWalk& walk, int64_t dy_row, int64_t count) {
  for (int64_t i = 0; i < count; ++i, x += walk.output_step, dy += walk.channels) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 slope = load(dy + v * 16);
      fetch_ahead(x + 3 * walk.row_step + v * 16);  // the row that the next output row reads first
      fetch_ahead(dy + dy_row + v * 16);
#pragma GCC unroll 3
      for (int kh = H0; kh < H1; ++kh)
#pragma GCC unroll 3
        for (int kw = W0; kw < W1; ++kw)
          chains.sum[v][kh * 3 + kw] =
              fma(load(x + kh * walk.row_step + kw * walk.tap_step + v * 16), slope, chains.sum[v][kh * 3 + kw]);
    }
  }
}

// Which of [0, 3), [1, 3) and [0, 2) a run's taps are: all that a window of three has where at most one lies outside.
static inline int kind_of(const TapRun& run) { return run.count() == 3 ? 0 : run.first == 1 ? 1 : 2; }
static inline bool few_outside(const TapRuns& runs) {
  for (int r = 0; r < runs.count; ++r)
    if (runs.run[r].count() < 2) return false;
  return true;
}

// One chunk's sums of nine taps for V channel vectors; they stay in registers from its first position to its last.
template <int V>
static void depthwise_gradient_nine(const DepthwisePass& pass, const float* x, const float* dy, int64_t begin, int64_t end,
                                    float* item) noexcept {
  DepthwiseChains<V> chains;
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 9
    for (int t = 0; t < 9; ++t) chains.sum[v][t] = zero();
  const int64_t outputs = pass.w.outputs, channels = pass.walk.channels, dy_row = outputs * channels;
  for (int64_t p = begin; p < end;) {
    const int64_t oh = p / outputs, from = p % outputs, to = least(outputs, from + end - p);
    p += to - from;
    const int down = 3 * kind_of(pass.rows.of(oh));
    for (int r = 0; r < pass.columns.count; ++r) {
      const int64_t first = most(from, pass.columns.run[r].begin), last = least(to, pass.columns.run[r].end);
      if (first >= last) continue;
      const float* at = x + (pass.h.input(oh, 0) * pass.w.inputs + pass.w.input(first, 0)) * channels;
      const float* by = dy + (oh * outputs + first) * channels;
      switch (down + kind_of(pass.columns.run[r])) {
        case 0: depthwise_add<0, 3, 0, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 1: depthwise_add<0, 3, 1, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 2: depthwise_add<0, 3, 0, 2>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 3: depthwise_add<1, 3, 0, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 4: depthwise_add<1, 3, 1, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 5: depthwise_add<1, 3, 0, 2>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 6: depthwise_add<0, 2, 0, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        case 7: depthwise_add<0, 2, 1, 3>(chains, at, by, pass.walk, dy_row, last - first); break;
        default: depthwise_add<0, 2, 0, 2>(chains, at, by, pass.walk, dy_row, last - first); break;
      }
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 9
    for (int t = 0; t < 9; ++t) store(item + t * channels + v * 16, chains.sum[v][t]);
}

// What the chunks of one call share.
struct DepthwiseGradient {
  const DepthwiseShape& s;
  const DepthwisePass& pass;
  bool nine;  // pass says which taps a position reads
};

// One chunk's sums of every tap and channel: item [kh * kw, out_channels].
static void depthwise_gradient_chunk(const DepthwiseGradient& g, const float* x, const float* dy, int64_t chunk, float* item,
                                     F32x16* sums) {
  const DepthwiseShape& s = g.s;
  const int64_t taps = s.h.taps * s.w.taps, positions = s.h.outputs * s.w.outputs;
  const int64_t begin = chunk * kPositionChunk, end = least(positions, begin + kPositionChunk);
  each_channel_block<2>(s.out_channels, [&]<int V>(Vectors<V>, int64_t oc, int width) {
    if (g.nine && width == 16) return depthwise_gradient_nine<V>(g.pass, x + oc, dy + oc, begin, end, item + oc);
    for (int v = 0; v < V; ++v) {
      for (int64_t t = 0; t < taps; ++t) sums[t] = zero();
      depthwise_gradient_any(s, x, dy, begin, end, oc + v * 16, width, sums);
      for (int64_t t = 0; t < taps; ++t) store_some(item + t * s.out_channels + oc + v * 16, sums[t], width);
    }
  });
}

// The sums of the chunks [first, first + count) of one sample, joined in items[0]. Deterministic: by the running join tree,
// whose open subtrees lie in `items`, one after the other, and so stay in the L1 and L2 caches. Atomic: one after the other.
template <Mode mode>
static void depthwise_gradient_chunks(const DepthwiseGradient& g, const float* x, const float* dy, int64_t first, int64_t count,
                                      int64_t size, float* items, F32x16* sums) {
  float* top = items;
  for (int64_t i = 0; i < count; ++i, top += size) {
    depthwise_gradient_chunk(g, x, dy, first + i, top, sums);
    for (int64_t joins = mode == Mode::kAtomic ? least(i, 1) : joins_after(i); joins > 0; --joins, top -= size)
      join_tree(top - size, 2, size, size);
  }
  for (top -= size; top > items; top -= size) join_tree(top - size, 2, size, size);
}

// Chunks of one sample in a task, so that every worker gets a few tasks: all of them, or a power of two, which makes them a
// subtree of the join tree.
static int64_t depthwise_run(int64_t samples, int64_t chunks, int workers) {
  int64_t run = 1;
  while (run < chunks) run *= 2;
  while (run > 1 && samples * ceil_div(chunks, run) < 8 * workers) run /= 2;
  return run;
}

template <Mode mode>
static Status depthwise_weight_gradient(const Call& call) noexcept {
  const View &xs = call.tensors[0], &ys = call.tensors[1], &ws = call.tensors[2];
  const DepthwiseShape s = depthwise_shape(call, xs, ws, ys);
  const int workers = call.context->workers();
  const int64_t chunks = ceil_div(s.h.outputs * s.w.outputs, kPositionChunk), size = ws.size();
  const int64_t run = mode == Mode::kAtomic ? chunks : depthwise_run(s.samples, chunks, workers), runs = ceil_div(chunks, run);
  const int64_t levels = mode == Mode::kAtomic ? 2 : join_levels(run), registers_each = s.h.taps * s.w.taps;
  float* items = call.context->scratch_of<float>(static_cast<size_t>(workers * levels * size));
  float* partials = mode == Mode::kAtomic ? items : call.context->scratch_of<float>(static_cast<size_t>(s.samples * runs * size));
  F32x16* registers = call.context->scratch_of<F32x16>(static_cast<size_t>(workers * registers_each));
  if (items == nullptr || partials == nullptr || registers == nullptr)
    return refuse(StatusCode::kMemory, "depthwise_conv2d: expected scratch memory, got none");
  float* dw = ws.f32();
  const DepthwisePass pass(s.h, s.w, s.channels, Outlet{});
  const DepthwiseGradient gradient{
      s, pass, s.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3 && few_outside(pass.rows) && few_outside(pass.columns)};
  const int64_t x_plane = s.h.inputs * s.w.inputs * s.channels, y_plane = s.h.outputs * s.w.outputs * s.out_channels;

  if (mode == Mode::kAtomic) __builtin_memset(dw, 0, static_cast<size_t>(size) * sizeof(float));
  call.context->parallel(s.samples * runs, [&](int64_t task, int worker) {
    const int64_t n = task / runs, first = task % runs * run;
    float* sum = items + worker * levels * size;
    depthwise_gradient_chunks<mode>(gradient, xs.f32() + n * x_plane, ys.f32() + n * y_plane, first, least(run, chunks - first),
                                    size, sum, registers + worker * registers_each);
    if (mode == Mode::kAtomic)
      for (int64_t i = 0; i < size; ++i) atomic_add(dw + i, sum[i]);
    else
      __builtin_memcpy(partials + task * size, sum, static_cast<size_t>(size) * sizeof(float));
  });
  if (mode == Mode::kAtomic) return {};
  for (int64_t n = 0; n < s.samples; ++n) join_tree(partials + n * runs * size, runs, size, size);
  join_tree(partials, s.samples, runs * size, size);
  __builtin_memcpy(dw, partials, static_cast<size_t>(size) * sizeof(float));
  return {};
}
