// The loops of dense, forward and backward; compiled once per instruction set.
#include "simd/gate.h"
#include "simd/tile.h"

// rows [n, terms] times packed columns, as tiles of rows by panels of columns.
struct Product {
  const float* rows;
  int64_t n, terms;
  Panels panels;
  const float* packed;  // [panel][terms][16 * vectors]
  float* out;           // [n, columns]
  const float* bias;    // padded to the panels, or null
  Fused fused;

  int64_t row_tiles() const { return ceil_div(n, kTileRows); }
  int64_t row_begin(int64_t tile) const { return tile * n / row_tiles(); }
  int64_t tasks() const { return panels.count() * row_tiles(); }
};

static Status out_of_memory() noexcept { return refuse(StatusCode::kMemory, "dense: expected scratch memory, got none"); }

// Calls pack(to, panel) for every panel of `terms` rows.
template <class Pack>
static void pack_panels(Context& context, const Panels& panels, int64_t terms, float* packed, Pack pack) noexcept {
  context.parallel(panels.count(), [&](int64_t panel, int) { pack(packed + panel * kTileColumns * terms, panel); });
}

// The terms [begin, end) of one tile's chains, into a tile of 16 * vectors columns.
static void product_tile(const Product& p, int64_t task, int64_t begin, int64_t end, const Finish* finish, float* tile) noexcept {
  const int64_t panel = task / p.row_tiles(), first = p.row_begin(task % p.row_tiles());
  const int rows = static_cast<int>(p.row_begin(task % p.row_tiles() + 1) - first), vectors = p.panels.vectors(panel);
  run_chain_tile(rows, vectors, p.rows + first * p.terms + begin, p.terms, {1, 0, 1, 0, end - begin},
                 p.packed + panel * kTileColumns * p.terms + begin * vectors * 16, tile, vectors * 16, true, finish);
}

// Calls put(out, lanes, value) for every sixteen columns of a computed tile.
template <class Put>
static inline void each_of_tile(const Product& p, int64_t task, const float* tile, Put put) {
  const int64_t panel = task / p.row_tiles(), first = p.row_begin(task % p.row_tiles());
  const int64_t rows = p.row_begin(task % p.row_tiles() + 1) - first, width = p.panels.width(panel);
  const int vectors = p.panels.vectors(panel);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t v = 0; v * 16 < width; ++v)
      put(p.out + (first + r) * p.panels.columns + panel * kTileColumns + v * 16, static_cast<int>(least(16, width - v * 16)),
          load(tile + (r * vectors + v) * 16));
}

static void product(Context& context, const Product& p) noexcept {
  context.parallel(p.tasks(), [&](int64_t task, int) {
    alignas(64) float tile[kTileRows * kTileColumns];
    const Finish finish{p.bias == nullptr ? nullptr : p.bias + task / p.row_tiles() * kTileColumns, p.fused, {}};
    product_tile(p, task, 0, p.terms, &finish, tile);
    each_of_tile(p, task, tile, [](float* out, int lanes, F32x16 value) { store_some(out, value, lanes); });
  });
}

// Blocks of terms, each added to the outputs as it arrives.
static Status product_arriving(Context& context, const Product& p) noexcept {
  constexpr int64_t kTermsOfBlock = 64;
  const int64_t blocks = ceil_div(p.terms, kTermsOfBlock);
  Gate* gates = context.scratch_of<Gate>(static_cast<size_t>(p.tasks()));
  if (gates == nullptr) return out_of_memory();
  __builtin_memset(gates, 0, static_cast<size_t>(p.tasks()) * sizeof(Gate));
  context.parallel(p.tasks() * blocks, [&](int64_t task, int) {
    alignas(64) float tile[kTileRows * kTileColumns];
    const int64_t place = task / blocks, block = task % blocks;
    product_tile(p, place, block * kTermsOfBlock, least(p.terms, (block + 1) * kTermsOfBlock), nullptr, tile);
    const bool first = gates[place].enter();
    each_of_tile(p, place, tile, [&](float* out, int lanes, F32x16 value) {
      store_some(out, first ? value : add(load_some(out, lanes), value), lanes);
    });
    gates[place].leave();
  });
  return {};
}

static Status dense_forward(const Call& call) noexcept {
  const View &x = call.tensors[0], &weight = call.tensors[1], &bias = call.tensors[2], &y = call.tensors[3];
  const int64_t o = weight.shape[1];
  Product p{x.f32(), x.shape[0], x.shape[1], {o}, nullptr, y.f32(), nullptr, call.as<dense_contract::Settings>().fused};
  float* packed = call.context->scratch_of<float>(static_cast<size_t>(p.terms * p.panels.padded()));
  float* packed_bias = call.context->scratch_of<float>(static_cast<size_t>(p.panels.padded()));
  if (packed == nullptr || packed_bias == nullptr) return out_of_memory();
  pack_panels(*call.context, p.panels, p.terms, packed, [&](float* to, int64_t panel) {
    const int vectors = p.panels.vectors(panel);
    const auto pack_row = [&](const float* row, float* at) {
      for (int v = 0; v < vectors; ++v)
        store(at + v * 16, load_some(row + panel * kTileColumns + v * 16, p.panels.lanes(panel, v)));
    };
    for (int64_t k = 0; k < p.terms; ++k) pack_row(weight.f32() + k * o, to + k * vectors * 16);
    if (bias.given()) pack_row(bias.f32(), packed_bias + panel * kTileColumns);
  });
  p.packed = packed;
  p.bias = bias.given() ? packed_bias : nullptr;
  product(*call.context, p);
  return {};
}

