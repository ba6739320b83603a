// The CUDA kernel of matmul: tiles of chains, a batch of them for each product.
#include "ops/matmul/matmul.h"

#include "simt/chains.h"

namespace samebits {

template <bool transposed_a, bool transposed_b>
struct MatmulProduct {
  static constexpr bool kAlongRows = transposed_a, kAlongColumns = !transposed_b;
  static constexpr int kMostRows = 64;
  int64_t batches, rows, columns, terms, step_a, step_b;
  const float *a, *b;
  float* y;

  bool by_fours() const noexcept {
    return simt::are_fours({transposed_a ? rows : terms, transposed_b ? terms : columns, columns}) && simt::begin_at_fours({a, b, y});
  }

  using Row = const float*;
  using Term = int;
  using Out = float*;

  using At = int64_t;  // the batch
  __device__ At at(int batch) const { return batch; }
  __device__ int64_t depth(At) const { return terms; }
  __device__ Row row(At at, int64_t r) const { return a + at * step_a + (transposed_a ? r : r * terms); }
  __device__ Term term(At, int k) const { return k; }
  template <int N>
  __device__ bool left(Row row, Term k, float (&values)[N]) const {
    simt::read(row + (transposed_a ? k * rows : k), values);
    return true;
  }
  template <int N>
  __device__ void right(At at, int k, int column, float (&values)[N]) const {
    const float* of_batch = b + at * step_b;
    simt::read(of_batch + (transposed_b ? column * terms + k : k * columns + column), values);
  }
  __device__ Out out(At at, int64_t r) const { return y + (at * rows + r) * columns; }
  template <int N>
  __device__ void store(Out out, int column, float (&sums)[N]) const {
    simt::write(out + column, sums);
  }
};

template <bool transposed_a, bool transposed_b>
static Status matmul_product(const Call& call, const matmul_contract::Sizes& s) noexcept {
  return simt::chains(call, MatmulProduct<transposed_a, transposed_b>{s.batches, s.rows, s.columns, s.terms, s.step_a, s.step_b,
                                                                      call.tensors[0].f32(), call.tensors[1].f32(),
                                                                      call.tensors[2].f32()});
}

static Status matmul_forward(const Call& call) noexcept {
  const auto& settings = call.as<matmul_contract::Settings>();
  const auto s = matmul_contract::sizes_of(settings, call.tensors[0], call.tensors[1], call.tensors[2]);
  const int64_t side = simt::most(simt::most(s.batches, s.rows), simt::most(s.columns, s.terms));
  if (side >= int64_t{1} << 30)
    return refuse(StatusCode::kArgument, "matmul: expected sides and batches below 2^30 on a CUDA device, got %lld",
                  static_cast<long long>(side));
  if (settings.transpose_a != 0)
    return settings.transpose_b != 0 ? matmul_product<true, true>(call, s) : matmul_product<true, false>(call, s);
  return settings.transpose_b != 0 ? matmul_product<false, true>(call, s) : matmul_product<false, false>(call, s);
}

static constexpr CudaRow kRows[] = {{"matmul.forward", {{matmul_forward, matmul_forward}}}};

extern const CudaColumn matmul_cuda;
const CudaColumn matmul_cuda = cuda_column(kRows);

}  // namespace samebits
