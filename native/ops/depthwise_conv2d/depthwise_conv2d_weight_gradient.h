// Weight gradient: chunks of 256 positions, joined by the tree; in atomic mode samples arrive as they are done.
// Fragment of depthwise_conv2d_body.h.

// Positions [begin, end) of output row `oh` added to the taps' chains of one channel vector.
static void depthwise_gradient_any(const DepthwiseShape& s, const float* x, const float* dy, int64_t oh, int64_t begin,
                                   int64_t end, int64_t oc, int n, F32x16* sums) {
  for (int64_t ow = begin; ow < end; ++ow) {
    const F32x16 slope = load_some(dy + (oh * s.w.outputs + ow) * s.out_channels + oc, n);
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

// The same for V channel vectors where all nine taps lie inside; the chains of vector v begin at sums[v * 9].
template <int V>
static void depthwise_gradient_whole(const DepthwiseShape& s, const float* x, const float* dy, int64_t oh, int64_t begin,
                                     int64_t end, int64_t c, F32x16* sums) {
  F32x16 sum[V][9];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 9
    for (int t = 0; t < 9; ++t) sum[v][t] = sums[v * 9 + t];
  const int64_t row_step = s.h.dilation * s.w.inputs * s.channels, tap_step = s.w.dilation * s.channels;
  const float* from = x + (s.h.input(oh, 0) * s.w.inputs + s.w.input(begin, 0)) * s.channels + c;
  const float* by = dy + (oh * s.w.outputs + begin) * s.channels + c;
  for (int64_t ow = begin; ow < end; ++ow, from += s.w.stride * s.channels, by += s.channels) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 slope = load(by + v * 16);
      fetch_ahead(from + 3 * row_step + v * 16);  // the row that the next output row reads first
      fetch_ahead(by + s.w.outputs * s.channels + v * 16);
#pragma GCC unroll 3
      for (int kh = 0; kh < 3; ++kh)
#pragma GCC unroll 3
        for (int kw = 0; kw < 3; ++kw)
          sum[v][kh * 3 + kw] = fma(load(from + kh * row_step + kw * tap_step + v * 16), slope, sum[v][kh * 3 + kw]);
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v)
#pragma GCC unroll 9
    for (int t = 0; t < 9; ++t) sums[v * 9 + t] = sum[v][t];
}

// One chunk's sums of every tap and channel: item [kh * kw, out_channels].
static void depthwise_gradient_chunk(const DepthwiseShape& s, const float* x, const float* dy, int64_t chunk, float* item,
                                     F32x16* sums) {
  const int64_t taps = s.h.taps * s.w.taps, positions = s.h.outputs * s.w.outputs;
  const int64_t begin = chunk * kPositionChunk, end = least(positions, begin + kPositionChunk);
  const bool fast = s.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3;
  each_channel_block<2>(s.out_channels, [&]<int V>(Vectors<V>, int64_t oc, int width) {
    for (int64_t t = 0; t < V * taps; ++t) sums[t] = zero();
    const auto any = [&](int64_t oh, int64_t from, int64_t to) {
      for (int v = 0; v < V; ++v) depthwise_gradient_any(s, x, dy, oh, from, to, oc + v * 16, width, sums + v * taps);
    };
    for (int64_t p = begin; p < end;) {
      const int64_t oh = p / s.w.outputs, from = p % s.w.outputs, to = least(s.w.outputs, from + end - p);
      p += to - from;
      if (fast && width == 16 && oh >= s.h.first_whole() && oh < s.h.last_whole()) {
        const int64_t first = least(to, most(from, s.w.first_whole())), last = most(first, least(to, s.w.last_whole()));
        any(oh, from, first);
        depthwise_gradient_whole<V>(s, x, dy, oh, first, last, oc, sums);
        any(oh, last, to);
      } else {
        any(oh, from, to);
      }
    }
    for (int v = 0; v < V; ++v)
      for (int64_t t = 0; t < taps; ++t) store_some(item + t * s.out_channels + oc + v * 16, sums[v * taps + t], width);
  });
}

template <Mode mode>
static Status depthwise_weight_gradient(const Call& call) noexcept {
  const View &xs = call.tensors[0], &ys = call.tensors[1], &ws = call.tensors[2];
  const DepthwiseShape s = depthwise_shape(call, xs, ws, ys);
  const int64_t chunks = ceil_div(s.h.outputs * s.w.outputs, kPositionChunk), size = ws.size();
  const int64_t registers_each = 2 * s.h.taps * s.w.taps, workers = call.context->workers();
  // Deterministic: every chunk's sums lie side by side. Atomic: each worker sums a sample, chunk after chunk.
  const int64_t items = mode == Mode::kAtomic ? 2 * workers : s.samples * chunks;
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(items * size));
  F32x16* registers = call.context->scratch_of<F32x16>(static_cast<size_t>(workers * registers_each));
  if (partials == nullptr || registers == nullptr)
    return refuse(StatusCode::kMemory, "depthwise_conv2d: expected scratch memory, got none");
  float* dw = ws.f32();
  const int64_t x_plane = s.h.inputs * s.w.inputs * s.channels, y_plane = s.h.outputs * s.w.outputs * s.out_channels;

  if (mode == Mode::kAtomic) {
    for (int64_t i = 0; i < size; ++i) dw[i] = 0.0f;
    call.context->parallel(s.samples, [&, partials](int64_t n, int worker) {
      float* sample = partials + 2 * worker * size;
      for (int64_t chunk = 0; chunk < chunks; ++chunk) {
        float* item = chunk == 0 ? sample : sample + size;
        depthwise_gradient_chunk(s, xs.f32() + n * x_plane, ys.f32() + n * y_plane, chunk, item, registers + worker * registers_each);
        if (chunk > 0) join_tree(sample, 2, size, size);
      }
      for (int64_t i = 0; i < size; ++i) atomic_add(dw + i, sample[i]);
    });
    return {};
  }
  constexpr int64_t kChunks = 32;  // of one task: neighbours read the same rows of x
  const int64_t tasks = s.samples * chunks;
  call.context->parallel(ceil_div(tasks, kChunks), [&, partials](int64_t task, int worker) {
    for (int64_t index = task * kChunks; index < least(tasks, (task + 1) * kChunks); ++index) {
      const int64_t n = index / chunks;
      depthwise_gradient_chunk(s, xs.f32() + n * x_plane, ys.f32() + n * y_plane, index % chunks, partials + index * size,
                               registers + worker * registers_each);
    }
  });
  call.context->parallel(s.samples, [&, partials](int64_t n, int) { join_tree(partials + n * chunks * size, chunks, size, size); });
  join_tree(partials, s.samples, chunks * size, size);
  __builtin_memcpy(dw, partials, static_cast<size_t>(size) * sizeof(float));
  return {};
}
