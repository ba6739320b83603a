// The loops of batch_norm; compiled once per instruction set. x is seen as [samples, positions, channels].
#include "simd/fused.h"

struct BatchNormShape {
  int64_t samples, positions, channels, chunks;
  int64_t rows() const { return samples * positions; }
};

static inline BatchNormShape batch_norm_shape(const View& x) {
  const int64_t samples = x.shape[0], channels = x.shape[x.rank - 1];
  const int64_t positions = x.size() / (samples * channels);
  return {samples, positions, channels, ceil_div(positions, kPositionChunk)};
}

// What the channel vectors of a block need: mean, gamma * inverse, inverse and beta.
template <int V>
struct BatchNormChannels {
  F32x16 mean[V], inverse[V], scale[V], beta[V];

  BatchNormChannels(const Call& call, float epsilon, int64_t c, int n) {
    const float* gammas = call.tensors[3].f32();
    const float* betas = call.tensors[4].f32();
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v, c += 16) {
      mean[v] = load_some(call.tensors[1].f32() + c, n);
      inverse[v] = div(set1(1.0f), sqrt(add(load_some(call.tensors[2].f32() + c, n), set1(epsilon))));
      scale[v] = gammas == nullptr ? inverse[v] : mul(load_some(gammas + c, n), inverse[v]);
      beta[v] = betas == nullptr ? zero() : load_some(betas + c, n);
    }
  }
  F32x16 value(int v, F32x16 x) const { return fma(sub(x, mean[v]), scale[v], beta[v]); }
  // The gradient of the value before a fused activation.
  template <class Activation>
  F32x16 gradient(const Activation& activation, int v, F32x16 x, F32x16 dy) const {
    return activation.gradient(value(v, x), dy);
  }
};

// (mean_a, m2_a) of n_a values becomes that of both parts.
static inline void batch_norm_join(float* a, const float* b, int64_t channels, float count_a, float count_b) {
  const float count = count_a + count_b;
  const F32x16 share = set1(count_b / count), weight = set1((count_a * count_b) / count);
  for (int64_t c = 0; c < channels; c += 16) {
    const int n = static_cast<int>(least(16, channels - c));
    const F32x16 mean = load_some(a + c, n), delta = sub(load_some(b + c, n), mean);
    const F32x16 m2 = add(load_some(a + channels + c, n), load_some(b + channels + c, n));
    store_some(a + c, fma(delta, share, mean), n);
    store_some(a + channels + c, fma(mul(delta, delta), weight, m2), n);
  }
}

// Joins `count` items that lie `stride` floats apart by the join tree; `each` values an item, `last` in the last one.
static void batch_norm_join_tree(float* items, int64_t count, int64_t stride, int64_t channels, int64_t each, int64_t last) {
  if (count < 2) return;
  const int64_t left = join_left(count);
  batch_norm_join_tree(items, left, stride, channels, each, each);
  batch_norm_join_tree(items + left * stride, count - left, stride, channels, each, last);
  batch_norm_join(items, items + left * stride, channels, static_cast<float>(left * each),
                  static_cast<float>((count - left - 1) * each + last));
}

// Mean and m2 of one chunk, V vectors of channels at a time. The second pass finds the chunk in the cache, so it leaves memory
// idle: it prefetches what lies `ahead` floats further, which the next chunk needs.
template <int V>
static inline void batch_norm_chunk_vectors(const float* x, int64_t rows, int64_t channels, float* item, int64_t ahead) {
  F32x16 sum[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) sum[v] = zero();
  for (int64_t row = 0; row < rows; ++row)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[v] = add(sum[v], load(x + row * channels + v * 16));
  F32x16 mean[V], m2[V];
  const F32x16 count = set1(static_cast<float>(rows));
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    mean[v] = div(sum[v], count);
    m2[v] = zero();
  }
  for (int64_t row = 0; row < rows; ++row)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 d = sub(load(x + row * channels + v * 16), mean[v]);
      m2[v] = fma(d, d, m2[v]);
      fetch_ahead(x + row * channels + v * 16 + ahead);
    }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    store(item + v * 16, mean[v]);
    store(item + channels + v * 16, m2[v]);
  }
}

static inline void batch_norm_chunk_tail(const float* x, int64_t rows, int64_t channels, int n, float* item) {
  F32x16 sum = zero(), m2 = zero();
  for (int64_t row = 0; row < rows; ++row) sum = add(sum, load_partial(x + row * channels, n));
  const F32x16 mean = div(sum, set1(static_cast<float>(rows)));
  for (int64_t row = 0; row < rows; ++row) {
    const F32x16 d = sub(load_partial(x + row * channels, n), mean);
    m2 = fma(d, d, m2);
  }
  store_partial(item, mean, n);
  store_partial(item + channels, m2, n);
}

