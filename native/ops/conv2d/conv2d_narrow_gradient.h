// Weight gradients of few columns and few rows, as those of a first convolution on grey pictures: a vector holds sixteen rows of
// the weight and is multiplied by one value of dy. For each row of outputs the input is copied to a strip, in which the taps of a
// position lie side by side: [column][tap row][channel]. A tap outside is left out by its lanes.

static inline constexpr int kNarrowVectors = 2;                            // of a weight's rows
static inline constexpr int kNarrowBlock = kNativeLanes == 16 ? 8 : 2;     // columns whose sums stay in registers
static inline constexpr int64_t kNarrowPositions = int64_t{1} << 14;       // most positions: their chunks' sums stay in the caches

static bool takes_narrow_gradient(const WeightGradient& g) {
  return kNativeLanes > 1 && g.spans && g.rows() <= kNarrowVectors * 16 && g.panels.columns <= kNarrowColumns &&
         g.oh * g.ow <= kNarrowPositions;
}

// The lanes of one position: which taps are inside.
struct NarrowLanes {
  Mask16 of[kNarrowVectors];
};

struct NarrowGradient {
  const WeightGradient* g;
  const NarrowLanes *by_row, *by_column;  // for the output's row and column
  Range whole_rows, whole_columns;        // where all taps are inside

  // Floats of a strip's column; of a strip, with room for a load behind it; of the sums of one chunk, those of dy last.
  int64_t step() const { return g->kh * g->depth; }
  int64_t strip() const {
    return ceil_div(((g->ow - 1) * g->s->stride_w + g->kw) * step(), 16) * 16 + kNarrowVectors * 16;
  }
  int64_t sums() const { return g->panels.columns * kNarrowVectors * 16 + 16; }
};

// Row r of the weight by lane: rows of one tap column lie side by side, as in a strip.
struct NarrowRow {
  int64_t kh, kw, row;
};
static NarrowRow narrow_row_of(const WeightGradient& g, int64_t lane) {
  const int64_t kw = lane / (g.kh * g.depth), kh = lane / g.depth % g.kh;
  return {kh, kw, (kh * g.kw + kw) * g.depth + lane % g.depth};
}

// Asks `inside(row of the weight)` for each lane; lanes behind the last row may be in.
template <class Inside>
static NarrowLanes narrow_lanes(const WeightGradient& g, Inside inside) {
  alignas(64) float flags[kNarrowVectors * 16] = {};
  for (int64_t lane = 0; lane < g.rows(); ++lane) flags[lane] = inside(narrow_row_of(g, lane)) ? 1.0f : 0.0f;
  NarrowLanes lanes;
  for (int v = 0; v < kNarrowVectors; ++v) lanes.of[v] = less(zero(), load(flags + v * 16));
  return lanes;
}

static bool holds(Range range, int64_t place) { return place >= range.begin && place < range.end; }

static void plan_lanes(const WeightGradient& g, NarrowLanes* by_row, NarrowLanes* by_column) {
  for (int64_t row = 0; row < g.oh; ++row)
    by_row[row] = narrow_lanes(g, [&](const NarrowRow& r) { return holds(g.rows_inside(r.kh), row); });
  for (int64_t column = 0; column < g.ow; ++column)
    by_column[column] = narrow_lanes(g, [&](const NarrowRow& r) { return holds(g.columns_inside(r.kw), column); });
}

// The input under one row of outputs. What lies over the borders keeps what was there: any values do.
static void copy_strip(const NarrowGradient& n, int64_t sample, int64_t row, float* strip) {
  const WeightGradient& g = *n.g;
  const int64_t columns = least(g.w, (g.ow - 1) * g.s->stride_w + g.kw - g.s->pad_left);
  for (int64_t kh = 0; kh < g.kh; ++kh) {
    if (!holds(g.rows_inside(kh), row)) continue;
    const int64_t in_row = row * g.s->stride_h - g.s->pad_top + kh * g.s->dilation_h;
    const float* from = g.x + (sample * g.h + in_row) * g.w * g.depth;
    float* to = strip + g.s->pad_left * n.step() + kh * g.depth;
    for (int64_t k = 0; k < g.depth; ++k)
      for (int64_t column = 0; column < columns; ++column) to[column * n.step() + k] = from[column * g.depth + k];
  }
}

