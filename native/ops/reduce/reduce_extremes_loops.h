// The loops of the largest and the smallest value over axes; a fragment of reduce_body.h.

using reduce_contract::Layout;

// Where element `index` of an output lies.
static inline int64_t extremes_at(const Layout& layout, const ReduceBlock& block, bool is_block, int64_t output, int64_t index) {
  if (is_block) return (output / block.inner * layout.count + index) * block.inner + output % block.inner;
  return reduce_offset(layout, false, output) + reduce_offset(layout, true, index);
}

template <bool least_wins>
static inline bool extremes_better(float v, float best) {
  return !(least_wins ? v >= best : v <= best) && best == best;
}
template <bool least_wins>
static inline Mask16 extremes_better(F32x16 v, F32x16 best) {
  const F32x16 minus = set1(-0.0f);
  return least_wins ? beats(sub(minus, v), sub(minus, best)) : beats(v, best);
}
static inline bool extremes_same(float v, float best) { return v == best || (v != v && best != best); }

// The best of elements [begin, end) that lie side by side.
template <bool least_wins>
static inline float extremes_of_row(const float* x, int64_t begin, int64_t end) {
  F32x16 lanes = set1(x[begin]);
  int64_t i = begin;
  for (; i + 16 <= end; i += 16) {
    const F32x16 v = load(x + i);
    lanes = select(extremes_better<least_wins>(v, lanes), v, lanes);
  }
  float best[16];
  store(best, lanes);
  for (int k = 1; k < 16; ++k)
    if (extremes_better<least_wins>(best[k], best[0])) best[0] = best[k];
  for (; i < end; ++i)
    if (extremes_better<least_wins>(x[i], best[0])) best[0] = x[i];
  return best[0];
}

// The number of the best of elements [begin, end) of each of `width` neighbouring outputs, elements `inner` apart.
template <bool least_wins>
static inline void extremes_columns(const float* x, int64_t inner, int64_t begin, int64_t end, int width, int64_t* found) {
  F32x16 lanes = load_some(x + begin * inner, width);
  for (int64_t i = begin + 1; i < end; ++i) {
    const F32x16 v = load_some(x + i * inner, width);
    lanes = select(extremes_better<least_wins>(v, lanes), v, lanes);
  }
  float best[16];
  store(best, lanes);
  int left = width;
  for (int c = 0; c < width; ++c) found[c] = -1;
  for (int64_t i = begin; left > 0; ++i)
    for (int c = 0; c < width; ++c)
      if (found[c] < 0 && extremes_same(x[i * inner + c], best[c])) {
        found[c] = i;
        --left;
      }
}

template <bool least_wins>
static Status extremes_forward(const Call& call) noexcept {
  const Layout layout = reduce_contract::layout_of(call.tensors[0], call.as<reduce_contract::Extremes>().axes);
  const float* x = call.tensors[0].f32();
  const View &y = call.tensors[1], &index = call.tensors[2];
  ReduceBlock block;
  const bool is_block = reduce_block(layout, block), wide = is_block && block.inner > 1;
  const int64_t pieces = ceil_div(layout.count, kMemoryChunk), groups = wide ? ceil_div(block.inner, 16) : 1;
  const int64_t tiles = wide ? block.outer * groups : layout.outputs;
  int64_t* found = call.context->scratch_of<int64_t>(static_cast<size_t>(most(1, pieces * layout.outputs)));
  if (found == nullptr) return refuse(StatusCode::kMemory, "reduce: expected scratch memory, got none");
  call.context->parallel(tiles * pieces, [&](int64_t task, int) {
    const int64_t tile = task / pieces, piece = task % pieces, begin = piece * kMemoryChunk;
    const int64_t end = least(layout.count, begin + kMemoryChunk), column = wide ? tile % groups * 16 : 0;
    const int64_t output = wide ? tile / groups * block.inner + column : tile;
    const float* first = x + extremes_at(layout, block, is_block, output, 0);
    int64_t* to = found + piece * layout.outputs + output;
    if (wide) {
      extremes_columns<least_wins>(first, block.inner, begin, end, static_cast<int>(least(16, block.inner - column)), to);
    } else if (is_block) {
      const float best = extremes_of_row<least_wins>(first, begin, end);
      *to = begin;
      while (!extremes_same(first[*to], best)) ++*to;
    } else {
      *to = begin;
      for (int64_t i = begin + 1; i < end; ++i)
        if (extremes_better<least_wins>(first[reduce_offset(layout, true, i)], first[reduce_offset(layout, true, *to)])) *to = i;
    }
  });
  elementwise_each(*call.context, layout.outputs, [&](int64_t output) {
    int64_t best = found[output];
    float value = x[extremes_at(layout, block, is_block, output, best)];
    for (int64_t piece = 1; piece < pieces; ++piece) {
      const int64_t other = found[piece * layout.outputs + output];
      const float v = x[extremes_at(layout, block, is_block, output, other)];
      if (!extremes_better<least_wins>(v, value)) continue;
      best = other;
      value = v;
    }
    if (y.given()) y.f32()[output] = value;
    if (index.given()) index.i32()[output] = static_cast<int32_t>(best);
  });
  return {};
}

static Status reduce_extremes(const Call& call) noexcept {
  return call.as<reduce_contract::Extremes>().least != 0 ? extremes_forward<true>(call) : extremes_forward<false>(call);
}

// What one element gets.
struct ExtremesShare {
  const float *y, *dy, *ties;
  float of(float x, int64_t output) const {
    if (!extremes_same(x, y[output])) return 0.0f;
    return dy == nullptr ? 1.0f : dy[output] / ties[output];
  }
};

static Status reduce_extremes_gradient(const Call& call) noexcept {
  const Layout layout = reduce_contract::layout_of(call.tensors[0], call.as<reduce_contract::Extremes>().axes);
  const float* x = call.tensors[0].f32();
  float* dx = call.tensors[4].f32();
  const ExtremesShare share = {call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32()};
  ReduceBlock block;
  if (!reduce_block(layout, block)) {
    call.context->parallel(layout.outputs, [&](int64_t output, int) {
      const int64_t first = reduce_offset(layout, false, output);
      for (int64_t i = 0; i < layout.count; ++i) {
        const int64_t at = first + reduce_offset(layout, true, i);
        dx[at] = share.of(x[at], output);
      }
    });
    return {};
  }
  row_pieces(*call.context, block.outer * layout.count, block.inner, [&](int64_t row, int64_t from, int64_t to) {
    const int64_t first = row / layout.count * block.inner;
    for (int64_t i = from; i < to; ++i) dx[row * block.inner + i] = share.of(x[row * block.inner + i], first + i);
  });
  return {};
}
