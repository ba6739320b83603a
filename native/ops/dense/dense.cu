// The CUDA kernels of dense, forward and backward.
#include "ops/dense/dense.h"

#include "core/numerics.h"
#include "ops/dense/dense_long_chains.cuh"
#include "simt/chains.h"
#include "simt/divider.h"
#include "simt/fused.h"
#include "simt/join.h"

namespace samebits {

// a [rows, depth] by b [depth, columns], or by its transpose [columns, depth]; in atomic mode, pieces of the depth.
template <bool transposed, Mode mode>
struct Product {
  static constexpr bool kAlongRows = false, kAlongColumns = !transposed;
  static constexpr int kMostRows = 64;
  int64_t batches, rows, columns, terms, piece;
  const float *a, *b, *bias;
  float* out_rows;
  Fused fused;

  bool by_fours() const noexcept {
    return simt::are_fours({terms, columns}) && simt::begin_at_fours({a, b, bias, out_rows});
  }

  using Row = const float*;
  using Term = int;
  using Out = float*;

  using At = int64_t;  // the piece
  __device__ At at(int batch) const { return batch; }
  __device__ int64_t depth(At batch) const { return simt::least(piece, terms - batch * piece); }
  __device__ Row row(int64_t batch, int64_t r) const { return a + r * terms + batch * piece; }
  __device__ Term term(int64_t, int k) const { return k; }
  template <int N>
  __device__ bool left(Row row, Term k, float (&values)[N]) const {
    simt::read(row + k, values);
    return true;
  }
  template <int N>
  __device__ void right(int64_t batch, int k, int column, float (&values)[N]) const {
    const int64_t at = batch * piece + k;
    simt::read(transposed ? b + column * terms + at : b + at * columns + column, values);
  }
  __device__ Out out(int64_t, int64_t r) const { return out_rows + r * columns; }
  template <int N>
  __device__ void store(Out out, int column, float (&sums)[N]) const {
#pragma unroll
    for (int i = 0; i < N; ++i) {
      if constexpr (mode == Mode::kAtomic) {
        atomicAdd(out + column + i, sums[i]);
      } else {
        if (bias != nullptr) sums[i] = sums[i] + bias[column + i];
        sums[i] = simt::activated(fused, sums[i]);
      }
    }
    if constexpr (mode != Mode::kAtomic) simt::write(out + column, sums);
  }
};

// Chains count their terms and columns in 32 bits.
static Status check_sides(const View& weight) noexcept {
  const int64_t side = simt::most(weight.shape[0], weight.shape[1]);
  if (side < int64_t{1} << 30) return {};
  return refuse(StatusCode::kArgument, "dense: expected fewer than 2^30 inputs and outputs on a CUDA device, got %lld",
                static_cast<long long>(side));
}

static Status dense_forward(const Call& call) noexcept {
  const View &x = call.tensors[0], &weight = call.tensors[1], &bias = call.tensors[2], &y = call.tensors[3];
  const int64_t rows = x.shape[0], terms = x.shape[1], columns = weight.shape[1];
  const Status status = check_sides(weight);
  if (!status.ok()) return status;
  const Fused fused = call.as<dense_contract::Settings>().fused;
  if (are_long_chains(rows, columns, terms))
    return long_chains(call, {terms, static_cast<int>(columns), 0, {}, x.f32(), weight.f32(), bias.f32(), y.f32(), fused}, rows);
  return simt::chains(call, Product<false, Mode::kDeterministic>{1, rows, columns, terms, terms, x.f32(), weight.f32(),
                                                                 bias.f32(), y.f32(), fused});
}

static constexpr int64_t kPiece = 64;  // outputs whose shares of dx arrive together in atomic mode

template <Mode mode>
static Status dense_input_gradient(const Call& call) noexcept {
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const int64_t terms = dy.shape[1];
  Status status = check_sides(weight);
  if (!status.ok()) return status;
  const bool splits = mode == Mode::kAtomic && terms > kPiece;
  if (!splits)
    return simt::chains(call, Product<true, Mode::kDeterministic>{1, dy.shape[0], weight.shape[0], terms, terms, dy.f32(),
                                                                  weight.f32(), nullptr, dx.f32(), {}});
  status = simt::clear(call, dx.f32(), dx.size());
  if (!status.ok()) return status;
  return simt::chains(call, Product<true, mode>{ceil_div(terms, kPiece), dy.shape[0], weight.shape[0], terms, kPiece,
                                                dy.f32(), weight.f32(), nullptr, dx.f32(), {}});
}

// The share of each sample in the gradient of the weight, then, behind its i * o values, in that of the bias: each a chain from +0.
struct SampleShares {
  using Item = float;
  static constexpr int kFloats = 1;
  const float *x, *dy;
  int64_t inputs, outputs;  // no inputs: the bias alone
  simt::Divider by_outputs;
  simt::Results out;