template <bool kAtomic>
static Status dense_input_gradient(const Call& call) noexcept {
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const int64_t o = weight.shape[1];
  Product p{dy.f32(), dy.shape[0], o, {weight.shape[0]}, nullptr, dx.f32(), nullptr, {}};
  float* packed = call.context->scratch_of<float>(static_cast<size_t>(p.terms * p.panels.padded()));
  if (packed == nullptr) return out_of_memory();
  pack_panels(*call.context, p.panels, p.terms, packed, [&](float* to, int64_t panel) {
    const int64_t padded = p.panels.vectors(panel) * 16, width = p.panels.width(panel);
    const float* from = weight.f32() + panel * kTileColumns * o;
    for (int64_t column = 0; column < padded; ++column)
      for (int64_t k = 0; k < o; ++k) to[k * padded + column] = column < width ? from[column * o + k] : 0.0f;
  });
  p.packed = packed;
  if (kAtomic) return product_arriving(*call.context, p);
  product(*call.context, p);
  return {};
}

// The join tree of N samples from `begin`.
template <int N, class Term>
[[gnu::always_inline]] static inline F32x16 join_few(int64_t begin, Term term) {
  if constexpr (N == 1) {
    return term(begin);
  } else {
    constexpr int kLeft = static_cast<int>(join_left(N));
    return add(join_few<kLeft>(begin, term), join_few<N - kLeft>(begin + kLeft, term));
  }
}

// The join tree of 1 to N samples from `begin`.
template <int N, class Term>
static inline F32x16 join_some(int64_t begin, int64_t count, Term term) {
  if constexpr (N > 1) {
    if (count < N) return join_some<N - 1>(begin, count, term);
  }
  return join_few<N>(begin, term);
}

// Sixteen sums over samples [begin, end): term(sample) joined by the join tree, subtrees of eight in registers.
template <class Term>
[[gnu::always_inline]] static inline F32x16 join_samples(int64_t begin, int64_t end, Term term) {
  constexpr int kSubtree = 8;
  const int64_t count = end - begin, whole = count / kSubtree;
  F32x16 levels[64];  // sums of 8, 16, 32.. samples
  for (int64_t i = 0; i < whole; ++i) {
    F32x16 sum = join_few<kSubtree>(begin + i * kSubtree, term);
    int level = 0;
    for (; (i >> level & 1) != 0; ++level) sum = add(levels[level], sum);
    levels[level] = sum;
  }
  // The subtrees still open are joined from the smallest one up: the samples behind the last whole subtree come first.
  int level = 0;
  F32x16 sum;
  if (count % kSubtree != 0) {
    sum = join_some<kSubtree - 1>(begin + whole * kSubtree, count % kSubtree, term);
  } else {
    while ((whole >> level & 1) == 0) ++level;
    sum = levels[level++];
  }
  for (; (whole >> level) != 0; ++level)
    if ((whole >> level & 1) != 0) sum = add(levels[level], sum);
  return sum;
}

// Runs of results that one task computes, side by side in the output.
static inline constexpr int64_t kGrain = 16;

// The gradient of a [rows, columns] result, sixteen neighbours at a time, summed over samples [begin, end) and handed to put.
// What a sample adds is a chain of its own, from +0: so a sum of only -0 is +0.
// Neighbours lie along the columns, or along the rows when columns are few.
struct Gradient {
  const float *x, *dy;  // x null: the bias, one row
  int64_t n, i, o;

  bool along_rows() const { return x != nullptr && o < 16; }
  int64_t runs() const { return along_rows() ? ceil_div(i, 16) : x == nullptr ? 1 : i; }

  // What `sum` works on: a copy of a task's x, sample after sample. In x itself samples lie far apart, often by a power of two
  // of bytes, and of lines that far apart an L1 cache can keep only a few.
  int64_t scratch_floats() const { return x == nullptr || along_rows() ? 0 : n * kGrain; }

