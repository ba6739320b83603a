// The register tile of every sum over positions (rule 2): R rows of x by V vectors of dy, one chain of fma per pair.

// Positions next to each other: x from offset `x`, a fixed step apart; packed dy rows from row `dy`.
struct Positions {
  int64_t x, dy, count;
};

// Partial sums that go before the new one, nearest first, and where the result belongs. One is made for every tile: the
// places beyond `count` stay as they are.
struct Joins {
  const float* left[80];
  int count = 0;
  float* out;
  explicit Joins(float* to) : out(to) {}
};

// One position added to every chain of a tile.
template <int R, int V>
[[gnu::always_inline]] static inline void add_position(F32x16 (&sum)[R][V], const float* x, const float* dy) noexcept {
  F32x16 column[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) column[v] = load(dy + v * 16);
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    const F32x16 value = set1(x[r]);
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = fma(value, column[v], sum[r][v]);
  }
}

// A tile's sums joined with what comes before them, and stored; both begin `shift` floats into their places.
template <int R, int V>
[[gnu::always_inline]] static inline void join_and_store(F32x16 (&sum)[R][V], const Joins& joins, int64_t shift) noexcept {
  for (int j = 0; j < joins.count; ++j) {
    const float* left = joins.left[j] + shift;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[r][v] = add(load(left + (r * V + v) * 16), sum[r][v]);
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) store(joins.out + shift + (r * V + v) * 16, sum[r][v]);
}

// Sums x[r] * dy[column] over the runs from `start` (null: from +0), joins, stores to joins.out. All of them hold R rows of
// V * 16 floats.
template <int R, int V>
static void gradient_tile(const float* x, const float* dy, const Positions* runs, int64_t run_count, int64_t x_step,
                          const float* start, const Joins& joins, Ahead ahead, Ahead beside) noexcept {
  F32x16 sum[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = start == nullptr ? zero() : load(start + (r * V + v) * 16);
  for (int64_t i = 0; i < run_count; ++i) {
    const float* from = x + runs[i].x;
    const float* gradient = dy + runs[i].dy * (V * 16);
    for (int64_t p = 0; p < runs[i].count; ++p) {
      add_position<R, V>(sum, from, gradient);
      fetch_ahead(ahead.next);
      fetch_ahead(beside.next);
      ahead.next += ahead.step;
      beside.next += beside.step;
      from += x_step;
      gradient += V * 16;
    }
  }
  join_and_store(sum, joins, 0);
}

// The same over two items of equal runs, the other one's at `other` from the first one's: half as many rows, and the sums
// are joined in registers. Rows begin `shift` floats into what the joins hold.
template <int R, int V>
static void gradient_pair(const float* x, const float* dy, const Positions* runs, int64_t run_count, int64_t x_step,
                          const Positions& other, const Joins& joins, int64_t shift, Ahead ahead, Ahead beside) noexcept {
  F32x16 sum[R][V], second[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = second[r][v] = zero();
  for (int64_t i = 0; i < run_count; ++i) {
    const float* from = x + runs[i].x;
    const float* gradient = dy + runs[i].dy * (V * 16);
    for (int64_t p = 0; p < runs[i].count; ++p) {
      add_position<R, V>(sum, from, gradient);
      add_position<R, V>(second, from + other.x, gradient + other.dy * (V * 16));
      fetch_ahead(ahead.next);
      fetch_ahead(beside.next);
      ahead.next += ahead.step;
      beside.next += beside.step;
      from += x_step;
      gradient += V * 16;
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) second[r][v] = add(sum[r][v], second[r][v]);
  join_and_store(second, joins, shift);
}

using GradientTile = void (*)(const float*, const float*, const Positions*, int64_t, int64_t, const float*, const Joins&, Ahead,
                              Ahead);

template <int V, int R = 1>
static GradientTile gradient_tile_sized(int rows) noexcept {
  if constexpr (R < kTileRows) {
    if (rows != R) return gradient_tile_sized<V, R + 1>(rows);
  }
  return gradient_tile<R, V>;
}

// The tile for `rows` of 1..kTileRows and `vectors` of 1 or kTileVectors.
static inline GradientTile gradient_tile_of(int rows, int vectors) noexcept {
  return vectors == kTileVectors ? gradient_tile_sized<kTileVectors>(rows) : gradient_tile_sized<1>(rows);
}

static inline constexpr int kPairRows = kTileRows / 2;

using GradientPair = void (*)(const float*, const float*, const Positions*, int64_t, int64_t, const Positions&, const Joins&, int64_t,
                              Ahead, Ahead);

template <int V, int R = 1>
static GradientPair gradient_pair_sized(int rows) noexcept {
  if constexpr (R < kPairRows) {
    if (rows != R) return gradient_pair_sized<V, R + 1>(rows);
  }
  return gradient_pair<R, V>;
}

// The pair tile for `rows` of 1..kPairRows and `vectors` of 1 or kTileVectors.
static inline GradientPair gradient_pair_of(int rows, int vectors) noexcept {
  return vectors == kTileVectors ? gradient_pair_sized<kTileVectors>(rows) : gradient_pair_sized<1>(rows);
}
