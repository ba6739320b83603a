// The loops of normalize; compiled once per instruction set.

using NormalizeLayout = normalize_contract::Layout;

// f(row, worker) for every row, several short ones to a task.
template <class F>
static inline void normalize_rows(Context& context, const NormalizeLayout& layout, F f) {
  const int64_t together = most(1, kElementwiseGrain / 4 / layout.count());
  context.parallel(ceil_div(layout.rows, together), [&](int64_t task, int worker) {
    const int64_t end = least(layout.rows, (task + 1) * together);
    for (int64_t row = task * together; row < end; ++row) f(row, worker);
  });
}

// step(place in x, place in the row, channel, n) for up to sixteen values of a row at a time.
template <class Step>
static inline void normalize_walk(const NormalizeLayout& layout, int64_t row, Step step) {
  const int64_t first = layout.first(row), channel = layout.first_channel(row);
  for (int64_t span = 0; span < layout.spans; ++span)
    for (int64_t c = 0; c < layout.width; c += 16)
      step(first + span * layout.channels + c, span * layout.width + c, channel + c,
           static_cast<int>(least(16, layout.width - c)));
}

// The sum of a row of values that lie side by side, rule 4.
static inline float normalize_sum(const float* values, int64_t count) {
  return memory_sum(count, [=](F32x16 lanes, int64_t i, int n) { return add(lanes, load_some(values + i, n)); });
}

static Status normalize_forward(const Call& call) noexcept {
  const NormalizeLayout layout = normalize_contract::layout_of(call);
  const View &gamma = call.tensors[1], &beta = call.tensors[2];
  const float *x = call.tensors[0].f32(), epsilon = call.as<normalize_contract::Settings>().epsilon;
  float *y = call.tensors[3].f32(), *means = call.tensors[4].f32(), *inverses = call.tensors[5].f32();
  const int64_t count = layout.count();
  const bool apart = layout.spans > 1 && layout.groups > 1;
  float* packs = apart ? call.context->scratch_of<float>(static_cast<size_t>(call.context->workers() * count)) : nullptr;
  if (apart && packs == nullptr) return refuse(StatusCode::kMemory, "normalize: expected scratch memory, got none");
  normalize_rows(*call.context, layout, [&](int64_t row, int worker) {
    const float* values = x + layout.first(row);
    if (apart) {
      float* pack = packs + worker * count;
      normalize_walk(layout, row, [=](int64_t at, int64_t i, int64_t, int n) { store_some(pack + i, load_some(x + at, n), n); });
      values = pack;
    }
    const float mean = normalize_sum(values, count) / static_cast<float>(count);
    float filled[16];
    store(filled, set1(mean));
    const float m2 = memory_sum(count, [&](F32x16 lanes, int64_t i, int n) {
      const F32x16 d = sub(load_some(values + i, n), load_some(filled, n));  // 0 in the lanes that get nothing
      return fma(d, d, lanes);
    });
    const float inverse = 1.0f / __builtin_sqrtf(m2 / static_cast<float>(count) + epsilon);
    means[row] = mean;
    inverses[row] = inverse;
    normalize_walk(layout, row, [&](int64_t at, int64_t, int64_t c, int n) {
      const F32x16 scale = gamma.given() ? mul(load_some(gamma.f32() + c, n), set1(inverse)) : set1(inverse);
      const F32x16 shift = beta.given() ? load_some(beta.f32() + c, n) : zero();
      store_some(y + at, fma(sub(load_some(x + at, n), set1(mean)), scale, shift), n);
    });
  });
  return {};
}

static Status normalize_input_gradient(const Call& call) noexcept {
  const NormalizeLayout layout = normalize_contract::layout_of(call);
  const View& gamma = call.tensors[3];
  const float *x = call.tensors[0].f32(), *means = call.tensors[1].f32(), *inverses = call.tensors[2].f32();
  const float* dy = call.tensors[4].f32();
  float* dx = call.tensors[5].f32();
  const int64_t count = layout.count();
  // A thread keeps g and xh of its row.
  float* packs = call.context->scratch_of<float>(static_cast<size_t>(call.context->workers() * count * 2));
  if (packs == nullptr) return refuse(StatusCode::kMemory, "normalize: expected scratch memory, got none");
  normalize_rows(*call.context, layout, [&](int64_t row, int worker) {
    float *g = packs + worker * count * 2, *xh = g + count;
    const F32x16 mean = set1(means[row]), inverse = set1(inverses[row]);
    normalize_walk(layout, row, [&](int64_t at, int64_t i, int64_t c, int n) {
      const F32x16 slope = load_some(dy + at, n);
      store_some(g + i, gamma.given() ? mul(slope, load_some(gamma.f32() + c, n)) : slope, n);
      store_some(xh + i, mul(sub(load_some(x + at, n), mean), inverse), n);
    });
    const float a = normalize_sum(g, count), b = memory_sum(count, [=](F32x16 lanes, int64_t i, int n) {
      return fma(load_some(g + i, n), load_some(xh + i, n), lanes);
    });
    const F32x16 shift = set1(a / static_cast<float>(count)), slope = set1(b / static_cast<float>(count));
    normalize_walk(layout, row, [&](int64_t at, int64_t i, int64_t, int n) {
      const F32x16 centred = sub(sub(load_some(g + i, n), shift), mul(load_some(xh + i, n), slope));
      store_some(dx + at, mul(inverse, centred), n);
    });
  });
  return {};
}

