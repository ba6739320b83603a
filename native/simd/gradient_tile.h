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

// Where a second item lies from the first one: floats in x, and rows of packed dy.
struct Apart {
  int64_t x, dy;
};

// Sums x[r] * dy[column] over the runs from `start` (null: from +0), joins, stores to joins.out. All of them hold R rows of
// V * 16 floats. Of two items the second one has the same runs, `apart` from the first, and no start: their sums are joined
// in registers before all other joins. With one vector of columns a position has no time to ask for `beside`.
template <int R, int V, int kItems>
[[gnu::always_inline]] static inline void sum_tile(const float* x, const float* dy, const Positions* runs, int64_t run_count,
                                                   int64_t x_step, const float* start, const Joins& joins, Ahead ahead,
                                                   Ahead beside, Apart apart) noexcept {
  F32x16 sum[R][V], second[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      sum[r][v] = start == nullptr ? zero() : load(start + (r * V + v) * 16);
      second[r][v] = zero();
    }
  for (int64_t i = 0; i < run_count; ++i) {
    const float* from = x + runs[i].x;
    const float* gradient = dy + runs[i].dy * (V * 16);
    for (int64_t p = 0; p < runs[i].count; ++p) {
      add_position<R, V>(sum, from, gradient);
      if constexpr (kItems == 2) add_position<R, V>(second, from + apart.x, gradient + apart.dy * (V * 16));
      fetch_ahead(ahead.next);
      ahead.next += ahead.step;
      if constexpr (kTileVectors > 1) {
        fetch_ahead(beside.next);
        beside.next += beside.step;
      }
      from += x_step;
      gradient += V * 16;
    }
  }
  if constexpr (kItems == 2) {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[r][v] = add(sum[r][v], second[r][v]);
  }
  for (int j = 0; j < joins.count; ++j) {
    const float* left = joins.left[j];
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) sum[r][v] = add(load(left + (r * V + v) * 16), sum[r][v]);
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) store(joins.out + (r * V + v) * 16, sum[r][v]);
}

static inline constexpr int kPairRows = kTileRows / 2;

// What tile_of gives: a function for one item, or for two of half the rows.
template <int kItems>
struct GradientTile {
  static constexpr int kMostRows = kItems == 2 ? kPairRows : kTileRows;

  template <int R, int V>
  static void tile(const float* x, const float* dy, const Positions* runs, int64_t run_count, int64_t x_step, const float* start,
                   const Joins& joins, Ahead ahead, Ahead beside, Apart apart) noexcept {
    sum_tile<R, V, kItems>(x, dy, runs, run_count, x_step, start, joins, ahead, beside, apart);
  }
};

template <class Of, int V, int R = 1>
static auto tile_sized(int rows) noexcept {
  if constexpr (R < Of::kMostRows) {
    if (rows != R) return tile_sized<Of, V, R + 1>(rows);
  }
  return &Of::template tile<R, V>;
}

// Of::tile for `rows` of 1..kMostRows and `vectors` of 1 or kTileVectors.
template <class Of>
static inline auto tile_of(int rows, int vectors) noexcept {
  return vectors == kTileVectors ? tile_sized<Of, kTileVectors>(rows) : tile_sized<Of, 1>(rows);
}

static inline auto gradient_tile_of(int rows, int vectors) noexcept { return tile_of<GradientTile<1>>(rows, vectors); }
