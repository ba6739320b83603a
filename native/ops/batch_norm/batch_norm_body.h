// The loops of batch_norm; compiled once per instruction set. x is seen as [samples, positions, channels].

struct BatchNormShape {
  int64_t samples, positions, channels, chunks;
  int64_t rows() const { return samples * positions; }
};

static inline BatchNormShape batch_norm_shape(const View& x) {
  const int64_t samples = x.shape[0], channels = x.shape[x.rank - 1];
  const int64_t positions = x.size() / (samples * channels);
  return {samples, positions, channels, ceil_div(positions, kPositionChunk)};
}

// What one channel vector of a call needs: mean, gamma * inverse, inverse and beta.
struct BatchNormChannel {
  F32x16 mean, inverse, scale, beta;
};
static inline BatchNormChannel batch_norm_channel(const Call& call, float epsilon, int64_t c, int n) {
  BatchNormChannel channel;
  const float* gamma = call.tensors[3].f32();
  const float* beta = call.tensors[4].f32();
  channel.mean = load_some(call.tensors[1].f32() + c, n);
  channel.inverse = div(set1(1.0f), sqrt(add(load_some(call.tensors[2].f32() + c, n), set1(epsilon))));
  channel.scale = gamma == nullptr ? channel.inverse : mul(load_some(gamma + c, n), channel.inverse);
  channel.beta = beta == nullptr ? zero() : load_some(beta + c, n);
  return channel;
}
static inline F32x16 batch_norm_value(const BatchNormChannel& channel, F32x16 x) {
  return fma(sub(x, channel.mean), channel.scale, channel.beta);
}
static inline F32x16 batch_norm_gate(const BatchNormChannel& channel, F32x16 x, F32x16 dy, bool relu) {
  return relu ? select(less(zero(), batch_norm_value(channel, x)), dy, zero()) : dy;
}

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

// Mean and m2 of one chunk: both passes over it while it is in the cache. V vectors of channels at a time.
template <int V>
static inline void batch_norm_chunk_vectors(const float* x, int64_t rows, int64_t channels, float* item) {
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

static void batch_norm_chunk(const float* x, int64_t rows, int64_t channels, float* item) {
  int64_t c = 0;
  for (; c + 32 <= channels; c += 32) batch_norm_chunk_vectors<2>(x + c, rows, channels, item + c);
  for (; c + 16 <= channels; c += 16) batch_norm_chunk_vectors<1>(x + c, rows, channels, item + c);
  if (c < channels) batch_norm_chunk_tail(x + c, rows, channels, static_cast<int>(channels - c), item + c);
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
  int64_t arrived = 0;
  int busy = 0;  // guards `joined` and `arrived` in atomic mode
  call.context->parallel(tasks, [&, partials, joined](int64_t task, int worker) {
    const int64_t chunk = task % shape.chunks, first = chunk * kPositionChunk;
    const int64_t rows = least(kPositionChunk, shape.positions - first);
    float* item = partials + (mode == Mode::kAtomic ? worker : task) * stride;
    batch_norm_chunk(x + (task / shape.chunks * shape.positions + first) * channels, rows, channels, item);
    if (mode == Mode::kAtomic) {
      while (__atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE) != 0) {
      }
      if (arrived == 0)
        __builtin_memcpy(joined, item, static_cast<size_t>(stride) * sizeof(float));
      else
        batch_norm_join(joined, item, channels, static_cast<float>(arrived), static_cast<float>(rows));
      arrived += rows;
      __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
    }
  });
  if (mode == Mode::kDeterministic) {
    const int64_t last = shape.positions - (shape.chunks - 1) * kPositionChunk;
    for (int64_t n = 0; n < shape.samples; ++n)
      batch_norm_join_tree(partials + n * shape.chunks * stride, shape.chunks, stride, channels, kPositionChunk, last);
    batch_norm_join_tree(partials, shape.samples, shape.chunks * stride, channels, shape.positions, shape.positions);
  }
  const float count = static_cast<float>(shape.rows());
  for (int64_t c = 0; c < channels; ++c) {
    call.tensors[1].f32()[c] = joined[c];
    call.tensors[2].f32()[c] = joined[channels + c] / count;
  }
  return {};
}

// Rows per task of the elementwise passes: about 64 KiB of x.
static inline int64_t batch_norm_rows_per_task(int64_t channels) { return most(1, 16384 / channels); }

