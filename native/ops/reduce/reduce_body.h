// The loops of reduce; compiled once per instruction set. Kept runs around one reduced run (whole tensors, the last axis,
// all but the channels) are vectorised; other patterns walk element by element in the same order. The include is a fragment.

// x seen as [outer, count, inner] with the middle reduced; false when the reduced axes are not one run.
struct ReduceBlock {
  int64_t outer = 1, inner = 1;
};
static inline bool reduce_block(const reduce_contract::Layout& layout, ReduceBlock& block) {
  int seen = 0;
  for (int run = 0; run < layout.runs; ++run) {
    if (layout.reduced[run])
      ++seen;
    else
      (seen == 0 ? block.outer : block.inner) *= layout.length[run];
  }
  return seen <= 1;
}

// Where element `index` of the kept (or reduced) axes starts, for patterns that are not one block.
static inline int64_t reduce_offset(const reduce_contract::Layout& layout, bool reduced, int64_t index) {
  int64_t offset = 0, stride = 1;
  for (int run = layout.runs - 1; run >= 0; --run) {
    if (layout.reduced[run] == reduced) {
      offset += index % layout.length[run] * stride;
      index /= layout.length[run];
    }
    stride *= layout.length[run];
  }
  return offset;
}

// Elements [begin, end) of one output whose elements lie side by side.
static inline float reduce_row(const float* x, int64_t begin, int64_t end) {
  F32x16 sums = zero();
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) sums = add(sums, load(x + i));
  LaneSums lanes;
  store(lanes.lane, sums);
  for (; i < end; ++i) lanes.lane[(i - begin) & 15] += x[i];
  return lanes.joined();
}

// Elements [begin, end) of sixteen neighbouring outputs (or `width` of them), elements `inner` apart.
static inline void reduce_columns(const float* x, int64_t inner, int64_t begin, int64_t end, int width, float* sums) {
  F32x16 lane[16];
#pragma GCC unroll 16
  for (int k = 0; k < 16; ++k) lane[k] = zero();
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) {
#pragma GCC unroll 16
    for (int k = 0; k < 16; ++k) lane[k] = add(lane[k], load_some(x + (i + k) * inner, width));
  }
  float tail[16][16];
#pragma GCC unroll 16
  for (int k = 0; k < 16; ++k) store(tail[k], lane[k]);
  for (; i < end; ++i)
    for (int c = 0; c < width; ++c) tail[(i - begin) & 15][c] += x[i * inner + c];
  join_tree(tail[0], kSumLanes, 16, 16);
  store_some(sums, load(tail[0]), width);
}

// One task's share: `width` outputs from `output`, one chunk of their elements.
static inline void reduce_chunk(const reduce_contract::Layout& layout, const ReduceBlock& block, bool is_block,
                                const float* x, int64_t output, int width, int64_t chunk, float* sums) {
  const int64_t begin = chunk * kMemoryChunk, end = least(layout.count, begin + kMemoryChunk);
  if (is_block && block.inner == 1) {
    sums[0] = reduce_row(x + output * layout.count, begin, end);
  } else if (is_block) {
    const float* first = x + output / block.inner * layout.count * block.inner + output % block.inner;
    reduce_columns(first, block.inner, begin, end, width, sums);
  } else {
    const float* first = x + reduce_offset(layout, false, output);
    sums[0] = chunk_sum(begin, end, [=, &layout](int64_t i) { return first[reduce_offset(layout, true, i)]; });
  }
}

