// Weight and bias gradients (rules 2 and 3). A register tile holds rows of (kw, ci), which lie side by side in x, by
// columns of co. A task owns some tiles of one panel of columns and a run of samples that is a subtree of the join tree;
// chunk results are joined in registers before they are stored, so nothing of the weight's size is written per sample.

// The weight's rows of one tile, all of tap row kh: they begin at tap kw, channel `channel` of the group.
struct WeightRows {
  int64_t kh, kw, channel, row;
  int count;
};

struct WeightGradient {
  const conv2d_contract::Settings* s;
  const float *x, *dy;
  float *dw, *db;                  // db may be null; without tiles dw is not touched
  int64_t samples, h, w, oh, ow, kh, kw, groups, depth;
  Panels panels;
  bool spans, padded;              // tiles reach over several taps kw; some taps lie outside for some columns
  const WeightRows* tiles;
  int64_t tile_count, tile_block;  // in all, and of one task
  int64_t sample_block;            // samples of one task: a power of two, so a subtree of the join tree

  int64_t channels() const { return groups * depth; }
  int64_t rows() const { return kh * kw * depth; }
  int64_t tile_blocks() const { return most(1, ceil_div(tile_count, tile_block)); }
  int64_t sample_blocks() const { return ceil_div(samples, sample_block); }
  int64_t chunks() const { return ceil_div(oh * ow, kPositionChunk); }
  // Weight blocks: what one task computes for all samples. Its sums are kept in `block_floats`, the sum of dy last.
  int64_t blocks() const { return groups * panels.count() * tile_blocks(); }
  int64_t total_offset() const { return tile_block * kTileRows * kTileColumns; }
  int64_t block_floats() const { return total_offset() + kTileColumns; }
  static Range inside(int64_t size, int64_t outputs, int64_t stride, int64_t first) {
    return outputs_of({outputs, 0, 1, stride, first, 1, 1, size}, 0);
  }
  Range rows_inside(int64_t tap) const { return inside(h, oh, s->stride_h, tap * s->dilation_h - s->pad_top); }
  Range columns_inside(int64_t tap) const { return inside(w, ow, s->stride_w, tap * s->dilation_w - s->pad_left); }
};

// Cuts the rows into tiles of nearly equal size; counts them when `tiles` is null. Neighbours in x share a tile also over
// several taps, except that with padding this costs calls at the borders and is done only for few channels.
static int64_t cut_rows(const WeightGradient& g, WeightRows* tiles) noexcept {
  const int64_t run = g.spans ? g.kw * g.depth : g.depth, pieces = ceil_div(run, kTileRows);
  int64_t count = 0;
  for (int64_t first = 0; first < g.rows(); first += run) {
    for (int64_t p = 0; p < pieces; ++p, ++count) {
      const int64_t row = first + p * run / pieces, tap = row / g.depth;
      if (tiles != nullptr)
        tiles[count] = {tap / g.kw, tap % g.kw, row % g.depth, row, static_cast<int>(first + (p + 1) * run / pieces - row)};
    }
  }
  return count;
}

// Positions [begin, end) of one sample, with dy of one panel packed.
struct Chunk {
  int64_t begin, end;
  const float *x, *dy;  // x: of the sample and group
  int vectors;
};

static Positions positions_in(const WeightGradient& g, const Chunk& chunk, int64_t kh, int64_t kw, int64_t row, int64_t begin,
                              int64_t end) {
  const int64_t in_row = row * g.s->stride_h - g.s->pad_top + kh * g.s->dilation_h;
  const int64_t in_column = begin * g.s->stride_w - g.s->pad_left + kw * g.s->dilation_w;
  return {(in_row * g.w + in_column) * g.channels(), row * g.ow + begin - chunk.begin, end - begin};
}

// The chunk's positions whose tap (kh, kw) is inside, row by row.
static int64_t positions_of(const WeightGradient& g, const Chunk& chunk, int64_t kh, int64_t kw, Positions* runs) {
  const Range rows = g.rows_inside(kh), columns = g.spans ? Range{0, g.ow} : g.columns_inside(kw);
  int64_t count = 0;
  for (int64_t row = most(rows.begin, chunk.begin / g.ow); row < rows.end && row * g.ow < chunk.end; ++row) {
    const int64_t begin = most(columns.begin, chunk.begin - row * g.ow), end = least(columns.end, chunk.end - row * g.ow);
    if (begin < end) runs[count++] = positions_in(g, chunk, kh, kw, row, begin, end);
  }
  return count;
}

