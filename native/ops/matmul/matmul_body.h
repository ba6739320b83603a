// The loops of matmul; compiled once per instruction set. A task has one panel of columns and some rows of one batch.
#include "simd/tile.h"

using MatmulSizes = matmul_contract::Sizes;

static inline constexpr int64_t kMatmulRows = 16 * kTileRows;  // of a task, which packs its panel of b for them

// The columns of a panel, one row of 16 * vectors for each term.
static void matmul_pack_columns(const float* b, const MatmulSizes& s, const Panels& panels, int64_t panel, bool transposed,
                                float* to) noexcept {
  const int vectors = panels.vectors(panel);
  const int64_t padded = vectors * 16, width = panels.width(panel), first = panel * kTileColumns;
  if (!transposed) {
    for (int64_t k = 0; k < s.terms; ++k)
      for (int v = 0; v < vectors; ++v)
        store(to + k * padded + v * 16, load_some(b + k * s.columns + first + v * 16, panels.lanes(panel, v)));
    return;
  }
  for (int64_t column = 0; column < padded; ++column)
    for (int64_t k = 0; k < s.terms; ++k) to[k * padded + column] = column < width ? b[(first + column) * s.terms + k] : 0.0f;
}

// Rows [first, first + rows) of a transposed operand, one behind the other.
static void matmul_pack_rows(const float* a, const MatmulSizes& s, int64_t first, int rows, float* to) noexcept {
  for (int64_t k = 0; k < s.terms; ++k)
    for (int r = 0; r < rows; ++r) to[r * s.terms + k] = a[k * s.rows + first + r];
}

static Status matmul_forward(const Call& call) noexcept {
  const auto& settings = call.as<matmul_contract::Settings>();
  const MatmulSizes s = matmul_contract::sizes_of(settings, call.tensors[0], call.tensors[1], call.tensors[2]);
  const bool transposed_a = settings.transpose_a != 0, transposed_b = settings.transpose_b != 0;
  const float *a_all = call.tensors[0].f32(), *b_all = call.tensors[1].f32();
  float* y_all = call.tensors[2].f32();
  const Panels panels{s.columns};
  const int64_t panel_floats = s.terms * kTileColumns, row_floats = transposed_a ? ceil_div(s.terms * kTileRows, 16) * 16 : 0;
  float* memory = call.context->scratch_of<float>(static_cast<size_t>(call.context->workers() * (panel_floats + row_floats)));
  if (memory == nullptr) return refuse(StatusCode::kMemory, "matmul: expected scratch memory, got none");
  const int64_t blocks = ceil_div(s.rows, kMatmulRows), each = panels.count() * blocks;
  call.context->parallel(s.batches * each, [=](int64_t task, int worker) {
    alignas(64) float tile[kTileRows * kTileColumns];
    const int64_t batch = task / each, panel = task % each / blocks, begin = task % blocks * kMatmulRows;
    const float* a = a_all + batch * s.step_a;
    float* packed = memory + worker * (panel_floats + row_floats);
    const int vectors = panels.vectors(panel);
    matmul_pack_columns(b_all + batch * s.step_b, s, panels, panel, transposed_b, packed);
    for (int64_t first = begin; first < least(s.rows, begin + kMatmulRows); first += kTileRows) {
      const int rows = static_cast<int>(least(kTileRows, s.rows - first));
      float* gathered = packed + panel_floats;
      if (transposed_a) matmul_pack_rows(a, s, first, rows, gathered);
      run_chain_tile(rows, vectors, transposed_a ? gathered : a + first * s.terms, s.terms, {1, 0, 1, 0, s.terms}, packed, tile,
                     vectors * 16, true, nullptr);
      float* y = y_all + (batch * s.rows + first) * s.columns + panel * kTileColumns;
      for (int r = 0; r < rows; ++r)
        for (int v = 0; v < vectors; ++v)
          store_some(y + r * s.columns + v * 16, load(tile + (r * vectors + v) * 16), panels.lanes(panel, v));
    }
  });
  return {};
}

inline constexpr ModePair k_matmul_forward{{matmul_forward, matmul_forward}};
