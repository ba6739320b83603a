// What weight and bias gradients are about (rules 2 and 3): which rows of the weight a register tile holds, and which
// positions it sums over. A tile holds rows of (kw, ci), which lie side by side in x, by columns of co.

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
  int64_t chunk_block;             // chunks of one task, likewise; all of them where there are several samples

  int64_t channels() const { return groups * depth; }
  int64_t rows() const { return kh * kw * depth; }
  int64_t tile_blocks() const { return most(1, ceil_div(tile_count, tile_block)); }
  int64_t sample_blocks() const { return ceil_div(samples, sample_block); }
  int64_t chunk_blocks() const { return ceil_div(chunks(), chunk_block); }
  int64_t parts() const { return sample_blocks() * chunk_blocks(); }
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

// One chunk of positions of one sample: the items that the join trees join. dy of the chunk starts at row `packed` of the
// packed panel.
struct Item {
  int64_t sample, begin, end, packed;
};

// Positions [column, column + count) of an output row, for tap (kh, kw). x counts from the group's first float in sample 0.
static Positions positions_in(const WeightGradient& g, const Item& item, int64_t kh, int64_t kw, int64_t row, int64_t column,
                              int64_t count) {
  const int64_t in_row = row * g.s->stride_h - g.s->pad_top + kh * g.s->dilation_h;
  const int64_t in_column = column * g.s->stride_w - g.s->pad_left + kw * g.s->dilation_w;
  return {((item.sample * g.h + in_row) * g.w + in_column) * g.channels(), item.packed + row * g.ow + column - item.begin, count};
}

// Appends the item's positions whose tap (kh, kw) is inside, row by row, as one run where the next row goes on in x where
// the last one ended; returns how many runs there are now.
static int64_t positions_of(const WeightGradient& g, const Item& item, int64_t kh, int64_t kw, Positions* runs, int64_t count) {
  const Range rows = g.rows_inside(kh), columns = g.spans ? Range{0, g.ow} : g.columns_inside(kw);
  const int64_t x_step = g.s->stride_w * g.channels(), before = count;
  for (int64_t row = most(rows.begin, item.begin / g.ow); row < rows.end && row * g.ow < item.end; ++row) {
    const int64_t begin = most(columns.begin, item.begin - row * g.ow), end = least(columns.end, item.end - row * g.ow);
    if (begin >= end) continue;
    const Positions run = positions_in(g, item, kh, kw, row, begin, end - begin);
    Positions* last = count > before ? &runs[count - 1] : nullptr;
    if (last != nullptr && last->x + last->count * x_step == run.x && last->dy + last->count == run.dy)
      last->count += run.count;
    else
      runs[count++] = run;
  }
  return count;
}

// A tile of several taps where some lie outside: columns at the border come in pieces, each for the rows whose tap is
// inside there; the running sums wait in joins.out.
static void gradient_at_borders(const WeightGradient& g, const Item& item, const WeightRows& tile, const float* x,
                                const float* dy, int vectors, const float* start, const Joins& joins) noexcept {
  const int64_t x_step = g.s->stride_w * g.channels(), last = tile.kw + (tile.channel + tile.count - 1) / g.depth;
  const Joins none(joins.out);
  gradient_tile_of(tile.count, vectors)(x, dy, nullptr, 0, x_step, start, none, {x, 0}, {x, 0}, {});
  const Range rows = g.rows_inside(tile.kh);
  for (int64_t row = most(rows.begin, item.begin / g.ow); row < rows.end && row * g.ow < item.end; ++row) {
    const int64_t end = least(g.ow, item.end - row * g.ow);
    int64_t column = most(0, item.begin - row * g.ow);
    while (column < end) {
      // Taps [first, beyond) are inside at this column, and stay so until column `until`.
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
      if (beyond > first) {
        const int64_t begin_row = most(0, (first - tile.kw) * g.depth - tile.channel);
        const int64_t end_row = least(tile.count, (beyond - tile.kw) * g.depth - tile.channel);
        const Positions run = positions_in(g, item, tile.kh, tile.kw, row, column, until - column);
        float* sums = joins.out + begin_row * vectors * 16;
        gradient_tile_of(static_cast<int>(end_row - begin_row), vectors)(x + tile.channel + begin_row, dy, &run, 1, x_step, sums,
                                                                         Joins(sums), {x, 0}, {x, 0}, {});
      }
      column = until;
    }
  }
  gradient_tile_of(tile.count, vectors)(x, dy, nullptr, 0, x_step, joins.out, joins, {x, 0}, {x, 0}, {});
}
