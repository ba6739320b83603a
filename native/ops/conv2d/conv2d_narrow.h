// Correlations with few output channels, which would leave most lanes of a vector of channels empty: here a vector holds sixteen
// neighbouring outputs of one channel. The source is copied to planes [channel][row][column] with room for what lies over the
// borders, where a tap is added to those lanes alone for which it exists.

static inline constexpr int64_t kNarrowColumns = 8;                    // most output channels
static inline constexpr int64_t kNarrowTaps = 8;                       // fewest taps that are worth the copy
static inline constexpr int64_t kNarrowFloats = int64_t{1} << 15;      // most floats of a sample's planes: they stay in the caches

// What one tap along w reads for the outputs of one tile.
struct NarrowTap {
  Mask16 lanes[kTileVectors];  // outputs for which it lies inside
  bool whole;                  // all of them
};

struct Narrow {
  const Correlation* c;
  int64_t left, pitch;    // columns before the picture's first one, and of a row
  const NarrowTap* taps;  // [tile][tap along w]

  int64_t plane() const { return c->h.source * pitch; }
  int64_t floats() const { return c->depth * plane(); }
  // The second vector of a tile has the outputs behind the first, or, where a row has one vector alone, those of another sample:
  // the chains of one vector are too few to keep a core busy.
  int64_t together() const { return c->w.count <= 16 ? kTileVectors : 1; }
  int64_t apart() const { return together() > 1 ? floats() : 16; }
};

static Narrow narrow_of(const Correlation& c) {
  const int64_t lanes = ceil_div(c.w.count, 16) * 16, left = most(0, -c.w.first);
  const int64_t end = lanes + c.w.first + (c.w.taps - 1) * c.w.spacing;
  return {&c, left, left + most(c.w.source, end), nullptr};
}

// The scalar build, the referee, keeps the plain form.
static bool takes_narrow(const Correlation& c) {
  return kNativeLanes > 1 && c.groups == 1 && c.panels.columns <= kNarrowColumns && c.w.stride == 1 && c.w.out_spacing == 1 &&
         c.h.taps * c.w.taps >= kNarrowTaps && narrow_of(c).floats() <= kNarrowFloats;
}

// The lanes of sixteen outputs from output `first` for which a tap exists that `inside` have.
static Mask16 lanes_inside(Range inside, int64_t first) {
  alignas(64) float flags[16];
  for (int64_t lane = 0; lane < 16; ++lane) flags[lane] = first + lane >= inside.begin && first + lane < inside.end ? 1.0f : 0.0f;
  return less(zero(), load(flags));
}

static void plan_taps(const Correlation& c, NarrowTap* taps) {
  for (int64_t column = 0; column < c.w.count; column += kTileColumns) {
    const int64_t end = least(c.w.count, column + kTileColumns);
    for (int64_t tap = 0; tap < c.w.taps; ++tap, ++taps) {
      const Range inside = outputs_of(c.w, tap);
      taps->whole = inside.begin <= column && inside.end >= end;
      for (int v = 0; v < kTileVectors; ++v) taps->lanes[v] = lanes_inside(inside, c.w.count <= 16 ? column : column + v * 16);
    }
  }
}

static void copy_planes(const Narrow& n, int64_t sample, float* planes) {
  const Correlation& c = *n.c;
  const float* from = c.source + sample * c.h.source * c.w.source * c.depth;
  for (int64_t k = 0; k < c.depth; ++k)
    for (int64_t row = 0; row < c.h.source; ++row) {
      // Over the borders any values would do; zeros take no longer than others.
      float* to = planes + k * n.plane() + row * n.pitch;
      for (int64_t column = 0; column < n.left; ++column) *to++ = 0.0f;
      for (int64_t column = 0; column < c.w.source; ++column) *to++ = from[(row * c.w.source + column) * c.depth + k];
      for (int64_t column = n.left + c.w.source; column < n.pitch; ++column) *to++ = 0.0f;
    }
}

// One term added to every chain of a tile: to all lanes, or to those of `tap` alone.
template <bool whole, int C, int V>
[[gnu::always_inline]] static inline void add_term(F32x16 (&sum)[C][V], const float* x, int64_t apart, const float* weights,
                                                   const NarrowTap& tap) noexcept {
#pragma GCC unroll 2
  for (int v = 0; v < V; ++v) {
    const F32x16 value = load(x + v * apart);
#pragma GCC unroll 8
    for (int i = 0; i < C; ++i) {
      const F32x16 next = fma(value, set1(weights[i]), sum[i][v]);
      sum[i][v] = whole ? next : select(tap.lanes[v], next, sum[i][v]);
    }
  }
}