// A tile of several taps where some lie outside: columns at the border come one by one, each for the rows whose tap is
// inside there; the running sums wait in joins.out.
static void gradient_at_borders(const WeightGradient& g, const Chunk& chunk, const WeightRows& tile, int64_t offset,
                                const float* start, const Joins& joins) noexcept {
  const int64_t x_step = g.s->stride_w * g.channels(), last = tile.kw + (tile.channel + tile.count - 1) / g.depth;
  const Joins none{{}, 0, joins.out};
  const auto add_rows = [&](int64_t first, int64_t end, Positions run) {
    gradient_tile_of_size(static_cast<int>(end - first), chunk.vectors)(chunk.x + tile.channel + first, chunk.dy, &run, 1, x_step,
                                                                        joins.out, none, offset + first * chunk.vectors * 16);
  };
  gradient_tile_of_size(tile.count, chunk.vectors)(chunk.x, chunk.dy, nullptr, 0, x_step, start, none, offset);
  const Range rows = g.rows_inside(tile.kh);
  for (int64_t row = most(rows.begin, chunk.begin / g.ow); row < rows.end && row * g.ow < chunk.end; ++row) {
    const int64_t end = least(g.ow, chunk.end - row * g.ow);
    int64_t column = most(0, chunk.begin - row * g.ow);
    while (column < end) {
      // Taps first..beyond - 1 are inside at this column, and stay so until column `until`.
      int64_t first = tile.kw, beyond = tile.kw, until = end;
      for (int64_t tap = tile.kw; tap <= last; ++tap) {
        const Range inside = g.columns_inside(tap);
        if (column < inside.begin) until = least(until, inside.begin);
        if (column >= inside.begin && column < inside.end) {
          if (beyond == first) first = tap;
          beyond = tap + 1;
          until = least(until, inside.end);
        }
      }
      const int64_t begin_row = most(0, (first - tile.kw) * g.depth - tile.channel);
      const int64_t end_row = least(tile.count, (beyond - tile.kw) * g.depth - tile.channel);
      if (beyond > first) add_rows(begin_row, end_row, positions_in(g, chunk, tile.kh, tile.kw, row, column, until));
      column = until;
    }
  }
  gradient_tile_of_size(tile.count, chunk.vectors)(chunk.x, chunk.dy, nullptr, 0, x_step, joins.out, joins, offset);
}

// Packs dy of one chunk and panel; the chain of its sum over positions goes on in `total`.
static void pack_gradient(const float* dy, int64_t step, int64_t count, int64_t width, int vectors, float* packed,
                          float* total) noexcept {
  for (int v = 0; v < vectors; ++v) {
    const int lanes = static_cast<int>(most(0, least(16, width - v * 16)));
    F32x16 sum = load(total + v * 16);
    for (int64_t p = 0; p < count; ++p) {
      const F32x16 value = load_some(dy + p * step + v * 16, lanes);
      store(packed + (p * vectors + v) * 16, value);
      sum = add(sum, value);
    }
    store(total + v * 16, sum);
  }
}

// The joins due after item `index` of a running join tree of `count` items whose level l lies at base + l * step, added
// to the list; returns the level that the result belongs to.
static int add_joins(Joins& joins, float* base, int64_t step, int64_t index, bool last) noexcept {
  int level = 0;
  for (; (index >> level) != 0; ++level) {
    if ((index >> level & 1) != 0)
      joins.left[joins.count++] = base + level * step;
    else if (!last)
      break;
  }
  return level;
}

// The weight block of a task: some tiles of one panel.
struct WeightBlock {
  int64_t group, panel, first_tile, last_tile, first_row, rows, width;
  int vectors;
  bool total;  // the block that also sums dy
};

static WeightBlock block_of(const WeightGradient& g, int64_t index) {
  const int64_t tiles = index % g.tile_blocks(), panel = index / g.tile_blocks() % g.panels.count();
  const int64_t first = tiles * g.tile_block, last = least(g.tile_count, first + g.tile_block);
  const int64_t first_row = first < last ? g.tiles[first].row : 0;
  const int64_t rows = first < last ? g.tiles[last - 1].row + g.tiles[last - 1].count - first_row : 0;
  const int vectors = g.panels.vectors(panel);
  return {index / g.tile_blocks() / g.panels.count(), panel, first, last, first_row, rows, vectors * 16, vectors,
          g.db != nullptr && tiles == 0};
}

// A worker's memory: packed dy, the positions of a chunk, and the levels of the running join trees.
struct GradientScratch {
  float* packed;
  Positions* runs;
  float* levels;
};