static void batch_norm_chunk(const float* x, int64_t rows, int64_t channels, float* item, int64_t ahead) {
  each_channel_block<4>(channels, [&]<int V>(Vectors<V>, int64_t c, int n) {
    if (n == 16)
      batch_norm_chunk_vectors<V>(x + c, rows, channels, item + c, ahead);
    else
      batch_norm_chunk_tail(x + c, rows, channels, n, item + c);
  });
}

// What arrived so far in atomic mode, joined.
struct BatchNormArrivals {
  float* joined;
  int64_t channels, count = 0;
  int busy = 0;  // guards the others
};

static void batch_norm_arrive(BatchNormArrivals& all, const float* item, int64_t rows) {
  while (__atomic_exchange_n(&all.busy, 1, __ATOMIC_ACQUIRE) != 0) {
  }
  if (all.count == 0)
    __builtin_memcpy(all.joined, item, static_cast<size_t>(2 * all.channels) * sizeof(float));
  else
    batch_norm_join(all.joined, item, all.channels, static_cast<float>(all.count), static_cast<float>(rows));
  all.count += rows;
  __atomic_store_n(&all.busy, 0, __ATOMIC_RELEASE);
}

template <Mode mode>
static Status batch_norm_statistics(const Call& call) noexcept {
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  const int64_t channels = shape.channels, stride = 2 * channels, tasks = shape.samples * shape.chunks;
  // Deterministic: one item per chunk. Atomic: one item per worker to compute in, and the joined one behind them.
  const int64_t items = mode == Mode::kAtomic ? call.context->workers() + 1 : tasks;
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(items * stride));
  if (partials == nullptr) return refuse(StatusCode::kMemory, "batch_norm: expected scratch memory, got none");
  float* joined = mode == Mode::kAtomic ? partials + (items - 1) * stride : partials;
  BatchNormArrivals arrivals{joined, channels};
  call.context->parallel(ceil_div(tasks, batch_norm_contract::kTaskChunks), [&, partials](int64_t task, int worker) {
    const int64_t end = least(tasks, (task + 1) * batch_norm_contract::kTaskChunks);
    for (int64_t index = task * batch_norm_contract::kTaskChunks; index < end; ++index) {
      const int64_t first = index % shape.chunks * kPositionChunk, rows = least(kPositionChunk, shape.positions - first);
      float* item = partials + (mode == Mode::kAtomic ? worker : index) * stride;
      batch_norm_chunk(x + (index / shape.chunks * shape.positions + first) * channels, rows, channels, item,
                       index + 1 < end ? rows * channels : 0);
      if (mode == Mode::kAtomic) batch_norm_arrive(arrivals, item, rows);
    }
  });
  if (mode == Mode::kDeterministic) {
    const int64_t last = shape.positions - (shape.chunks - 1) * kPositionChunk;
    call.context->parallel(shape.samples, [&, partials](int64_t n, int) {
      batch_norm_join_tree(partials + n * shape.chunks * stride, shape.chunks, stride, channels, kPositionChunk, last);
    });
    batch_norm_join_tree(partials, shape.samples, shape.chunks * stride, channels, shape.positions, shape.positions);
  }
  // One sample of a batch gives m2 itself, for the join.
  const float count = call.batch > 0 ? 1.0f : static_cast<float>(shape.rows());
  for (int64_t c = 0; c < channels; ++c) {
    call.tensors[1].f32()[c] = joined[c];
    call.tensors[2].f32()[c] = joined[channels + c] / count;
  }
  return {};
}

// Joins mean and m2 of the samples, [batch, c] each, into mean and variance of the batch.
static Status batch_norm_statistics_join(const Call& call) noexcept {
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const int64_t channels = shape.channels, stride = 2 * channels;
  float* items = call.context->scratch_of<float>(static_cast<size_t>(call.batch * stride));
  if (items == nullptr) return refuse(StatusCode::kMemory, "batch_norm: expected scratch memory, got none");
  float *mean = call.tensors[1].f32(), *variance = call.tensors[2].f32();
  for (int64_t n = 0; n < call.batch; ++n) {
    __builtin_memcpy(items + n * stride, mean + n * channels, static_cast<size_t>(channels) * sizeof(float));
    __builtin_memcpy(items + n * stride + channels, variance + n * channels, static_cast<size_t>(channels) * sizeof(float));
  }
  batch_norm_join_tree(items, call.batch, stride, channels, shape.positions, shape.positions);
  const float count = static_cast<float>(call.batch * shape.positions);
  for (int64_t c = 0; c < channels; ++c) {
    mean[c] = items[c];
    variance[c] = items[channels + c] / count;
  }
  return {};
}

