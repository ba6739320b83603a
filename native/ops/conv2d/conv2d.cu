// The CUDA kernels of conv2d: implicit matrix products, every output one chain of fma (simt/chains.h).
#include "ops/conv2d/conv2d.h"

#include "ops/conv2d/conv2d_geometry.cuh"
#include "ops/conv2d/conv2d_weight_gradient.cuh"
#include "simt/chains.h"
#include "simt/fused.h"
#include "simt/positions.h"

namespace samebits {

// y: rows are output positions, columns co, a chain runs over (kh, kw, ci). Batches are the groups.
struct ConvForward {
  static constexpr bool kAlongRows = false, kAlongColumns = true;
  static constexpr int kMostRows = 128;
  int64_t batches, rows, columns;
  ConvGeometry g;
  const float *x, *weight, *bias;
  float* y;
  Fused fused;

  bool by_fours() const noexcept {
    return simt::are_fours({g.depth, g.width}) && simt::begin_at_fours({x, weight, bias, y});
  }

  struct Row {
    int sample;
    int row, column;  // of the window's first tap
  };
  struct Term {
    int row, column, channel;  // of a tap, less the first one's
  };
  struct Out {
    float* y;
    const float* bias;
  };

  using At = int;  // the group
  __device__ At at(int batch) const { return batch; }
  __device__ int64_t depth(At) const { return static_cast<int64_t>(g.h.taps) * g.w.taps * g.depth; }
  __device__ Row row(int, int64_t r) const {
    const int sample = static_cast<int>(g.by_positions.quotient(r));
    const int position = static_cast<int>(r - sample * g.by_positions.by), oh = g.by_outputs.quotient(position);
    const int row = g.h.input(oh, 0), column = g.w.input(position - oh * g.w.outputs, 0);
    return {sample, row, column};
  }
  __device__ Term term(int batch, int k) const {
    const ConvTap t = conv_tap(g, g.by_depth, k);
    return {t.kh * g.h.dilation, t.kw * g.w.dilation, batch * g.depth + t.channel};
  }
  template <int N>
  __device__ bool left(const Row& r, const Term& t, float (&values)[N]) const {
    const int row = r.row + t.row, column = r.column + t.column;
    if (!g.h.holds(row) || !g.w.holds(column)) return false;
    simt::read(x + g.sample_of_x(r.sample) + (g.at_x(row, column) + t.channel), values);
    return true;
  }
  template <int N>
  __device__ void right(int batch, int k, int column, float (&values)[N]) const {
    simt::read(weight + (k * g.wide + batch * g.width + column), values);
  }
  __device__ Out out(int batch, int64_t r) const {
    return {y + r * g.wide + batch * g.width, bias == nullptr ? nullptr : bias + batch * g.width};
  }
  template <int N>
  __device__ void store(const Out& out, int column, float (&sums)[N]) const {
    float added[N];
    if (out.bias != nullptr) simt::read(out.bias + column, added);
#pragma unroll
    for (int i = 0; i < N; ++i) {
      if (out.bias != nullptr) sums[i] = sums[i] + added[i];
      sums[i] = simt::activated(fused, sums[i]);
    }
    simt::write(out.y + column, sums);
  }
};

static Status conv2d_forward(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &x = call.tensors[0], &weight = call.tensors[1], &bias = call.tensors[2], &y = call.tensors[3];
  const Status status = check_counts(s, x, weight, y);
  if (!status.ok()) return status;
  const ConvGeometry g = conv_geometry(s, x, weight, y);
  return simt::chains(
      call, ConvForward{g.groups, g.outputs(), g.width, g, x.f32(), weight.f32(), bias.f32(), y.f32(), s.fused});
}

// dx: rows are input positions, columns ci, a chain runs over the taps from the last to the first, which is ascending
// (oh, ow), and over co. Batches are the groups. Both modes gather: an addition of its own for each tap, as it arrives,
// would cost more than the chain.
struct ConvInputGradient {
  static constexpr bool kAlongRows = false, kAlongColumns = false;
  static constexpr int kMostRows = 128;
  int64_t batches, rows, columns;
  ConvGeometry g;
  const float *dy, *weight;
  float* dx;