  // For the runs [first, last), at most kGrain of them: rows, or sixteen rows each.
  template <class Put>
  void sum(int64_t first, int64_t last, int64_t begin, int64_t end, float* scratch, Put put) const {
    if (along_rows()) {
      for (int64_t row = first * 16; row < least(i, last * 16); row += 16) {
        const int lanes = static_cast<int>(least(16, i - row));
        for (int64_t column = 0; column < o; ++column) {
          alignas(64) float sums[16];
          store(sums, join_samples(begin, end, [&](int64_t sample) {
                  return fma(load_some(x + sample * i + row, lanes), set1(dy[sample * o + column]), zero());
                }));
          for (int lane = 0; lane < lanes; ++lane) put((row + lane) * o + column, 1, load_some(sums + lane, 1));
        }
      }
      return;
    }
    if (x != nullptr)
      for (int64_t sample = begin; sample < end; ++sample)
        for (int64_t row = first; row < last; ++row) scratch[sample * kGrain + row - first] = x[sample * i + row];
    for (int64_t column = 0; column < o; column += 16) {
      const int lanes = static_cast<int>(least(16, o - column));
      const auto each_row = [&](auto load_gradient) {
        for (int64_t row = first; row < last; ++row) {
          const float *gradients = dy + column, *values = x == nullptr ? nullptr : scratch + row - first;
          const auto term = [=, step = o](int64_t sample) {
            const F32x16 gradient = load_gradient(gradients + sample * step);
            return values == nullptr ? add(zero(), gradient) : fma(set1(values[sample * kGrain]), gradient, zero());
          };
          put(row * o + column, lanes, join_samples(begin, end, term));
        }
      };
      if (lanes == 16)
        each_row([](const float* from) { return load(from); });
      else
        each_row([=](const float* from) { return load_partial(from, lanes); });
    }
  }
};

static Status sum_samples(Context& context, const Gradient& g, float* out) noexcept {
  float* scratch = context.scratch_of<float>(static_cast<size_t>(context.workers() * g.scratch_floats()));
  if (scratch == nullptr) return out_of_memory();
  context.parallel(ceil_div(g.runs(), kGrain), [&](int64_t block, int worker) {
    g.sum(block * kGrain, least(g.runs(), (block + 1) * kGrain), 0, g.n, scratch + worker * g.scratch_floats(),
          [&](int64_t index, int lanes, F32x16 sum) { store_some(out + index, sum, lanes); });
  });
  return {};
}

// Groups of samples, each block of results added as it arrives.
static Status sum_samples_arriving(Context& context, const Gradient& g, float* out) noexcept {
  const int64_t blocks = ceil_div(g.runs(), kGrain), groups = least(g.n, dense_contract::kSampleGroups);
  const int64_t run = (g.along_rows() ? 16 : 1) * g.o, size = kGrain * run, all = g.i * g.o;
  Gate* gates = context.scratch_of<Gate>(static_cast<size_t>(blocks));
  float* memory = context.scratch_of<float>(static_cast<size_t>(context.workers() * size));
  float* scratch = context.scratch_of<float>(static_cast<size_t>(context.workers() * g.scratch_floats()));
  if (gates == nullptr || memory == nullptr || scratch == nullptr) return out_of_memory();
  __builtin_memset(gates, 0, static_cast<size_t>(blocks) * sizeof(Gate));
  context.parallel(blocks * groups, [&](int64_t task, int worker) {
    const int64_t block = task / groups, group = task % groups, begin = block * size, end = least(all, begin + size);
    float* sums = memory + worker * size;
    g.sum(block * kGrain, least(g.runs(), (block + 1) * kGrain), group * g.n / groups, (group + 1) * g.n / groups,
          scratch + worker * g.scratch_floats(),
          [&](int64_t index, int lanes, F32x16 sum) { store_some(sums + index - begin, sum, lanes); });
    const bool first = gates[block].enter();
    for (int64_t i = begin; i < end; i += 16) {
      const int lanes = static_cast<int>(least(16, end - i));
      const F32x16 sum = load_some(sums + i - begin, lanes);
      store_some(out + i, first ? sum : add(load_some(out + i, lanes), sum), lanes);
    }
    gates[block].leave();
  });
  return {};
}

template <bool kAtomic>
static Status dense_bias(Context& context, const View& dy, float* db) noexcept {
  const Gradient g{nullptr, dy.f32(), dy.shape[0], 1, dy.shape[1]};
  return kAtomic ? sum_samples_arriving(context, g, db) : sum_samples(context, g, db);
}

template <bool kAtomic>
static Status dense_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &db = call.tensors[3];
  const Gradient g{x.f32(), dy.f32(), x.shape[0], x.shape[1], dy.shape[1]};
  float* dw = call.tensors[2].f32();
  const Status status = kAtomic ? sum_samples_arriving(*call.context, g, dw) : sum_samples(*call.context, g, dw);
  return !status.ok() || !db.given() ? status : dense_bias<kAtomic>(*call.context, dy, db.f32());
}

template <bool kAtomic>
static Status dense_bias_gradient(const Call& call) noexcept {
  return dense_bias<kAtomic>(*call.context, call.tensors[0], call.tensors[1].f32());
}

inline constexpr ModePair k_dense_forward{{dense_forward, dense_forward}};
inline constexpr ModePair k_dense_input_gradient{{dense_input_gradient<false>, dense_input_gradient<true>}};
inline constexpr ModePair k_dense_weight_gradient{{dense_weight_gradient<false>, dense_weight_gradient<true>}};
inline constexpr ModePair k_dense_bias_gradient{{dense_bias_gradient<false>, dense_bias_gradient<true>}};