static int levels_of(const WeightGradient& g, bool atomic) {
  return atomic ? 1 : join_levels(g.chunks()) + join_levels(g.sample_block);
}

// One chunk: every tile of the block.
static void gradient_chunk(const WeightGradient& g, const WeightBlock& block, const Chunk& chunk, const float* start,
                           const Joins& joins, Positions* runs) noexcept {
  const int64_t x_step = g.s->stride_w * g.channels();
  int64_t kh = -1, kw = -1, run_count = 0;
  for (int64_t t = block.first_tile; t < block.last_tile; ++t) {
    const WeightRows& tile = g.tiles[t];
    const int64_t offset = (tile.row - block.first_row) * block.width;
    if (g.spans && g.padded) {
      gradient_at_borders(g, chunk, tile, offset, start, joins);
      continue;
    }
    const int64_t from = g.spans ? 0 : tile.kw;  // x counts from this tap
    if (tile.kh != kh || from != kw) {
      kh = tile.kh;
      kw = from;
      run_count = positions_of(g, chunk, kh, kw, runs);
    }
    gradient_tile_of_size(tile.count, block.vectors)(chunk.x + (tile.kw - from) * g.channels() + tile.channel, chunk.dy, runs,
                                                     run_count, x_step, start, joins, offset);
  }
}

// The samples of one task, chunk by chunk, into `out`. Deterministic: running join trees of chunks and of samples.
// Atomic: one running sum.
static void gradient_samples(const WeightGradient& g, const WeightBlock& block, int64_t first, int64_t last, bool atomic,
                             const GradientScratch& scratch, float* out) noexcept {
  const int64_t chunks = g.chunks(), step = g.block_floats(), positions = g.oh * g.ow, co = g.groups * g.panels.columns;
  float* sample_levels = scratch.levels + join_levels(chunks) * step;
  for (int64_t sample = first; sample < last; ++sample) {
    const float* dy = g.dy + sample * positions * co + block.group * g.panels.columns + block.panel * kTileColumns;
    const float* x = g.x == nullptr ? nullptr : g.x + sample * g.h * g.w * g.channels() + block.group * g.depth;
    for (int64_t c = 0; c < chunks; ++c) {
      const float* start = atomic && (sample > first || c > 0) ? out : nullptr;
      Joins joins{{}, 0, out};
      if (!atomic) {
        const int level = add_joins(joins, scratch.levels, step, c, c + 1 == chunks);
        joins.out = scratch.levels + level * step;
        if (c + 1 == chunks) {
          const int above = add_joins(joins, sample_levels, step, sample - first, sample + 1 == last);
          joins.out = sample + 1 == last ? out : sample_levels + above * step;
        }
      }
      const Chunk chunk{c * kPositionChunk, least(positions, (c + 1) * kPositionChunk), x, scratch.packed, block.vectors};
      alignas(64) float total[kTileColumns] = {};
      if (start != nullptr) __builtin_memcpy(total, start + g.total_offset(), sizeof total);
      pack_gradient(dy + chunk.begin * co, co, chunk.end - chunk.begin, g.panels.width(block.panel), block.vectors, scratch.packed,
                    total);
      gradient_chunk(g, block, chunk, start, joins, scratch.runs);
      for (int64_t v = 0; v < block.width; v += 16) {
        F32x16 sum = load(total + v);
        for (int j = 0; j < joins.count; ++j) sum = add(load(joins.left[j] + g.total_offset() + v), sum);
        store(joins.out + g.total_offset() + v, sum);
      }
    }
  }
}

// Writes a block's sums to dw and db, or adds them to what is there.
static void gradient_store(const WeightGradient& g, const WeightBlock& block, const float* sums, bool onto) noexcept {
  const int64_t columns = g.panels.width(block.panel), co = g.groups * g.panels.columns;
  const int64_t column = block.group * g.panels.columns + block.panel * kTileColumns;
  const auto put = [&](const float* from, float* to) {
    for (int64_t v = 0; v < columns; v += 16) {
      const int lanes = static_cast<int>(least(16, columns - v));
      store_some(to + v, onto ? add(load_some(to + v, lanes), load(from + v)) : load(from + v), lanes);
    }
  };
  for (int64_t r = 0; r < block.rows; ++r) put(sums + r * block.width, g.dw + (block.first_row + r) * co + column);
  if (block.total) put(sums + g.total_offset(), g.db + column);
}

