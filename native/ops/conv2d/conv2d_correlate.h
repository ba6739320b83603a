// What forward and inputGradient share: every output place walks the taps of a regular grid of source places.
// Forward reads the input; inputGradient reads dy, once for each residue of the input place modulo the stride.

// One axis: output index j, stored at out_first + j * out_spacing, reads source index j * stride + first + t * spacing
// for the taps t in [0, taps) where that lies in [0, source).
struct Axis {
  int64_t count, out_first, out_spacing, stride, first, spacing, taps, source;
};

struct Range {
  int64_t begin, end;
};

static inline int64_t floor_or_none(int64_t a, int64_t b) { return a < 0 ? -1 : a / b; }

// The taps of output j that lie inside.
static inline Range taps_of(const Axis& axis, int64_t j) {
  const int64_t base = j * axis.stride + axis.first;
  const int64_t begin = base >= 0 ? 0 : least(axis.taps, ceil_div(-base, axis.spacing));
  const int64_t end = least(axis.taps, floor_or_none(axis.source - 1 - base, axis.spacing) + 1);
  return {begin, most(begin, end)};
}

// The outputs for which tap t lies inside.
static inline Range outputs_of(const Axis& axis, int64_t t) {
  const int64_t base = axis.first + t * axis.spacing;
  const int64_t begin = base >= 0 ? 0 : least(axis.count, ceil_div(-base, axis.stride));
  const int64_t end = least(axis.count, floor_or_none(axis.source - 1 - base, axis.stride) + 1);
  return {begin, most(begin, end)};
}

struct Correlation {
  Axis h, w;
  Panels panels;
  int64_t samples, groups, depth;  // depth: source channels of one group
  const float* source;
  float* out;
  int64_t out_h, out_w;
  const float* weights;  // [group][panel][th][tw][depth][16 * vectors]
  const float* bias;     // [group][padded columns], or null
  Fused fused;
  Outlet outlet;

  int64_t source_channels() const { return groups * depth; }
  int64_t out_channels() const { return groups * panels.columns; }
  int64_t terms() const { return h.taps * w.taps * depth; }
  int64_t group_weights() const { return terms() * panels.padded(); }
};

// A row of outputs as tiles of nearly equal size: the sizes cost less than a short last tile. Planned once a call.
struct RowTile {
  int64_t column;
  int rows;                      // outputs along w
  bool inside;                   // all taps along w exist for all of them
  ChainTile by_vectors[2];       // for 1 and kTileVectors vectors
};

struct RowTiles {
  const RowTile* tiles;
  int64_t count;
};

// Scratch memory for the plan; no tiles when memory is out.
static RowTiles row_tiles(Context& context, const Axis& w) noexcept {
  const int64_t count = ceil_div(w.count, kTileRows);
  RowTile* tiles = context.scratch_of<RowTile>(static_cast<size_t>(count));
  for (int64_t t = 0; t < count && tiles != nullptr; ++t) {
    const auto begin = [&](int64_t tile) { return tile * (w.count / count) + least(tile, w.count % count); };
    const int rows = static_cast<int>(begin(t + 1) - begin(t));
    const Range first = taps_of(w, begin(t)), last = taps_of(w, begin(t + 1) - 1);
    const bool inside = first.begin == 0 && last.begin == 0 && first.end == w.taps && last.end == w.taps;
    tiles[t] = {begin(t), rows, inside, {chain_tile_of<1>(rows), chain_tile_of<kTileVectors>(rows)}};
  }
  return {tiles, tiles == nullptr ? 0 : count};
}

// Where one tile lies.
struct Place {
  int64_t sample, group, panel, row;
  const RowTile& tile;
  Range taps_h;  // the taps along h that this call adds
};