// Sixteen channels of one chunk of positions of a sample (or n of them): the sums of fma(dy, xh) and of dy.
template <bool across>
static inline void normalize_columns(const NormalizeLayout& layout, const float* const (&in)[4], int64_t sample, int64_t chunk,
                                     int64_t c, int n, F32x16& dgamma, F32x16& dbeta) {
  const auto [x, means, inverses, dy] = in;
  F32x16 mean = zero(), inverse = zero();
  if constexpr (across) {
    float both[2][16] = {};
    for (int k = 0; k < n; ++k) {
      const int64_t row = sample * layout.groups + (c + k) / layout.width;
      both[0][k] = means[row];
      both[1][k] = inverses[row];
    }
    mean = load(both[0]);
    inverse = load(both[1]);
  }
  const int64_t end = least(layout.positions, (chunk + 1) * kPositionChunk);
  dgamma = zero();
  dbeta = zero();
  for (int64_t p = chunk * kPositionChunk; p < end; ++p) {
    const int64_t row = sample * layout.positions + p, at = row * layout.channels + c;
    if constexpr (!across) {
      mean = set1(means[row]);
      inverse = set1(inverses[row]);
    }
    const F32x16 slope = load_some(dy + at, n);
    dgamma = fma(slope, mul(sub(load_some(x + at, n), mean), inverse), dgamma);
    dbeta = add(dbeta, slope);
  }
}

template <Mode mode>
static Status normalize_parameter_gradient(const Call& call) noexcept {
  const NormalizeLayout layout = normalize_contract::layout_of(call);
  const float* in[4] = {call.tensors[0].f32(), call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32()};
  float* sums[2] = {call.tensors[4].f32(), call.tensors[5].f32()};
  const int64_t channels = layout.channels, chunks = ceil_div(layout.positions, kPositionChunk), items = layout.samples * chunks;
  float* partials = nullptr;  // [items, 2, channels]
  if (mode == Mode::kDeterministic) {
    partials = call.context->scratch_of<float>(static_cast<size_t>(most(1, items) * 2 * channels));
    if (partials == nullptr) return refuse(StatusCode::kMemory, "normalize: expected scratch memory, got none");
  }
  if (mode == Mode::kAtomic || items == 0)
    for (float* sum : sums)
      for (int64_t c = 0; c < channels; ++c) sum[c] = 0.0f;
  const int64_t together = most(1, kElementwiseGrain / (least(layout.positions, kPositionChunk) * channels));
  call.context->parallel(ceil_div(items, together), [&](int64_t task, int) {
    const int64_t end = least(items, (task + 1) * together);
    for (int64_t item = task * together; item < end; ++item)
      for (int64_t c = 0; c < channels; c += 16) {
        const int n = static_cast<int>(least(16, channels - c));
        F32x16 parts[2];
        const auto columns = layout.across ? normalize_columns<true> : normalize_columns<false>;
        columns(layout, in, item / chunks, item % chunks, c, n, parts[0], parts[1]);
        for (int k = 0; k < 2; ++k) {
          if (mode == Mode::kDeterministic) {
            store_some(partials + (item * 2 + k) * channels + c, parts[k], n);
          } else {
            float values[16];
            store(values, parts[k]);
            for (int lane = 0; lane < n; ++lane) atomic_add(sums[k] + c + lane, values[lane]);
          }
        }
      }
  });
  if (mode == Mode::kAtomic || items == 0) return {};
  for (int64_t sample = 0; sample < layout.samples; ++sample)
    join_tree(partials + sample * chunks * 2 * channels, chunks, 2 * channels, 2 * channels);
  join_tree(partials, layout.samples, chunks * 2 * channels, 2 * channels);
  for (int64_t c = 0; c < channels; ++c) {
    sums[0][c] = partials[c];
    sums[1][c] = partials[channels + c];
  }
  return {};
}

inline constexpr ModePair k_normalize_forward{{normalize_forward, normalize_forward}};
inline constexpr ModePair k_normalize_input_gradient{{normalize_input_gradient, normalize_input_gradient}};
inline constexpr ModePair k_normalize_parameter_gradient{
    {normalize_parameter_gradient<Mode::kDeterministic>, normalize_parameter_gradient<Mode::kAtomic>}};