static Status weight_gradient(Context& context, WeightGradient& g, bool atomic) noexcept {
  constexpr int64_t kBlockTiles = 32;  // about 57 KiB of sums: several levels of them stay in L2
  const int64_t tasks = 8 * context.workers();
  g.tile_block = kBlockTiles;
  g.sample_block = 1;
  while (g.sample_block < g.samples) g.sample_block *= 2;
  while (g.sample_block > 1 && (g.blocks() * g.sample_blocks() < tasks || (atomic && g.sample_blocks() < 4))) g.sample_block /= 2;
  while (g.tile_block > 1 && g.blocks() * g.sample_blocks() < tasks) g.tile_block /= 2;

  const int64_t step = g.block_floats(), levels = levels_of(g, atomic) + 1;
  const int64_t run_floats = kPositionChunk * static_cast<int64_t>(sizeof(Positions) / sizeof(float));
  const int64_t worker_floats = kPositionChunk * kTileColumns + run_floats + levels * step;
  const bool joined_later = !atomic && g.sample_blocks() > 1;
  float* memory = context.scratch_of<float>(static_cast<size_t>(worker_floats * context.workers()));
  float* partials = joined_later ? context.scratch_of<float>(static_cast<size_t>(g.sample_blocks() * g.blocks() * step)) : memory;
  Gate* gates = context.scratch_of<Gate>(static_cast<size_t>(g.blocks()));
  if (memory == nullptr || partials == nullptr || gates == nullptr)
    return refuse(StatusCode::kMemory, "conv2d: expected scratch memory, got none");
  __builtin_memset(gates, 0, static_cast<size_t>(g.blocks()) * sizeof(Gate));

  context.parallel(g.blocks() * g.sample_blocks(), [&](int64_t task, int worker) {
    const int64_t index = task % g.blocks(), samples = task / g.blocks();
    const WeightBlock block = block_of(g, index);
    float* own = memory + worker * worker_floats;
    const GradientScratch scratch{own, reinterpret_cast<Positions*>(own + kPositionChunk * kTileColumns),
                                  own + kPositionChunk * kTileColumns + run_floats};
    float* out = joined_later ? partials + task * step : scratch.levels + (levels - 1) * step;
    gradient_samples(g, block, samples * g.sample_block, least(g.samples, (samples + 1) * g.sample_block), atomic, scratch, out);
    if (atomic) {
      const bool first = gates[index].enter();
      gradient_store(g, block, out, !first);
      gates[index].leave();
    } else if (!joined_later) {
      gradient_store(g, block, out, false);
    }
  });
  if (joined_later) {
    context.parallel(g.blocks(), [&](int64_t index, int) {
      const WeightBlock block = block_of(g, index);
      float* sums = partials + index * step;
      join_tree(sums, g.sample_blocks(), g.blocks() * step, block.rows * block.width);
      join_tree(sums + g.total_offset(), g.sample_blocks(), g.blocks() * step, block.width);
      gradient_store(g, block, sums, false);
    });
  }
  return {};
}

static WeightGradient gradient_of(const Call& call, const View& dy) noexcept {
  WeightGradient g{};
  g.s = &call.as<conv2d_contract::Settings>();
  g.dy = dy.f32();
  g.samples = dy.shape[0];
  g.oh = dy.shape[1];
  g.ow = dy.shape[2];
  g.groups = g.s->groups;
  g.panels = {dy.shape[3] / g.groups};
  return g;
}

template <bool kAtomic>
static Status conv2d_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2], &db = call.tensors[3];
  WeightGradient g = gradient_of(call, dy);
  g.x = x.f32();
  g.dw = dw.f32();
  g.db = db.f32();
  g.h = x.shape[1];
  g.w = x.shape[2];
  g.kh = dw.shape[0];
  g.kw = dw.shape[1];
  g.depth = dw.shape[2];
  g.padded = g.columns_inside(0).begin > 0 || g.columns_inside(g.kw - 1).end < g.ow;
  g.spans = g.groups == 1 && g.s->dilation_w == 1 && (!g.padded || g.depth < kTileRows / 2);
  g.tile_count = cut_rows(g, nullptr);
  WeightRows* tiles = call.context->scratch_of<WeightRows>(static_cast<size_t>(g.tile_count));
  if (tiles == nullptr) return refuse(StatusCode::kMemory, "conv2d: expected scratch memory, got none");
  cut_rows(g, tiles);
  g.tiles = tiles;
  return weight_gradient(*call.context, g, kAtomic);
}

template <bool kAtomic>
static Status conv2d_bias_gradient(const Call& call) noexcept {
  WeightGradient g = gradient_of(call, call.tensors[0]);
  g.db = call.tensors[1].f32();
  return weight_gradient(*call.context, g, kAtomic);
}
