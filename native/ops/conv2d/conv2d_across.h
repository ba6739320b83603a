// Correlations over small maps, whose rows of outputs are much shorter than a tile: here a tile has one place of several samples.
// They have the same taps, and a weight that was loaded is used for all of them.

// How the samples are cut: into tiles of nearly equal size. `pitch`: floats from one sample's source to the next.
struct Across {
  const Correlation* c;
  const float* source;
  int64_t pitch, tiles;

  int64_t begin(int64_t tile) const { return tile * (c->samples / tiles) + least(tile, c->samples % tiles); }
};

static Across across_of(const Correlation& c) {
  return {&c, c.source, c.h.source * c.w.source * c.source_channels(), ceil_div(c.samples, kTileRows)};
}

// The scalar build, the referee, keeps the plain form.
static bool takes_across(const Correlation& c) {
  return kNativeLanes > 1 && 2 * c.samples >= 3 * c.w.count * ceil_div(c.samples, kTileRows);
}

// The chains of one place and panel of samples [first, first + rows) into `out`, `out_step` floats apart.
static void across_tile(const Across& a, int64_t group, int64_t panel, int64_t row, int64_t column, int64_t first, int rows,
                        float* out, int64_t out_step, const Finish& finish) noexcept {
  const Correlation& c = *a.c;
  const Range down = taps_of(c.h, row), across = taps_of(c.w, column);
  const int64_t channels = c.source_channels(), row_step = c.w.source * channels, taps = across.end - across.begin;
  const int vectors = c.panels.vectors(panel);
  const int64_t top = row * c.h.stride + c.h.first, left = column * c.w.stride + c.w.first + across.begin * c.w.spacing;
  const float* from = a.source + first * a.pitch + left * channels + group * c.depth;
  const float* weights = c.weights + group * c.group_weights() + panel * kTileColumns * c.terms();
  const auto run = [&](int64_t tap, Walk walk, bool fresh, const Finish* last) {
    run_chain_tile(rows, vectors, from + (top + tap * c.h.spacing) * row_step, a.pitch, walk,
                   weights + (tap * c.w.taps + across.begin) * c.depth * vectors * 16, out, out_step, fresh, last);
  };
  if (taps == c.w.taps || down.begin == down.end)
    return run(down.begin, {down.end - down.begin, c.h.spacing * row_step, taps, c.w.spacing * channels, c.depth}, true, &finish);
  for (int64_t tap = down.begin; tap < down.end; ++tap)
    run(tap, {1, 0, taps, c.w.spacing * channels, c.depth}, tap == down.begin, tap + 1 == down.end ? &finish : nullptr);
}

// One place of a tile's samples, finished and stored.
static void across_store(const Across& a, int64_t group, int64_t panel, int64_t row, int64_t column, int64_t first, int rows) noexcept {
  const Correlation& c = *a.c;
  const int64_t width = c.panels.width(panel), out_step = c.out_h * c.out_w * c.out_channels();
  const int vectors = c.panels.vectors(panel);
  const float* bias = c.bias == nullptr ? nullptr : c.bias + group * c.panels.padded() + panel * kTileColumns;
  const int64_t place = (c.h.out_first + row * c.h.out_spacing) * c.out_w + c.w.out_first + column * c.w.out_spacing;
  float* out = c.out + first * out_step + place * c.out_channels() + group * c.panels.columns + panel * kTileColumns;
  if (width == vectors * 16)
    return across_tile(a, group, panel, row, column, first, rows, out, out_step, {bias, c.fused, c.outlet});
  alignas(64) float tile[kTileRows * kTileColumns];
  across_tile(a, group, panel, row, column, first, rows, tile, vectors * 16, {bias, c.fused, {}});
  for (int r = 0; r < rows; ++r)
    for (int64_t v = 0; v * 16 < width; ++v)
      c.outlet.put(out + r * out_step + v * 16, load(tile + (r * vectors + v) * 16), static_cast<int>(least(16, width - v * 16)));
}

// False when scratch memory is out.
static bool correlate_across(Context& context, const Correlation& c) noexcept {
  constexpr int64_t kPage = 1024;  // floats: lines so far apart share a set of the L1 cache, which has fewer places than a tile rows
  Across a = across_of(c);
  if (a.pitch % kPage == 0) {
    const int64_t pitch = a.pitch + 16;
    float* copy = context.scratch_of<float>(static_cast<size_t>(c.samples * pitch));
    if (copy == nullptr) return false;
    context.parallel(c.samples, [&](int64_t sample, int) {
      __builtin_memcpy(copy + sample * pitch, c.source + sample * a.pitch, static_cast<size_t>(a.pitch) * sizeof(float));
    });
    a.source = copy;
    a.pitch = pitch;
  }
  // Tiles of a panel one after the other: its weights stay in the caches.
  context.parallel(c.groups * c.panels.count() * a.tiles, [&](int64_t task, int) {
    const int64_t tile = task % a.tiles, panel = task / a.tiles % c.panels.count(), group = task / a.tiles / c.panels.count();
    const int64_t first = a.begin(tile);
    const int rows = static_cast<int>(a.begin(tile + 1) - first);
    for (int64_t row = 0; row < c.h.count; ++row)
      for (int64_t column = 0; column < c.w.count; ++column) across_store(a, group, panel, row, column, first, rows);
  });
  return true;
}
