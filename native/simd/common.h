// Words every body uses, compiled inside each instruction set's namespace so that no copy leaks between them.
static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// Asks for the cache line at p, which may lie outside of any tensor, for a use some microseconds ahead. One core alone has
// too few reads under way to keep memory busy while it computes.
static inline void fetch_ahead(const float* p) { __builtin_prefetch(p, 0, 2); }

// Adds into shared memory in the order of arrival: what the atomic mode does with a partial sum.
static inline void atomic_add(float* target, float value) {
  uint32_t* word = reinterpret_cast<uint32_t*>(target);
  uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
  for (;;) {
    const float sum = __builtin_bit_cast(float, seen) + value;
    if (__atomic_compare_exchange_n(word, &seen, __builtin_bit_cast(uint32_t, sum), true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return;
  }
}

// Joins partial sums that lie `stride` floats apart, `width` floats each, by the join tree, into the first one.
static inline void join_tree(float* partials, int64_t count, int64_t stride, int64_t width) {
  if (count < 2) return;
  const int64_t left = join_left(count);
  float* right = partials + left * stride;
  join_tree(partials, left, stride, width);
  join_tree(right, count - left, stride, width);
  int64_t i = 0;
  for (; i + 16 <= width; i += 16) store(partials + i, add(load(partials + i), load(right + i)));
  for (; i < width; ++i) partials[i] = partials[i] + right[i];
}