  bool by_fours() const noexcept {
    return simt::are_fours({g.depth, g.width}) && simt::begin_at_fours({dy, weight, dx});
  }

  struct Row {
    int sample;
    int row, column;  // in the padded input
  };
  using Term = ConvTap;
  using Out = float*;

  using At = int;  // the group
  __device__ At at(int batch) const { return batch; }
  __device__ int64_t depth(At) const { return static_cast<int64_t>(g.h.taps) * g.w.taps * g.width; }
  __device__ Row row(int, int64_t r) const {
    const int sample = static_cast<int>(g.by_pixels.quotient(r));
    const int pixel = static_cast<int>(r - sample * g.by_pixels.by), row = g.by_inputs.quotient(pixel);
    return {sample, row + g.h.pad, pixel - row * g.w.inputs + g.w.pad};
  }
  __device__ Term term(int batch, int k) const {
    const ConvTap t = conv_tap(g, g.by_width, k);
    return {g.h.taps * g.w.taps - 1 - t.number, g.h.taps - 1 - t.kh, g.w.taps - 1 - t.kw, batch * g.width + t.channel};
  }
  template <int N>
  __device__ bool left(const Row& r, const Term& t, float (&values)[N]) const {
    const int oh = g.h.output(r.row, t.kh), ow = g.w.output(r.column, t.kw);
    if (oh < 0 || ow < 0) return false;
    simt::read(dy + g.sample_of_y(r.sample) + ((oh * g.w.outputs + ow) * g.wide + t.channel), values);
    return true;
  }
  template <int N>
  __device__ void right(int batch, int k, int column, float (&values)[N]) const {
    const Term t = term(batch, k);
    simt::read(weight + ((t.number * g.depth + column) * g.wide + t.channel), values);
  }
  __device__ Out out(int batch, int64_t r) const { return dx + r * g.channels + batch * g.depth; }
  template <int N>
  __device__ void store(Out out, int column, float (&sums)[N]) const {
    simt::write(out + column, sums);
  }
};

static Status conv2d_input_gradient(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const Status status = check_counts(s, dx, weight, dy);
  if (!status.ok()) return status;
  const ConvGeometry g = conv_geometry(s, dx, weight, dy);
  return simt::chains(call, ConvInputGradient{g.groups, g.pixels(), g.depth, g, dy.f32(), weight.f32(), dx.f32()});
}

template <Mode mode>
static Status conv2d_bias_gradient(const Call& call, const View& dy, const View& db) noexcept {
  return simt::column_sums<mode>(call, dy.f32(), dy.shape[0], dy.shape[1] * dy.shape[2], dy.shape[3], db.f32());
}

template <Mode mode>
static Status conv2d_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2], &db = call.tensors[3];
  Status status = check_counts(call.as<Settings>(), x, dw, dy);
  if (status.ok()) status = conv_weight_gradient<mode>(call);
  return !status.ok() || !db.given() ? status : conv2d_bias_gradient<mode>(call, dy, db);
}

template <Mode mode>
static Status conv2d_bias_gradient_alone(const Call& call) noexcept {
  return conv2d_bias_gradient<mode>(call, call.tensors[0], call.tensors[1]);
}

static constexpr CudaRow kRows[] = {
    {"conv2d.forward", {{conv2d_forward, conv2d_forward}}},
    {"conv2d.inputGradient", {{conv2d_input_gradient, conv2d_input_gradient}}},
    {"conv2d.weightGradient", {{conv2d_weight_gradient<Mode::kDeterministic>, conv2d_weight_gradient<Mode::kAtomic>}}},
    {"conv2d.biasGradient",
     {{conv2d_bias_gradient_alone<Mode::kDeterministic>, conv2d_bias_gradient_alone<Mode::kAtomic>}}},
};

extern const CudaColumn conv2d_cuda;
const CudaColumn conv2d_cuda = cuda_column(kRows);

}  // namespace samebits