// Positions side by side added to the chains of C columns, which wait in `sums`.
template <int C>
static void narrow_run(const NarrowGradient& n, const float* strip, const float* dy, int64_t row, Range columns, float* sums) noexcept {
  const WeightGradient& g = *n.g;
  F32x16 sum[C][kNarrowVectors];
#pragma GCC unroll 8
  for (int i = 0; i < C; ++i)
#pragma GCC unroll 2
    for (int v = 0; v < kNarrowVectors; ++v) sum[i][v] = load(sums + (i * kNarrowVectors + v) * 16);
  const bool whole_row = holds(n.whole_rows, row);
  const NarrowLanes in_row = n.by_row[row];
  const int64_t step = g.s->stride_w * n.step();
  const float* x = strip + columns.begin * step;
  for (int64_t column = columns.begin; column < columns.end; ++column, x += step, dy += g.panels.columns) {
    F32x16 value[kNarrowVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kNarrowVectors; ++v) value[v] = load(x + v * 16);
    if (whole_row && holds(n.whole_columns, column)) {
#pragma GCC unroll 8
      for (int i = 0; i < C; ++i)
#pragma GCC unroll 2
        for (int v = 0; v < kNarrowVectors; ++v) sum[i][v] = fma(value[v], set1(dy[i]), sum[i][v]);
      continue;
    }
#pragma GCC unroll 2
    for (int v = 0; v < kNarrowVectors; ++v) {
      const Mask16 lanes = both(in_row.of[v], n.by_column[column].of[v]);
#pragma GCC unroll 8
      for (int i = 0; i < C; ++i) sum[i][v] = select(lanes, fma(value[v], set1(dy[i]), sum[i][v]), sum[i][v]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < C; ++i)
#pragma GCC unroll 2
    for (int v = 0; v < kNarrowVectors; ++v) store(sums + (i * kNarrowVectors + v) * 16, sum[i][v]);
}

using NarrowRun = void (*)(const NarrowGradient&, const float*, const float*, int64_t, Range, float*);

template <int C = 1>
static NarrowRun narrow_run_of(int64_t columns) noexcept {
  if constexpr (C < kNarrowBlock) {
    if (columns != C) return narrow_run_of<C + 1>(columns);
  }
  return narrow_run<C>;
}

// The sums of one sample, chunk by chunk into `sums`, and then joined into the first of them.
static void narrow_sample(const NarrowGradient& n, int64_t sample, float* strip, float* sums) noexcept {
  const WeightGradient& g = *n.g;
  const int64_t columns = g.panels.columns, positions = g.oh * g.ow, totals = columns * kNarrowVectors * 16;
  __builtin_memset(sums, 0, static_cast<size_t>(g.chunks() * n.sums()) * sizeof(float));
  for (int64_t row = 0; row < g.oh; ++row) {
    copy_strip(n, sample, row, strip);
    for (int64_t begin = row * g.ow, end = 0; begin < (row + 1) * g.ow; begin = end) {
      const int64_t chunk = begin / kPositionChunk;
      end = least((row + 1) * g.ow, (chunk + 1) * kPositionChunk);
      const Range run{begin - row * g.ow, end - row * g.ow};
      const float* dy = g.dy + (sample * positions + begin) * columns;
      float* to = sums + chunk * n.sums();
      for (int64_t first = 0; first < columns; first += kNarrowBlock)
        narrow_run_of(least(kNarrowBlock, columns - first))(n, strip, dy + first, row, run, to + first * kNarrowVectors * 16);
      F32x16 total = load(to + totals);
      for (int64_t p = begin; p < end; ++p, dy += columns) total = add(total, load_some(dy, static_cast<int>(columns)));
      store(to + totals, total);
    }
  }
  join_tree(sums, g.chunks(), n.sums(), n.sums());
}

static Status narrow_gradient(Context& context, const WeightGradient& g) noexcept {
  NarrowGradient n{&g, nullptr, nullptr, {g.rows_inside(0).begin, g.rows_inside(g.kh - 1).end},
                   {g.columns_inside(0).begin, g.columns_inside(g.kw - 1).end}};
  const int64_t worker_floats = n.strip() + g.chunks() * n.sums();
  float* memory = context.scratch_of<float>(static_cast<size_t>(worker_floats * context.workers()));
  float* samples = context.scratch_of<float>(static_cast<size_t>(g.samples * n.sums()));
  NarrowLanes* lanes = context.scratch_of<NarrowLanes>(static_cast<size_t>(g.oh + g.ow));
  if (memory == nullptr || samples == nullptr || lanes == nullptr)
    return refuse(StatusCode::kMemory, "conv2d: expected scratch memory, got none");
  for (int worker = 0; worker < context.workers(); ++worker)
    __builtin_memset(memory + worker * worker_floats, 0, static_cast<size_t>(n.strip()) * sizeof(float));
  plan_lanes(g, lanes, lanes + g.oh);
  n.by_row = lanes;
  n.by_column = lanes + g.oh;
  context.parallel(g.samples, [&](int64_t sample, int worker) {
    float* strip = memory + worker * worker_floats;
    narrow_sample(n, sample, strip, strip + n.strip());
    __builtin_memcpy(samples + sample * n.sums(), strip + n.strip(), static_cast<size_t>(n.sums()) * sizeof(float));
  });
  join_tree(samples, g.samples, n.sums(), n.sums());
  const int64_t columns = g.panels.columns;
  for (int64_t lane = 0; lane < g.rows(); ++lane)
    for (int64_t i = 0; i < columns; ++i)
      g.dw[narrow_row_of(g, lane).row * columns + i] = samples[i * kNarrowVectors * 16 + lane];
  for (int64_t i = 0; i < columns && g.db != nullptr; ++i) g.db[i] = samples[columns * kNarrowVectors * 16 + i];
  return {};
}