template <Mode mode>
static Status reduce_forward(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const reduce_contract::Layout layout = reduce_contract::layout_of(call.tensors[0], settings.axes);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  ReduceBlock block;
  const bool is_block = reduce_block(layout, block);
  const bool wide = is_block && block.inner > 1;
  const int64_t chunks = most(1, ceil_div(layout.count, kMemoryChunk));
  // Sixteen columns of one row of outputs make a task where outputs lie side by side.
  const int64_t groups = wide ? ceil_div(block.inner, 16) : 1;
  const int64_t tiles = wide ? block.outer * groups : layout.outputs;
  // A task takes an aligned power of two of chunks, which is a subtree of the join tree, where that leaves enough tasks. Atomic
  // mode adds every chunk as it arrives.
  constexpr int64_t kRun = 16;
  const bool runs_pay = mode == Mode::kDeterministic && tiles * (chunks / kRun) >= 4 * call.context->workers();
  const int64_t run = runs_pay ? kRun : 1, runs = ceil_div(chunks, run);
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(most(1, runs * layout.outputs)));
  if (partials == nullptr) return refuse(StatusCode::kMemory, "reduce: expected scratch memory, got none");
  if (mode == Mode::kAtomic)
    for (int64_t i = 0; i < layout.outputs; ++i) y[i] = 0.0f;

  call.context->parallel(tiles * runs, [=, &layout](int64_t task, int) {
    const int64_t tile = task / runs, index = task % runs, first = index * run, count = least(chunks, first + run) - first;
    const int64_t column = wide ? tile % groups * 16 : 0;
    const int64_t output = wide ? tile / groups * block.inner + column : tile;
    const int width = wide ? static_cast<int>(least(16, block.inner - column)) : 1;
    float sums[kRun * 16];
    for (int64_t i = 0; i < count; ++i) reduce_chunk(layout, block, is_block, x, output, width, first + i, sums + i * 16);
    join_tree(sums, count, 16, width);
    for (int k = 0; k < width; ++k) {
      if (mode == Mode::kAtomic)
        atomic_add(y + output + k, sums[k]);
      else
        partials[index * layout.outputs + output + k] = sums[k];
    }
  });

  if (mode == Mode::kDeterministic) {
    join_tree(partials, runs, layout.outputs, layout.outputs);
    for (int64_t i = 0; i < layout.outputs; ++i) y[i] = partials[i];
  }
  if (settings.mean != 0)
    for (int64_t i = 0; i < layout.outputs; ++i) y[i] = y[i] / static_cast<float>(layout.count);
  return {};
}

// Fills runs of `count` values with value(run).
template <class Value>
static void reduce_spread(Context& context, float* dx, int64_t values, int64_t count, Value value) {
  const bool past_cache = passes_cache(context, dx, values, 16);
  context.parallel(ceil_div(values, kElementwiseGrain), [=](int64_t task, int) {
    const int64_t end = least(values, (task + 1) * kElementwiseGrain);
    for (int64_t i = task * kElementwiseGrain; i < end;) {
      const int64_t run = i / count, stop = least(end, (run + 1) * count);
      const F32x16 filling = set1(value(run));
      for (int64_t lanes; i < stop; i += lanes) {
        lanes = least(16 - i % 16, stop - i);
        store_out(dx + i, filling, static_cast<int>(lanes), past_cache && lanes == 16);
      }
    }
  });
}

static Status reduce_input_gradient(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const reduce_contract::Layout layout = reduce_contract::layout_of(call.tensors[1], settings.axes);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const float count = static_cast<float>(layout.count);
  const bool mean = settings.mean != 0;
  ReduceBlock block;
  const bool is_block = reduce_block(layout, block);
  if (!is_block) {
    call.context->parallel(layout.outputs, [=, &layout](int64_t output, int) {
      const float value = mean ? dy[output] / count : dy[output];
      float* first = dx + reduce_offset(layout, false, output);
      for (int64_t i = 0; i < layout.count; ++i) first[reduce_offset(layout, true, i)] = value;
    });
    return {};
  }
  if (block.inner == 1) {
    reduce_spread(*call.context, dx, block.outer * layout.count, layout.count,
                  [=](int64_t output) { return mean ? dy[output] / count : dy[output]; });
    return {};
  }
  // Rows of `inner` values; each copies the row of dy that its outer index owns.
  const int64_t rows_per_task = most(1, 16384 / block.inner);
  const int64_t rows = block.outer * layout.count;
  call.context->parallel(ceil_div(rows, rows_per_task), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * rows_per_task);
    for (int64_t row = task * rows_per_task; row < end; ++row) {
      const float* from = dy + row / layout.count * block.inner;
      float* to = dx + row * block.inner;
      for (int64_t i = 0; i < block.inner; ++i) to[i] = mean ? from[i] / count : from[i];
    }
  });
  return {};
}

inline constexpr ModePair k_reduce_forward{{reduce_forward<Mode::kDeterministic>, reduce_forward<Mode::kAtomic>}};
#include "ops/reduce/reduce_extremes_loops.h"

inline constexpr ModePair k_reduce_extremes{{reduce_extremes, reduce_extremes}};
inline constexpr ModePair k_reduce_extremes_gradient{{reduce_extremes_gradient, reduce_extremes_gradient}};
inline constexpr ModePair k_reduce_input_gradient{{reduce_input_gradient, reduce_input_gradient}};
