// How weight and bias gradients are summed. A task owns some tiles of one panel of columns, and a run of samples that is a
// subtree of the join tree. It takes its items in batches: dy of a batch is packed once, then each tile runs through all
// items of the batch. Atomic mode sums a batch in one chain and adds each task's sums as they arrive.

// Packs dy of one item and panel; the chain of its sum over positions goes on in `total`.
template <int V>
static void pack_gradient(const float* dy, int64_t step, int64_t count, int last_lanes, float* packed, float* total) noexcept {
  F32x16 sum[V];
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) sum[v] = load(total + v * 16);
  for (int64_t p = 0; p < count; ++p, dy += step, packed += V * 16) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 value = v + 1 < V ? load(dy + v * 16) : load_some(dy + v * 16, last_lanes);
      store(packed + v * 16, value);
      sum[v] = add(sum[v], value);
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < V; ++v) store(total + v * 16, sum[v]);
}

static void pack_batch(const WeightGradient& g, const WeightBlock& block, const Batch& batch, const GradientScratch& scratch,
                       bool atomic) noexcept {
  const int64_t co = g.groups * g.panels.columns;
  const float* dy = g.dy + block.group * g.panels.columns + block.panel * kTileColumns;
  for (int i = 0; i < batch.count; ++i) {
    const Item& item = batch.items[i];
    const Joins joins = scratch.totals.joins(batch.done[i], 0);
    alignas(64) float total[kTileColumns] = {};
    if (atomic && !(batch.first && i == 0)) __builtin_memcpy(total, joins.out, sizeof total);
    const auto pack = block.vectors == kTileVectors ? pack_gradient<kTileVectors> : pack_gradient<1>;
    pack(dy + (item.sample * g.oh * g.ow + item.begin) * co, co, item.end - item.begin,
         g.panels.lanes(block.panel, block.vectors - 1), scratch.packed + item.packed * block.width, total);
    for (int v = 0; v < block.vectors; ++v) {
      F32x16 sum = load(total + v * 16);
      for (int j = 0; j < joins.count; ++j) sum = add(load(joins.left[j] + v * 16), sum);
      store(joins.out + v * 16, sum);
    }
  }
}

// Items of a batch: a power of two, so that the lower levels of a join tree are complete when it ends.
static int64_t items_of_batch(int64_t positions, int64_t most_positions, int64_t most_items) {
  int64_t items = 1;
  while (items * 2 <= most_items && items * 2 * positions <= most_positions) items *= 2;
  return items;
}

// How a task's items are batched: several whole samples where they are small, otherwise several chunks of one sample.
struct Batching {
  int64_t samples, chunks;  // of one batch
  int hot_levels;
};

static Batching batching_of(const WeightGradient& g) {
  const int64_t positions = g.oh * g.ow, chunks = g.chunks();
  const auto log2 = [](int64_t n) { return join_levels(n) - 1; };
  if (positions <= kBatchPositions) {
    const int64_t samples = items_of_batch(positions, kSharedPositions, kBatchItems / chunks);
    return {samples, chunks, join_levels(chunks) + log2(samples)};
  }
  const int64_t run = items_of_batch(kPositionChunk, kBatchPositions, kBatchItems);
  return {1, run, log2(run)};
}

// The samples [first, last) of one task into levels.out.
static void sum_samples(const WeightGradient& g, const WeightBlock& block, int64_t first, int64_t last, Range part, bool atomic,
                        const GradientScratch& scratch) noexcept {
  const Batching batching = batching_of(g);
  const int64_t positions = g.oh * g.ow, chunks = g.chunks();
  Batch batch;
  batch.first = true;
  for (int64_t sample = first; sample < last; sample += batching.samples) {
    for (int64_t chunk = part.begin; chunk < part.end; chunk += batching.chunks) {
      batch.count = 0;
      int64_t packed = 0;
      for (int64_t s = sample; s < least(last, sample + batching.samples); ++s) {
        for (int64_t c = chunk; c < least(part.end, chunk + batching.chunks); ++c) {
          const int64_t begin = c * kPositionChunk, end = least(positions, begin + kPositionChunk);
          Completed done{{}, 0, -1};
          if (!atomic) {
            complete(done, 0, c - part.begin, c + 1 == part.end);
            if (c + 1 == part.end) complete(done, join_levels(chunks), s - first, s + 1 == last);
            if (c + 1 == part.end && s + 1 == last) done.level = -1;
          }
          batch.items[batch.count] = {s, begin, end, packed};
          batch.done[batch.count++] = done;
          packed += end - begin;
        }
      }
      pack_batch(g, block, batch, scratch, atomic);
      sum_batch(g, block, batch, scratch, atomic);
      batch.first = false;
    }
  }
}

