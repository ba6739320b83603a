// The loop every elementwise kernel shares: sixteen values at a time, the tail partly loaded, tasks over threads.
// f(i, count) handles `count` values from i; count is 16 except at the end of a task.
static inline constexpr int64_t kElementwiseGrain = 16384;  // values per task: enough to outweigh handing it out

template <class F>
static inline void elementwise(Context& context, int64_t n, F f) {
  context.parallel(ceil_div(n, kElementwiseGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kElementwiseGrain);
    for (int64_t i = task * kElementwiseGrain; i < end; i += 16) f(i, static_cast<int>(least(16, end - i)));
  });
}

// The loop of kernels that take one value at a time: f(i). Where f has no branches a compiler makes vectors of it.
template <class F>
static inline void elementwise_each(Context& context, int64_t n, F f) {
  context.parallel(ceil_div(n, kElementwiseGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kElementwiseGrain);
    for (int64_t i = task * kElementwiseGrain; i < end; ++i) f(i);
  });
}

// Rows of one width over threads: f(row, from, to) for some short rows in a task, or for a piece of a long one.
template <class F>
static inline void row_pieces(Context& context, int64_t rows, int64_t width, F f) {
  if (rows == 0 || width == 0) return;
  const int64_t together = most(1, kElementwiseGrain / width), pieces = ceil_div(width, kElementwiseGrain);
  context.parallel(ceil_div(rows, together) * pieces, [&](int64_t task, int) {
    const int64_t from = task % pieces * kElementwiseGrain, to = least(width, from + kElementwiseGrain);
    const int64_t begin = task / pieces * together, end = least(rows, begin + together);
    for (int64_t row = begin; row < end; ++row) f(row, from, to);
  });
}

// Loads and stores that take the short way when all sixteen values are there.
static inline F32x16 load_some(const float* p, int count) { return count == 16 ? load(p) : load_partial(p, count); }
static inline void store_some(float* p, F32x16 x, int count) {
  if (count == 16)
    store(p, x);
  else
    store_partial(p, x, count);
}

// Whether a result is stored past the caches: its rows are whole lines, and it is so large (2 MiB, measured on whole training
// steps) that reading each line before it is overwritten costs more than the little that a cache would keep. Only speed.
static inline bool passes_cache(const Context& context, const float* out, int64_t values, int64_t row) {
  return values >= context.conditions().past_cache && row % 16 == 0 && reinterpret_cast<uintptr_t>(out) % 64 == 0;
}
static inline void store_out(float* p, F32x16 x, int count, bool past_cache) {
  if (past_cache)
    stream(p, x);
  else
    store_some(p, x, count);
}

// Where a result goes: to memory, and where View::copy is given there, too. `p` is a place in the result.
struct Outlet {
  bool past_cache = false;
  intptr_t copy = 0;  // bytes from the result to its copy, 0 for none

  Outlet() = default;
  Outlet(const Context& context, const View& out, int64_t row)
      : past_cache(passes_cache(context, out.f32(), out.extent(), row)),
        copy(out.copy == nullptr ? 0 : reinterpret_cast<intptr_t>(out.copy) - reinterpret_cast<intptr_t>(out.data)) {}

  float* copy_of(float* p) const { return reinterpret_cast<float*>(reinterpret_cast<intptr_t>(p) + copy); }
  void put(float* p, F32x16 x, int count) const {
    store_out(p, x, count, past_cache);
    if (copy != 0) store_some(copy_of(p), x, count);
  }
};

// Blocks of channels whose constants a loop over rows keeps in registers: visit(Vectors<V>, channel, lanes) for V vectors
// of sixteen channels, at most kMost where registers are as wide as that, or for one of `lanes`.
template <int V>
struct Vectors {};
template <int kMost, class Visit>
static inline void each_channel_block(int64_t channels, Visit visit, int64_t c = 0) {
  constexpr int V = kNativeLanes == 16 ? kMost : 1;
  for (; c + V * 16 <= channels; c += V * 16) visit(Vectors<V>{}, c, 16);
  if constexpr (V > 1)
    each_channel_block<V / 2>(channels, visit, c);
  else if (c < channels)
    visit(Vectors<1>{}, c, static_cast<int>(channels - c));
}