// How far ahead of the values it works on a pass prefetches, in floats.
static inline constexpr int64_t kBatchNormAhead = 2048;

// Rows per task of the elementwise passes: about 256 KiB of x, so that little of what a task prefetches belongs to another.
static inline int64_t batch_norm_rows_per_task(int64_t channels) { return most(1, 65536 / channels); }

// Calls visit(Vectors<V>, channel, lanes, first row, end row) for every block of channels of every task's rows.
template <class Visit>
static inline void batch_norm_blocks(Context& context, const BatchNormShape& shape, Visit visit) {
  const int64_t grain = batch_norm_rows_per_task(shape.channels);
  context.parallel(ceil_div(shape.rows(), grain), [&](int64_t task, int) {
    const int64_t begin = task * grain, end = least(shape.rows(), begin + grain);
    each_channel_block<4>(shape.channels, [&](auto vectors, int64_t c, int n) { visit(vectors, c, n, begin, end); });
  });
}

static Status batch_norm_forward(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[5].f32();
  const int64_t channels = shape.channels;
  const Outlet out(*call.context, call.tensors[5], channels);
  visit_any_fused(settings.fused, [&](auto activation) {
    batch_norm_blocks(*call.context, shape, [&, x, y]<int V>(Vectors<V>, int64_t c, int n, int64_t begin, int64_t end) {
      const BatchNormChannels<V> block(call, settings.epsilon, c, n);
      const auto activate = activation;  // in registers: what is behind a pointer could be what the loop writes
      for (int64_t row = begin; row < end; ++row)
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
          const int64_t at = row * channels + c + v * 16;
          const F32x16 value = block.value(v, load_some(x + at, n));
          fetch_ahead(x + at + kBatchNormAhead);
          out.put(y + at, activate.value(value), n);
        }
    });
  });
  return {};
}

// Sums over one chunk for one block of channels: dgamma, and `channels` floats behind it dbeta.
template <int V, class Activation>
static inline void batch_norm_parameter_chunk(const BatchNormChannels<V>& block, Activation activation, const float* x,
                                              const float* dy, int64_t rows, int64_t channels, int n, float* item) {
  F32x16 dgamma[V], dbeta[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) dgamma[v] = dbeta[v] = zero();
  for (int64_t row = 0; row < rows; ++row, x += channels, dy += channels)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 value = load_some(x + v * 16, n);
      const F32x16 dz = block.gradient(activation, v, value, load_some(dy + v * 16, n));
      fetch_ahead(x + v * 16 + kBatchNormAhead);
      fetch_ahead(dy + v * 16 + kBatchNormAhead);
      dgamma[v] = fma(dz, mul(sub(value, block.mean[v]), block.inverse[v]), dgamma[v]);
      dbeta[v] = add(dbeta[v], dz);
    }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) {
    store_some(item + v * 16, dgamma[v], n);
    store_some(item + channels + v * 16, dbeta[v], n);
  }
}