// C channels of V vectors of outputs: their chains over the taps of `down`, and the bias; `out` gets them output by output.
template <int C, int V>
static void narrow_tile(const Narrow& n, const float* source, Range down, const NarrowTap* taps, float* out) noexcept {
  const Correlation& c = *n.c;
  const int64_t plane = n.plane(), apart = n.apart();
  F32x16 sum[C][V];
#pragma GCC unroll 8
  for (int i = 0; i < C; ++i)
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) sum[i][v] = zero();
  const float* weights = c.weights + down.begin * c.w.taps * c.depth * 16;
  for (int64_t th = down.begin; th < down.end; ++th) {
    for (int64_t tw = 0; tw < c.w.taps; ++tw) {
      const float* x = source + th * c.h.spacing * n.pitch + tw * c.w.spacing;
      const NarrowTap tap = taps[tw];
      if (tap.whole)
        for (int64_t k = 0; k < c.depth; ++k, x += plane, weights += 16) add_term<true>(sum, x, apart, weights, tap);
      else
        for (int64_t k = 0; k < c.depth; ++k, x += plane, weights += 16) add_term<false>(sum, x, apart, weights, tap);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < C; ++i) {
    alignas(64) float values[V * 16];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) store(values + v * 16, c.bias == nullptr ? sum[i][v] : add(sum[i][v], set1(c.bias[i])));
    for (int j = 0; j < V * 16; ++j) out[j * C + i] = values[j];
  }
}

using NarrowTile = void (*)(const Narrow&, const float*, Range, const NarrowTap*, float*);

template <int V, int C = 1>
static NarrowTile narrow_tile_of(int64_t columns) noexcept {
  if constexpr (C < kNarrowColumns) {
    if (columns != C) return narrow_tile_of<V, C + 1>(columns);
  }
  return narrow_tile<C, V>;
}

// One row of outputs, which lie one behind the other, of `samples` samples.
static void narrow_row(const Narrow& n, const float* planes, int64_t sample, int64_t samples, int64_t row,
                       const NarrowTile (&tiles)[2]) noexcept {
  const Correlation& c = *n.c;
  const int64_t columns = c.panels.columns, picture = c.out_h * c.out_w * columns;
  const float* source = planes + (row * c.h.stride + c.h.first) * n.pitch + n.left + c.w.first;
  float* out = c.out + sample * picture + (c.h.out_first + row * c.h.out_spacing) * c.out_w * columns;
  const NarrowTap* taps = n.taps;
  for (int64_t column = 0; column < c.w.count; column += kTileColumns, taps += c.w.taps) {
    const int64_t outputs = least(c.w.count - column, kTileColumns), values = outputs * columns;
    alignas(64) float line[kTileColumns * kNarrowColumns];
    tiles[samples > 1 || outputs > 16](n, source + column, taps_of(c.h, row), taps, line);
    visit_fused(c.fused, [&](const auto& activation) {
      for (int64_t one = 0; one < samples; ++one)
        for (int64_t i = 0; i < values; i += 16)
          c.outlet.put(out + one * picture + column * columns + i, activation.value(load(line + one * 16 * columns + i)),
                       static_cast<int>(least(16, values - i)));
    });
  }
}

// False when scratch memory is out.
static bool correlate_narrow(Context& context, const Correlation& c) noexcept {
  Narrow n = narrow_of(c);
  const int64_t together = n.together(), worker_floats = together * n.floats();
  float* memory = context.scratch_of<float>(static_cast<size_t>(worker_floats * context.workers()));
  NarrowTap* taps = context.scratch_of<NarrowTap>(static_cast<size_t>(ceil_div(c.w.count, kTileColumns) * c.w.taps));
  if (memory == nullptr || taps == nullptr) return false;
  plan_taps(c, taps);
  n.taps = taps;
  const NarrowTile tiles[2] = {narrow_tile_of<1>(c.panels.columns), narrow_tile_of<kTileVectors>(c.panels.columns)};
  context.parallel(ceil_div(c.samples, together), [&](int64_t task, int worker) {
    const int64_t first = task * together, samples = least(together, c.samples - first);
    float* planes = memory + worker * worker_floats;
    for (int64_t one = 0; one < samples; ++one) copy_planes(n, first + one, planes + one * n.floats());
    for (int64_t row = 0; row < c.h.count; ++row) narrow_row(n, planes, first, samples, row, tiles);
  });
  return true;
}