// Computes the chains of one tile. `out` gets 16 * vectors columns for each of its rows, out_step floats apart.
static void correlate_tile(const Correlation& c, const Place& at, float* out, int64_t out_step, const Finish* finish) noexcept {
  const int64_t channels = c.source_channels(), row_step = c.w.source * channels;
  const int vectors = c.panels.vectors(at.panel);
  const int64_t width = vectors * 16, step = c.w.stride * channels;
  const float* image = c.source + at.sample * c.h.source * row_step + at.group * c.depth;
  const int64_t row = at.row * c.h.stride + c.h.first, column = at.tile.column * c.w.stride + c.w.first;
  const float* weights = c.weights + at.group * c.group_weights() + at.panel * kTileColumns * c.terms();
  const int64_t taps_h = at.taps_h.end - at.taps_h.begin;

  if (at.tile.inside) {
    const float* from = image + (row + at.taps_h.begin * c.h.spacing) * row_step + column * channels;
    Walk walk{taps_h, c.h.spacing * row_step, c.w.taps, c.w.spacing * channels, c.depth};
    if (walk.inner_step == c.depth) walk = {walk.outer, walk.outer_step, 1, 0, c.w.taps * c.depth};
    // The source row that the next output row reads first, the tile's share of it spread over the steps.
    const int64_t below = row + (c.h.taps - 1) * c.h.spacing + c.h.stride;
    const Ahead ahead{image + below * row_step + column * channels,
                      at.panel == 0 ? ceil_div(at.tile.rows * step, most(1, taps_h * c.w.taps * c.depth)) : 0};
    at.tile.by_vectors[vectors == kTileVectors](from, step, walk, weights + at.taps_h.begin * c.w.taps * c.depth * width, out,
                                                out_step, true, finish, ahead);
    return;
  }

  // Part of the tile lies over the border: each tap goes to the outputs it exists for, in the same order.
  const Walk none{0, 0, 0, 0, 0};
  run_chain_tile(at.tile.rows, vectors, image, 0, none, weights, out, out_step, true, nullptr);
  for (int64_t th = at.taps_h.begin; th < at.taps_h.end; ++th) {
    for (int64_t tw = 0; tw < c.w.taps; ++tw) {
      const Range inside = outputs_of(c.w, tw);
      const int64_t begin = most(inside.begin, at.tile.column), end = least(inside.end, at.tile.column + at.tile.rows);
      if (begin >= end) continue;
      const int64_t source_column = begin * c.w.stride + c.w.first + tw * c.w.spacing;
      const float* from = image + (row + th * c.h.spacing) * row_step + source_column * channels;
      run_chain_tile(static_cast<int>(end - begin), vectors, from, step, {1, 0, 1, 0, c.depth},
                     weights + (th * c.w.taps + tw) * c.depth * width, out + (begin - at.tile.column) * out_step, out_step, false,
                     nullptr);
    }
  }
  if (finish != nullptr) run_chain_tile(at.tile.rows, vectors, image, 0, none, weights, out, out_step, false, finish);
}

static inline float* out_of(const Correlation& c, const Place& at) {
  const int64_t row = c.h.out_first + at.row * c.h.out_spacing, column = c.w.out_first + at.tile.column * c.w.out_spacing;
  return c.out + ((at.sample * c.out_h + row) * c.out_w + column) * c.out_channels() + at.group * c.panels.columns +
         at.panel * kTileColumns;
}

// One tile, finished and stored.
static void correlate_store(const Correlation& c, const Place& at) noexcept {
  const int64_t width = c.panels.width(at.panel), out_step = c.w.out_spacing * c.out_channels();
  const int vectors = c.panels.vectors(at.panel);
  const Finish finish{c.bias == nullptr ? nullptr : c.bias + at.group * c.panels.padded() + at.panel * kTileColumns, c.fused,
                      c.outlet};
  float* out = out_of(c, at);
  if (width == vectors * 16) return correlate_tile(c, at, out, out_step, &finish);
  alignas(64) float tile[kTileRows * kTileColumns];
  const Finish here{finish.bias, finish.fused, {}};
  correlate_tile(c, at, tile, vectors * 16, &here);
  for (int r = 0; r < at.tile.rows; ++r)
    for (int64_t v = 0; v * 16 < width; ++v)
      c.outlet.put(out + r * out_step + v * 16, load(tile + (r * vectors + v) * 16), static_cast<int>(least(16, width - v * 16)));
}

// One tile's share of its outputs, added as it arrives; the first to arrive stores.
static void correlate_arrive(const Correlation& c, const Place& at, Gate* gate) noexcept {
  const int64_t width = c.panels.width(at.panel), out_step = c.w.out_spacing * c.out_channels();
  const int vectors = c.panels.vectors(at.panel);
  float* out = out_of(c, at);
  alignas(64) float tile[kTileRows * kTileColumns];
  correlate_tile(c, at, tile, vectors * 16, nullptr);
  const bool first = gate->enter();
  for (int r = 0; r < at.tile.rows; ++r) {
    for (int64_t v = 0; v * 16 < width; ++v) {
      const int lanes = static_cast<int>(least(16, width - v * 16));
      float* to = out + r * out_step + v * 16;
      const F32x16 share = load(tile + (r * vectors + v) * 16);
      store_some(to, first ? share : add(load_some(to, lanes), share), lanes);
    }
  }
  gate->leave();
}

