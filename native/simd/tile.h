// The register tile of every contraction (rule 1): kTileRows outputs by kTileVectors vectors of columns, each output one
// chain of fma. A tile stores its running values and goes on with the same chains later, so its size is free.
#include "simd/fused.h"

static inline constexpr int kTileVectors = kNativeLanes == 16 ? 2 : 1;
static inline constexpr int kTileRows = kNativeLanes == 16 ? 14 : kNativeLanes == 1 ? 4 : 6;
static inline constexpr int kTileColumns = kTileVectors * 16;

// Columns of weights in panels of kTileColumns; the last one may be 16 wide.
struct Panels {
  int64_t columns;
  int64_t count() const { return ceil_div(columns, kTileColumns); }
  int vectors(int64_t panel) const { return columns - panel * kTileColumns > 16 ? kTileVectors : 1; }
  int64_t width(int64_t panel) const { return least(columns - panel * kTileColumns, kTileColumns); }
  int64_t padded() const { return (count() - 1) * kTileColumns + vectors(count() - 1) * 16; }
  int lanes(int64_t panel, int v) const { return static_cast<int>(most(0, least(16, width(panel) - v * 16))); }
};

// The terms of one chain: source[o * outer_step + i * inner_step + k], ascending (o, i, k). Weights lie in that order.
struct Walk {
  int64_t outer, outer_step, inner, inner_step, length;
};

// A walk through memory that will be needed soon: one cache line is asked for at each step of a tile.
struct Ahead {
  const float* next;
  int64_t step;

  Ahead from(int64_t position) const { return {next + position * step, step}; }
};

// What happens to a finished chain: one add of the bias (null: none), then the activation, and where it goes. Results that no cache could
// keep until they are read are stored past the caches; `out` and `out_step` must then be multiples of 64 bytes.
struct Finish {
  const float* bias;
  Fused fused;
  Outlet outlet;
};

template <class Activation, int R, int V>
[[gnu::always_inline]] static inline void activate_tile(const Activation& activation, F32x16 (&sum)[R][V]) noexcept {
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = activation.value(sum[r][v]);
}

// R chains by V vectors: row r reads from source + r * step. `fresh` chains start from +0, others go on from `out`.
template <int R, int V>
static void chain_tile(const float* source, int64_t step, const Walk& walk, const float* weights, float* out,
                       int64_t out_step, bool fresh, const Finish* finish, Ahead ahead) noexcept {
  F32x16 sum[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) sum[r][v] = fresh ? zero() : load(out + r * out_step + v * 16);
  for (int64_t o = 0; o < walk.outer; ++o) {
    for (int64_t i = 0; i < walk.inner; ++i) {
      const float* from = source + o * walk.outer_step + i * walk.inner_step;
      for (int64_t k = 0; k < walk.length; ++k) {
        F32x16 column[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) column[v] = load(weights + v * 16);
        weights += V * 16;
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
          const F32x16 value = set1(from[r * step]);
#pragma GCC unroll 4
          for (int v = 0; v < V; ++v) sum[r][v] = fma(value, column[v], sum[r][v]);
        }
        ++from;
        fetch_ahead(ahead.next);
        ahead.next += ahead.step;
      }
    }
  }
  if (finish != nullptr && finish->bias != nullptr) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const F32x16 bias = load(finish->bias + v * 16);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) sum[r][v] = add(sum[r][v], bias);
    }
  }
  if (finish != nullptr)
    visit_fused(finish->fused, [&](const auto& activation) __attribute__((always_inline)) { activate_tile(activation, sum); });
  if (finish != nullptr && finish->outlet.copy != 0) {
    float* copy = finish->outlet.copy_of(out);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) store(copy + r * out_step + v * 16, sum[r][v]);
  }
  if (finish != nullptr && finish->outlet.past_cache) {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) stream(out + r * out_step + v * 16, sum[r][v]);
    return;
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) store(out + r * out_step + v * 16, sum[r][v]);
}

using ChainTile = void (*)(const float*, int64_t, const Walk&, const float*, float*, int64_t, bool, const Finish*, Ahead);

// The tile for `rows` of 1..kTileRows and `vectors` of 1..kTileVectors.
template <int V, int R = 1>
static ChainTile chain_tile_of(int rows) noexcept {
  if constexpr (R < kTileRows) {
    if (rows != R) return chain_tile_of<V, R + 1>(rows);
  }
  return chain_tile<R, V>;
}

static inline void run_chain_tile(int rows, int vectors, const float* source, int64_t step, const Walk& walk,
                                  const float* weights, float* out, int64_t out_step, bool fresh,
                                  const Finish* finish, Ahead ahead) noexcept {
  const ChainTile tile = vectors == kTileVectors ? chain_tile_of<kTileVectors>(rows) : chain_tile_of<1>(rows);
  tile(source, step, walk, weights, out, out_step, fresh, finish, ahead);
}
static inline void run_chain_tile(int rows, int vectors, const float* source, int64_t step, const Walk& walk,
                                  const float* weights, float* out, int64_t out_step, bool fresh,
                                  const Finish* finish) noexcept {
  run_chain_tile(rows, vectors, source, step, walk, weights, out, out_step, fresh, finish, {source, 0});
}
