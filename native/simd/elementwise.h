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

// Loads and stores that take the short way when all sixteen values are there.
static inline F32x16 load_some(const float* p, int count) { return count == 16 ? load(p) : load_partial(p, count); }
static inline void store_some(float* p, F32x16 x, int count) {
  if (count == 16)
    store(p, x);
  else
    store_partial(p, x, count);
}
