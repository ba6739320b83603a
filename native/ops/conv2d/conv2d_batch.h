// How the tiles of a weight block run through a batch: a few items whose dy was packed. No item writes anything of the weight's
// size: a tile joins its sums in registers, and the lower levels of the join tree stay in the L1 cache.

// Packed dy of a batch takes 64 KiB with two vectors of columns; with one it is read more often, so it gets 16 KiB. Samples
// that share a batch get 32 KiB of it: each of them brings its own x, too.
static inline constexpr int64_t kBatchPositions = 256 * kTileVectors, kSharedPositions = 256;
static inline constexpr int kBatchItems = 32;

// The weight block of a task: some tiles of one panel. Its sums lie in rows of `width` floats, those of dy at the end.
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

// A worker's memory.
struct GradientScratch {
  float* packed;
  Positions* runs;  // kBatchPositions of them
  Levels levels, totals;
};

struct Batch {
  Item items[kBatchItems];
  Completed done[kBatchItems];
  int count;
  bool first;  // of its task
};

// What the tiles of a block prefetch while they run through a batch, one cache line a tile for each vector of columns: first
// dy of the positions that come next, then the pixels that the last taps will reach. It changes speed only.
struct Lookahead {
  const float *dy, *x;
  int64_t dy_step, x_step;
  uint32_t x_lines, dy_lines;  // of a pixel's channels, and of dy's columns

  Ahead line(int64_t index) const {
    const auto line = static_cast<uint32_t>(index);
    return line < dy_lines ? Ahead{dy + line * 16, dy_step} : Ahead{x + (line - dy_lines) % x_lines * 16, x_step};
  }
};

static Lookahead lookahead(const WeightGradient& g, const WeightBlock& block, const Batch& batch) {
  const int64_t co = g.groups * g.panels.columns;
  const Item& last = batch.items[batch.count - 1];
  const int64_t row = last.end / g.ow * g.s->stride_h + (g.kh - 1) * g.s->dilation_h - g.s->pad_top;
  const int64_t pixel = (last.sample * g.h + row) * g.w + last.end % g.ow * g.s->stride_w;
  return {g.dy + (last.sample * g.oh * g.ow + last.end) * co + block.group * g.panels.columns + block.panel * kTileColumns,
          g.x + pixel * g.channels() + block.group * g.depth,
          co,
          g.s->stride_w * g.channels(),
          static_cast<uint32_t>(ceil_div(g.depth, 16)),
          static_cast<uint32_t>(block.vectors)};
}

// Whether two samples of a batch go through a tile together. Small samples have so few positions that storing and loading the
// sums between two items of the join tree takes a good part of the time. With fewer registers it does not pay: half a
// tile takes too many loads.
static bool takes_pairs(const WeightGradient& g) {
  constexpr int64_t kPairPositions = 100;
  return kTileVectors > 1 && g.oh * g.ow <= kPairPositions && !(g.spans && g.padded);
}

// The tile runs through items `first` and the one after it, half of its rows after the other.
static void sum_pair(const WeightGradient& g, const Batch& batch, int first, const WeightRows& tile, int vectors, int64_t offset,
                     const float* x, const GradientScratch& scratch, const Positions* runs, int64_t count, Ahead ahead,
                     Ahead beside) noexcept {
  const Apart apart{g.h * g.w * g.channels(), batch.items[first + 1].packed - batch.items[first].packed};
  for (int row = 0, item = first; row < tile.count; row += kPairRows, ++item) {
    const int rows = static_cast<int>(least(kPairRows, tile.count - row));
    const Joins joins = scratch.levels.joins(batch.done[first + 1], offset, 1, row * vectors * 16);
    const int64_t at = batch.items[item].packed;
    tile_of<GradientTile<2>>(rows, vectors)(x + row, scratch.packed, runs, count, g.s->stride_w * g.channels(), nullptr, joins,
                                            ahead.from(at), beside.from(at), apart);
  }
}

// What tile_of gives: a function for items [first, last) of a batch, of which item i has runs [counts[i], counts[i + 1]). One
// call for all of them: beside few positions a call takes time, too.
struct BatchTile {
  static constexpr int kMostRows = kTileRows;

  template <int R, int V>
  static void tile(const Batch& batch, int first, int last, int64_t offset, const float* x, int64_t x_step,
                   const GradientScratch& scratch, const int64_t* counts, Ahead ahead, Ahead beside) noexcept {
    for (int i = first; i < last; ++i) {
      const int64_t at = batch.items[i].packed;
      sum_tile<R, V, 1>(x, scratch.packed, scratch.runs + counts[i], counts[i + 1] - counts[i], x_step, nullptr,
                        scratch.levels.joins(batch.done[i], offset), ahead.from(at), beside.from(at), {});
    }
  }
};

// Every tile of the block runs through the batch.
static void sum_batch(const WeightGradient& g, const WeightBlock& block, const Batch& batch, const GradientScratch& scratch,
                      bool atomic) noexcept {
  const int64_t x_step = g.s->stride_w * g.channels();
  const float* x = g.x + block.group * g.depth;
  const bool borders = g.spans && g.padded;
  const int paired = !atomic && takes_pairs(g) ? batch.count / 2 * 2 : 0;  // how many items go in pairs
  const Lookahead next = lookahead(g, block, batch);
  int64_t kh = -1, kw = -1, counts[kBatchItems + 1] = {};
  for (int64_t t = block.first_tile; t < block.last_tile; ++t) {
    const WeightRows& tile = g.tiles[t];
    const int64_t offset = (tile.row - block.first_row) * block.width;
    const int64_t from = g.spans ? 0 : tile.kw;  // x counts from this tap
    if (!borders && (tile.kh != kh || from != kw)) {
      kh = tile.kh;
      kw = from;
      for (int i = 0; i < batch.count; ++i) counts[i + 1] = positions_of(g, batch.items[i], kh, kw, scratch.runs, counts[i]);
    }
    const int64_t line = kTileVectors * (t - block.first_tile);
    const Ahead ahead = next.line(line), beside = next.line(line + 1);
    const float* tile_x = x + (tile.kw - from) * g.channels() + tile.channel;
    const auto start_of = [&](int i, const Joins& joins) { return atomic && !(batch.first && i == 0) ? joins.out : nullptr; };
    if (borders) {
      for (int i = 0; i < batch.count; ++i) {
        const Joins joins = scratch.levels.joins(batch.done[i], offset);
        gradient_at_borders(g, batch.items[i], tile, x, scratch.packed, block.vectors, start_of(i, joins), joins);
      }
    } else if (atomic) {
      const Joins joins = scratch.levels.joins(batch.done[0], offset);
      gradient_tile_of(tile.count, block.vectors)(tile_x, scratch.packed, scratch.runs, counts[batch.count], x_step,
                                                  start_of(0, joins), joins, ahead, beside, {});
    } else {
      for (int i = 0; i < paired; i += 2)
        sum_pair(g, batch, i, tile, block.vectors, offset, tile_x, scratch, scratch.runs + counts[i], counts[i + 1] - counts[i],
                 ahead, beside);
      tile_of<BatchTile>(tile.count, block.vectors)(batch, paired, batch.count, offset, tile_x, x_step, scratch, counts, ahead,
                                                    beside);
    }
  }
}