// How the work is dealt out; no choice here reaches a result.
struct Deal {
  int64_t rows, row_blocks, panels, panel_blocks;  // rows and panels of one task, and how many such blocks there are
  int64_t tasks(const Correlation& c) const { return c.samples * c.groups * row_blocks * panel_blocks; }
};

static Deal deal_out(const Correlation& c, int64_t rows, int workers) {
  constexpr int64_t kTaskTerms = int64_t{1} << 22;
  const int64_t row_terms = c.w.count * c.terms() * c.panels.padded();
  const int64_t block = least(rows, most(1, kTaskTerms / most(1, row_terms)));
  Deal deal{block, ceil_div(rows, block), c.panels.count(), 1};
  while (workers > 1 && deal.tasks(c) < 4 * workers && deal.panels > 1) {
    deal.panels = ceil_div(deal.panels, 2);
    deal.panel_blocks = ceil_div(c.panels.count(), deal.panels);
  }
  return deal;
}

// Calls visit(sample, group, first row, last row, panel) for one task's share, panels outermost: their weights stay near.
template <class Visit>
static inline void each_panel(const Correlation& c, const Deal& deal, int64_t rows, int64_t task, Visit visit) {
  const int64_t panel_block = task % deal.panel_blocks, row_block = task / deal.panel_blocks % deal.row_blocks;
  const int64_t image = task / deal.panel_blocks / deal.row_blocks;
  const int64_t begin = row_block * deal.rows, end = least(rows, begin + deal.rows);
  const int64_t last = least(c.panels.count(), (panel_block + 1) * deal.panels);
  for (int64_t panel = panel_block * deal.panels; panel < last; ++panel)
    visit(image / c.groups, image % c.groups, begin, end, panel);
}

// Every output is gathered by one owner. False when scratch memory is out.
static bool correlate(Context& context, const Correlation& c) noexcept {
  const Deal deal = deal_out(c, c.h.count, context.workers());
  const RowTiles row_of = row_tiles(context, c.w);
  if (row_of.tiles == nullptr) return false;
  context.parallel(deal.tasks(c), [&](int64_t task, int) {
    each_panel(c, deal, c.h.count, task, [&](int64_t sample, int64_t group, int64_t begin, int64_t end, int64_t panel) {
      for (int64_t row = begin; row < end; ++row) {
        const Range taps = taps_of(c.h, row);
        for (int64_t t = 0; t < row_of.count; ++t) correlate_store(c, {sample, group, panel, row, row_of.tiles[t], taps});
      }
    });
  });
  return true;
}

// Every source row is scattered to the outputs that read it, in the order of arrival. Needs h.stride 1.
static bool correlate_scatter(Context& context, const Correlation& c) noexcept {
  const Deal deal = deal_out(c, c.h.source, context.workers());
  const RowTiles row_of = row_tiles(context, c.w);
  const int64_t row_gates = row_of.count * c.panels.count() * c.groups, gates = c.samples * c.h.count * row_gates;
  Gate* gate = context.scratch_of<Gate>(static_cast<size_t>(gates));
  if (row_of.tiles == nullptr || gate == nullptr) return false;
  __builtin_memset(gate, 0, static_cast<size_t>(gates) * sizeof(Gate));
  context.parallel(deal.tasks(c), [&](int64_t task, int) {
    each_panel(c, deal, c.h.source, task, [&](int64_t sample, int64_t group, int64_t begin, int64_t end, int64_t panel) {
      const auto arrive = [&](int64_t row, Range taps) {
        for (int64_t t = 0; t < row_of.count; ++t)
          correlate_arrive(c, {sample, group, panel, row, row_of.tiles[t], taps},
                           gate + (sample * c.h.count + row) * row_gates + (t * c.panels.count() + panel) * c.groups + group);
      };
      if (begin == 0) {  // outputs that nothing reads
        for (int64_t row = 0; row < c.h.count; ++row) {
          const Range taps = taps_of(c.h, row);
          if (taps.begin == taps.end) arrive(row, taps);
        }
      }
      for (int64_t source = begin; source < end; ++source) {
        for (int64_t tap = c.h.taps - 1; tap >= 0; --tap) {
          const int64_t row = source - c.h.first - tap * c.h.spacing;
          if (row >= 0 && row < c.h.count) arrive(row, {tap, tap + 1});
        }
      }
    });
  });
  return true;
}