static Status batch_norm_forward(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  const BatchNormShape shape = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[5].f32();
  const int64_t channels = shape.channels, grain = batch_norm_rows_per_task(channels);
  const bool rectify = settings.relu != 0;
  call.context->parallel(ceil_div(shape.rows(), grain), [&, x, y](int64_t task, int) {
    const int64_t begin = task * grain, end = least(shape.rows(), begin + grain);
    for (int64_t c = 0; c < channels; c += 16) {
      const int n = static_cast<int>(least(16, channels - c));
      const BatchNormChannel channel = batch_norm_channel(call, settings.epsilon, c, n);
      for (int64_t row = begin; row < end; ++row) {
        const F32x16 value = batch_norm_value(channel, load_some(x + row * channels + c, n));
        store_some(y + row * channels + c, rectify ? relu(value) : value, n);
      }
    }
  });
  return {};
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
  const bool rectify = settings.relu != 0;
  call.context->parallel(tasks, [&, partials, joined](int64_t task, int worker) {
    const int64_t first = task % shape.chunks * kPositionChunk;
    const int64_t rows = least(kPositionChunk, shape.positions - first);
    const int64_t start = (task / shape.chunks * shape.positions + first) * channels;
    float* item = partials + (mode == Mode::kAtomic ? worker : task) * stride;
    for (int64_t c = 0; c < channels; c += 16) {
      const int n = static_cast<int>(least(16, channels - c));
      const BatchNormChannel channel = batch_norm_channel(call, settings.epsilon, c, n);
      F32x16 dgamma = zero(), dbeta = zero();
      for (int64_t row = 0; row < rows; ++row) {
        const F32x16 value = load_some(x + start + row * channels + c, n);
        const F32x16 dz = batch_norm_gate(channel, value, load_some(dy + start + row * channels + c, n), rectify);
        dgamma = fma(dz, mul(sub(value, channel.mean), channel.inverse), dgamma);
        dbeta = add(dbeta, dz);
      }
      store_some(item + c, dgamma, n);
      store_some(item + channels + c, dbeta, n);
    }
    if (mode == Mode::kAtomic)
      for (int64_t i = 0; i < stride; ++i) atomic_add(joined + i, item[i]);
  });
  if (mode == Mode::kDeterministic) {
    for (int64_t n = 0; n < shape.samples; ++n) join_tree(partials + n * shape.chunks * stride, shape.chunks, stride, stride);
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
  float* dx = call.tensors[8].f32();
  const int64_t channels = shape.channels, grain = batch_norm_rows_per_task(channels);
  const bool rectify = settings.relu != 0, training = settings.training != 0;
  const F32x16 count = set1(static_cast<float>(shape.rows()));
  call.context->parallel(ceil_div(shape.rows(), grain), [&, x, dy, dx](int64_t task, int) {
    const int64_t begin = task * grain, end = least(shape.rows(), begin + grain);
    for (int64_t c = 0; c < channels; c += 16) {
      const int n = static_cast<int>(least(16, channels - c));
      const BatchNormChannel channel = batch_norm_channel(call, settings.epsilon, c, n);
      const F32x16 slope = div(load_some(call.tensors[6].f32() + c, n), count);
      const F32x16 shift = div(load_some(call.tensors[7].f32() + c, n), count);
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * channels + c;
        const F32x16 value = load_some(x + at, n);
        F32x16 dz = batch_norm_gate(channel, value, load_some(dy + at, n), rectify);
        if (training)
          dz = sub(sub(dz, shift), mul(mul(sub(value, channel.mean), channel.inverse), slope));
        store_some(dx + at, mul(channel.scale, dz), n);
      }
    }
  });
  return {};
}

static Status batch_norm_moving(const Call& call) noexcept {
  const float* value = call.tensors[0].f32();
  float* moving = call.tensors[1].f32();
  const float momentum = call.as<batch_norm_contract::MovingSettings>().momentum, rest = 1.0f - momentum;
  for (int64_t i = 0; i < call.tensors[0].size(); ++i) moving[i] = moving[i] * momentum + value[i] * rest;
  return {};
}

inline constexpr ModePair k_batch_norm_statistics{
    {batch_norm_statistics<Mode::kDeterministic>, batch_norm_statistics<Mode::kAtomic>}};
inline constexpr ModePair k_batch_norm_forward{{batch_norm_forward, batch_norm_forward}};
inline constexpr ModePair k_batch_norm_parameter_gradient{
    {batch_norm_parameter_gradient<Mode::kDeterministic>, batch_norm_parameter_gradient<Mode::kAtomic>}};
inline constexpr ModePair k_batch_norm_input_gradient{{batch_norm_input_gradient, batch_norm_input_gradient}};
inline constexpr ModePair k_batch_norm_moving{{batch_norm_moving, batch_norm_moving}};