  __device__ Item load(int64_t, int64_t sample, int64_t column) const {
    if (column >= inputs * outputs) return 0.0f + dy[sample * outputs + (column - inputs * outputs)];
    const int input = by_outputs.quotient(static_cast<int>(column));
    return numerics::fma(x[sample * inputs + input], dy[sample * outputs + (column - input * outputs)], 0.0f);
  }
  __device__ static Item join(Item a, Item b, int64_t, int64_t, int64_t) { return a + b; }
  __device__ void store(int64_t at, Item item) const { out.store(at, item); }
  __device__ static void put(simt::Shared& cells, int at, Item item) { cells.put(at, item); }
  __device__ static Item get(const simt::Shared& cells, int at) { return cells.get(at); }

  SampleShares into(const simt::JoinPass& pass) const noexcept {
    SampleShares op = *this;
    op.out = {pass.joined};
    return op;
  }
  simt::FloatItems after(const simt::JoinPass& pass) const noexcept { return {pass.joined, pass.groups, pass.width, out}; }
};

// Samples [begin, end) of x * dy (of dy alone where x is null), joined by the tree.
__device__ static float join_samples(const float* x, const float* dy, int64_t inputs, int64_t outputs, int64_t begin,
                                     int64_t end) {
  simt::RunningTree<48> tree;
  for (int64_t sample = begin; sample < end; ++sample)
    tree.push(x == nullptr ? 0.0f + dy[sample * outputs]
                           : numerics::fma(x[sample * inputs], dy[sample * outputs], 0.0f));
  return tree.joined();
}

// Groups of samples arrive. x [n, i] and dy [n, o] to out [i, o]; x null: the bias, i = 1.
static Status sum_samples_atomic(const Call& call, const float* x, const float* dy, int64_t n, int64_t i, int64_t o,
                                 float* out) noexcept {
  const int64_t groups = simt::least(n, 8), size = i * o;
  const Status status = simt::clear(call, out, size);
  if (!status.ok()) return status;
  return simt::each(call, groups * size, [=] __device__(int64_t at) {
    const int64_t group = at / size, place = at - group * size, input = place / o, output = place - input * o;
    const float sum =
        join_samples(x == nullptr ? x : x + input, dy + output, i, o, group * n / groups, (group + 1) * n / groups);
    atomicAdd(out + place, sum);
  });
}

template <Mode mode>
static Status dense_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2], &db = call.tensors[3];
  const int64_t n = x.shape[0], i = x.shape[1], o = dy.shape[1];
  if constexpr (mode == Mode::kAtomic) {
    const Status status = sum_samples_atomic(call, x.f32(), dy.f32(), n, i, o, dw.f32());
    return !status.ok() || !db.given() ? status : sum_samples_atomic(call, nullptr, dy.f32(), n, 1, o, db.f32());
  }
  const Status status = simt::check_columns("dense", i * o + o);
  if (!status.ok() || o == 0) return status;
  const SampleShares shares{x.f32(), dy.f32(), i, o, simt::Divider(o), {dw.f32(), 1.0f, db.f32(), i * o}};
  return simt::join(call, 1, n, db.given() ? i * o + o : i * o, shares);
}

template <Mode mode>
static Status dense_bias_gradient(const Call& call) noexcept {
  const View &dy = call.tensors[0], &db = call.tensors[1];
  const int64_t n = dy.shape[0], o = dy.shape[1];
  if constexpr (mode == Mode::kAtomic) return sum_samples_atomic(call, nullptr, dy.f32(), n, 1, o, db.f32());
  return simt::join(call, 1, n, o, SampleShares{nullptr, dy.f32(), 0, o, {}, {db.f32()}});
}

static constexpr CudaRow kRows[] = {
    {"dense.forward", {{dense_forward, dense_forward}}},
    {"dense.inputGradient", {{dense_input_gradient<Mode::kDeterministic>, dense_input_gradient<Mode::kAtomic>}}},
    {"dense.weightGradient", {{dense_weight_gradient<Mode::kDeterministic>, dense_weight_gradient<Mode::kAtomic>}}},
    {"dense.biasGradient", {{dense_bias_gradient<Mode::kDeterministic>, dense_bias_gradient<Mode::kAtomic>}}},
};

extern const CudaColumn dense_cuda;
const CudaColumn dense_cuda = cuda_column(kRows);

}  // namespace samebits