// Writes a block's sums to dw and db, or adds them to what is there.
static void store_sums(const WeightGradient& g, const WeightBlock& block, const float* sums, bool onto) noexcept {
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

// How many samples and tiles a task takes; no choice here reaches a result of deterministic mode.
static void deal_out(WeightGradient& g, int workers, bool atomic) {
  constexpr int64_t kBlockTiles = 96;  // dy is packed, and x fetched, once for all of them
  // Floats of x and dy that one block of weights after the other reads, 1 MiB: they stay near meanwhile. More beside large
  // weights, of which every task keeps its sums.
  constexpr int64_t kCachedFloats = int64_t{1} << 18;
  const int64_t tasks = workers == 1 ? 1 : 8 * workers, columns = g.groups * g.panels.columns;
  const int64_t sample = g.h * g.w * g.channels() + g.oh * g.ow * columns, cached = most(kCachedFloats, 16 * g.rows() * columns);
  g.tile_block = kBlockTiles;
  g.sample_block = 1;
  while (g.sample_block < g.samples) g.sample_block *= 2;
  while (!atomic && g.blocks() > 1 && g.sample_block > 1 && g.sample_block * sample > cached) g.sample_block /= 2;
  while (g.sample_block > 1 && (g.blocks() * g.sample_blocks() < tasks || (atomic && g.sample_blocks() < 4))) g.sample_block /= 2;
  // The chunks of a single sample are dealt out, not the tiles, of which each reads all of x and dy.
  g.chunk_block = 1;
  while (g.chunk_block < g.chunks()) g.chunk_block *= 2;
  while (!atomic && g.samples == 1 && g.chunk_block > kBatchPositions / kPositionChunk && g.blocks() * g.parts() < tasks)
    g.chunk_block /= 2;
  while (g.tile_block > 1 && g.blocks() * g.parts() < tasks) g.tile_block /= 2;
  g.tile_block = most(1, least(g.tile_block, g.tile_count));  // no task's sums take room for tiles that are not there
}

static Status weight_gradient(Context& context, WeightGradient& g, bool atomic) noexcept {
  deal_out(g, context.workers(), atomic);
  const int hot_levels = atomic ? 0 : batching_of(g).hot_levels;
  const int levels = atomic ? 0 : join_levels(g.chunks()) + join_levels(g.sample_block);
  const int64_t step = g.block_floats(), tile = kTileRows * kTileColumns;
  const int64_t packed = kBatchPositions * kTileColumns, runs = kBatchPositions * (sizeof(Positions) / sizeof(float));
  const int64_t worker_floats = packed + runs + levels * (step + kTileColumns + tile) + step;
  const bool joined_later = !atomic && g.parts() > 1;
  float* memory = context.scratch_of<float>(static_cast<size_t>(worker_floats * context.workers()));
  float* partials = joined_later ? context.scratch_of<float>(static_cast<size_t>(g.parts() * g.blocks() * step)) : memory;
  Gate* gates = context.scratch_of<Gate>(static_cast<size_t>(g.blocks()));
  if (memory == nullptr || partials == nullptr || gates == nullptr)
    return refuse(StatusCode::kMemory, "conv2d: expected scratch memory, got none");
  __builtin_memset(gates, 0, static_cast<size_t>(g.blocks()) * sizeof(Gate));

  context.parallel(g.blocks() * g.parts(), [&](int64_t task, int worker) {
    // Deterministic: blocks of the same samples side by side, which share what they read. Atomic: samples of the same
    // block side by side, which meet at its sums.
    const int64_t index = atomic ? task / g.parts() : task % g.blocks();
    const int64_t part = atomic ? task % g.parts() : task / g.blocks();
    const int64_t samples = part / g.chunk_blocks() * g.sample_block, chunk = part % g.chunk_blocks() * g.chunk_block;
    const WeightBlock block = block_of(g, index);
    float* own = memory + worker * worker_floats;
    float* out = joined_later ? partials + task * step : own + packed + runs;
    float* kept = own + packed + runs + step;
    float* totals = kept + levels * step;
    const GradientScratch scratch{own, reinterpret_cast<Positions*>(own + packed),
                                  {kept, totals + levels * kTileColumns, out, step, hot_levels},
                                  {totals, nullptr, out + g.total_offset(), kTileColumns, 0}};
    sum_samples(g, block, samples, least(g.samples, samples + g.sample_block), {chunk, least(g.chunks(), chunk + g.chunk_block)},
                atomic, scratch);
    if (atomic) {
      const bool first = gates[index].enter();
      store_sums(g, block, out, !first);
      gates[index].leave();
    } else if (!joined_later) {
      store_sums(g, block, out, false);
    }
  });
  if (joined_later) {
    context.parallel(g.blocks(), [&](int64_t index, int) {
      const WeightBlock block = block_of(g, index);
      float* sums = partials + index * step;
      join_tree(sums, g.parts(), g.blocks() * step, block.rows * block.width);
      join_tree(sums + g.total_offset(), g.parts(), g.blocks() * step, block.width);
      store_sums(g, block, sums, false);
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
  if (!kAtomic && takes_narrow_gradient(g)) return narrow_gradient(*call.context, g);
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