template <Mode mode>
static Status batch_norm_parameter_gradient(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  const float* dy = call.tensors[5].f32();
  const int64_t channels = shape.channels, stride = 2 * channels, tasks = shape.samples * shape.chunks;
  const int64_t items = mode == Mode::kAtomic ? call.context->workers() + 1 : tasks;
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(items * stride));
  if (partials == nullptr) return refuse(StatusCode::kMemory, "batch_norm: expected scratch memory, got none");
  float* joined = mode == Mode::kAtomic ? partials + (items - 1) * stride : partials;
  if (mode == Mode::kAtomic)
    for (int64_t i = 0; i < stride; ++i) joined[i] = 0.0f;
  visit_any_fused(settings.fused, [&, partials](auto activation) {
    call.context->parallel(ceil_div(tasks, batch_norm_contract::kTaskChunks), [&, partials](int64_t task, int worker) {
      const int64_t end = least(tasks, (task + 1) * batch_norm_contract::kTaskChunks);
      for (int64_t index = task * batch_norm_contract::kTaskChunks; index < end; ++index) {
        const int64_t first = index % shape.chunks * kPositionChunk;
        const int64_t rows = least(kPositionChunk, shape.positions - first);
        const int64_t start = (index / shape.chunks * shape.positions + first) * channels;
        float* item = partials + (mode == Mode::kAtomic ? worker : index) * stride;
        each_channel_block<4>(channels, [&]<int V>(Vectors<V>, int64_t c, int n) {
          const BatchNormChannels<V> block(call, settings.epsilon, c, n);
          batch_norm_parameter_chunk<V>(block, activation, x + start + c, dy + start + c, rows, channels, n, item + c);
        });
        if (mode == Mode::kAtomic)
          for (int64_t i = 0; i < stride; ++i) atomic_add(joined + i, item[i]);
      }
    });
  });
  if (mode == Mode::kDeterministic) {
    call.context->parallel(shape.samples, [&, partials](int64_t n, int) {
      join_tree(partials + n * shape.chunks * stride, shape.chunks, stride, stride);
    });
    join_tree(partials, shape.samples, shape.chunks * stride, stride);
  }
  for (int64_t c = 0; c < channels; ++c) {
    call.tensors[6].f32()[c] = joined[c];
    call.tensors[7].f32()[c] = joined[channels + c];
  }
  return {};
}

static Status batch_norm_input_gradient(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  const float* dy = call.tensors[5].f32();
  const float* addend = call.tensors[8].f32();
  float* dx = call.tensors[9].f32();
  const int64_t channels = shape.channels;
  const bool training = settings.training != 0;
  const bool past_cache = dx != dy && passes_cache(*call.context, dx, call.tensors[9].extent(), channels);
  // The statistics were taken over the batch, also where this is one sample of it.
  const F32x16 count = set1(static_cast<float>((call.batch > 0 ? call.batch : shape.samples) * shape.positions));
  visit_any_fused(settings.fused, [&](auto activation) {
    batch_norm_blocks(*call.context, shape, [&, x, dy, addend, dx]<int V>(Vectors<V>, int64_t c, int n, int64_t begin, int64_t end) {
      const BatchNormChannels<V> block(call, settings.epsilon, c, n);
      const auto activate = activation;
      F32x16 slope[V], shift[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) {
        slope[v] = div(load_some(call.tensors[6].f32() + c + v * 16, n), count);
        shift[v] = div(load_some(call.tensors[7].f32() + c + v * 16, n), count);
      }
      for (int64_t row = begin; row < end; ++row)
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
          const int64_t at = row * channels + c + v * 16;
          const F32x16 value = load_some(x + at, n);
          F32x16 dz = block.gradient(activate, v, value, load_some(dy + at, n));
          fetch_ahead(x + at + kBatchNormAhead);
          fetch_ahead(dy + at + kBatchNormAhead);
          if (training) dz = sub(sub(dz, shift[v]), mul(mul(sub(value, block.mean[v]), block.inverse[v]), slope[v]));
          F32x16 gradient = mul(block.scale[v], dz);
          if (addend != nullptr) {
            gradient = add(load_some(addend + at, n), gradient);
            fetch_ahead(addend + at + kBatchNormAhead);
          }
          store_out(dx + at, gradient, n, past_cache);
        }
    });
  });
  return {};
}

static Status batch_norm_moving(const Call& call) noexcept {
  const float* value = call.tensors[0].f32();
  float* moving = call.tensors[1].f32();
  const auto& settings = call.as<batch_norm_contract::MovingSettings>();
  const float momentum = settings.momentum, scale = settings.scale, rest = 1.0f - momentum;
  for (int64_t i = 0; i < call.tensors[0].size(); ++i) moving[i] = moving[i] * momentum + (value[i] * scale) * rest;
  return {};
}

inline constexpr ModePair k_batch_norm_statistics{
    {batch_norm_statistics<Mode::kDeterministic>, batch_norm_statistics<Mode::kAtomic>}, batch_norm_statistics_join};
inline constexpr ModePair k_batch_norm_forward{{batch_norm_forward, batch_norm_forward}};
inline constexpr ModePair k_batch_norm_parameter_gradient{
    {batch_norm_parameter_gradient<Mode::kDeterministic>, batch_norm_parameter_gradient<Mode::kAtomic>}};
inline constexpr ModePair k_batch_norm_input_gradient{{batch_norm_input_gradient, batch_norm_input_gradient}};
inline constexpr ModePair k_batch_norm_moving{{batch_norm_moving, batch_norm_moving}};
