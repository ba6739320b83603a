// The CUDA kernels of conv2d: implicit matrix products, every output one chain of fma (simt/chains.h).
#include "ops/conv2d/conv2d.h"

#include "ops/conv2d/conv2d_geometry.cuh"
#include "ops/conv2d/conv2d_weight_gradient.cuh"
#include "simt/chains.h"
#include "simt/positions.h"

namespace samebits {

// y: rows are output positions, columns co, a chain runs over (kh, kw, ci). Batches are the groups.
struct ConvForward {
  static constexpr bool kAlongRows = false, kAlongColumns = true;
  int64_t batches, rows, columns;
  ConvGeometry g;
  const float *x, *weight, *bias;
  float* y;
  bool relu;

  struct Row {
    int64_t first;    // of the sample, in x
    int row, column;  // of the window's first tap
  };
  using Term = ConvTap;
  struct Out {
    float* y;
    const float* bias;
  };

  using At = int64_t;  // the group
  __device__ At at(int64_t batch) const { return batch; }
  __device__ int64_t depth(At) const { return static_cast<int64_t>(g.h.taps) * g.w.taps * g.depth; }
  __device__ Row row(int64_t batch, int64_t r) const {
    const int64_t sample = r / g.positions;
    const int position = static_cast<int>(r - sample * g.positions), oh = g.by_outputs.quotient(position);
    return {g.sample_of_x(sample) + batch * g.depth, g.h.input(oh, 0), g.w.input(position - oh * g.w.outputs, 0)};
  }
  __device__ Term term(int64_t, int64_t k) const { return conv_tap(g, g.by_depth, static_cast<int>(k)); }
  __device__ bool left(const Row& r, const Term& t, float& value) const {
    const int row = r.row + t.kh * g.h.dilation, column = r.column + t.kw * g.w.dilation;
    if (!g.h.holds(row) || !g.w.holds(column)) return false;
    value = x[r.first + (g.at_x(row, column) + t.channel)];
    return true;
  }
  __device__ float right(int64_t batch, int64_t k, int64_t column) const {
    return weight[k * g.wide + batch * g.width + column];
  }
  __device__ Out out(int64_t batch, int64_t r) const {
    return {y + r * g.wide + batch * g.width, bias == nullptr ? nullptr : bias + batch * g.width};
  }
  __device__ void store(const Out& out, int64_t column, float sum) const {
    if (out.bias != nullptr) sum = sum + out.bias[column];
    out.y[column] = relu && sum < 0.0f ? 0.0f : sum;
  }
};

static Status conv2d_forward(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &x = call.tensors[0], &weight = call.tensors[1], &bias = call.tensors[2], &y = call.tensors[3];
  const Status status = check_counts(s, x, weight, y);
  if (!status.ok()) return status;
  const ConvGeometry g = conv_geometry(s, x, weight, y);
  return simt::chains(
      call, ConvForward{g.groups, g.outputs(), g.width, g, x.f32(), weight.f32(), bias.f32(), y.f32(), s.relu != 0});
}

// dx: rows are input positions, columns ci, a chain runs over the taps from the last to the first, which is ascending
// (oh, ow), and over co. Batches are the groups.
struct ConvInputGradient {
  static constexpr bool kAlongRows = false, kAlongColumns = false;
  int64_t batches, rows, columns;
  ConvGeometry g;
  const float *dy, *weight;
  float* dx;

  struct Row {
    int64_t first;    // of the sample, in dy
    int row, column;  // in the padded input
  };
  using Term = ConvTap;
  using Out = float*;

  using At = int64_t;  // the group
  __device__ At at(int64_t batch) const { return batch; }
  __device__ int64_t depth(At) const { return static_cast<int64_t>(g.h.taps) * g.w.taps * g.width; }
  __device__ Row row(int64_t batch, int64_t r) const {
    const int size = g.h.inputs * g.w.inputs;
    const int64_t sample = r / size;
    const int pixel = static_cast<int>(r - sample * size);
    return {g.sample_of_y(sample) + batch * g.width, pixel / g.w.inputs + g.h.pad, pixel % g.w.inputs + g.w.pad};
  }
  __device__ Term term(int64_t, int64_t k) const {
    const ConvTap t = conv_tap(g, g.by_width, static_cast<int>(k));
    return {g.h.taps * g.w.taps - 1 - t.number, g.h.taps - 1 - t.kh, g.w.taps - 1 - t.kw, t.channel};
  }
  // The output that reads a padded input by a tap; -1 when there is none.
  __device__ static int output(const ConvAxis& axis, int input, int tap) {
    const int reach = input - tap * axis.dilation;
    if (axis.stride == 1) return reach >= 0 && reach < axis.outputs ? reach : -1;
    if (reach < 0) return -1;
    const int at = reach / axis.stride;
    return at * axis.stride == reach && at < axis.outputs ? at : -1;
  }
  __device__ bool left(const Row& r, const Term& t, float& value) const {
    const int oh = output(g.h, r.row, t.kh), ow = output(g.w, r.column, t.kw);
    if (oh < 0 || ow < 0) return false;
    value = dy[r.first + ((oh * g.w.outputs + ow) * g.wide + t.channel)];
    return true;
  }
  __device__ float right(int64_t batch, int64_t k, int64_t column) const {
    const Term t = term(batch, k);
    return weight[(static_cast<int64_t>(t.number) * g.depth + column) * g.wide + batch * g.width + t.channel];
  }
  __device__ Out out(int64_t batch, int64_t r) const { return dx + r * g.channels + batch * g.depth; }
  __device__ void store(Out out, int64_t column, float sum) const { out[column] = sum; }
};

static Status conv2d_input_gradient(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const Status status = check_counts(s, dx, weight, dy);
  if (!status.ok()) return status;
  const ConvGeometry g = conv_geometry(s, dx, weight, dy);
  return simt::chains(call, ConvInputGradient{g.groups, g.pixels(), g.depth, g, dy.f32(), weight.f32(), dx.f32()});
}

// dx in atomic mode: each tap by itself, rows are output positions; what an output gives to an input is added as it
// arrives. Batches are taps and groups.
struct ConvScatter {
  static constexpr bool kAlongRows = false, kAlongColumns = false;
  int64_t batches, rows, columns;
  ConvGeometry g;
  const float *dy, *weight;
  float* dx;

  using Row = const float*;
  using Term = int64_t;
  using Out = float*;

  struct At {
    const float* weight;  // of the tap and the group
    int tap, group;
  };
  __device__ At at(int64_t batch) const {
    const int64_t tap = batch / g.groups, group = batch - tap * g.groups;
    return {weight + tap * g.depth * g.wide + group * g.width, static_cast<int>(tap), static_cast<int>(group)};
  }
  __device__ int64_t depth(const At&) const { return g.width; }
  __device__ Row row(const At& b, int64_t r) const { return dy + r * g.wide + b.group * g.width; }
  __device__ Term term(const At&, int64_t k) const { return k; }
  __device__ bool left(Row row, Term k, float& value) const {
    value = row[k];
    return true;
  }
  __device__ float right(const At& b, int64_t k, int64_t column) const {
    return b.weight[column * g.wide + k];
  }
  __device__ Out out(const At& b, int64_t r) const {
    const int position = static_cast<int>(r % g.positions), tap = b.tap;
    const int row = g.h.input(position / g.w.outputs, tap / g.w.taps);
    const int column = g.w.input(position % g.w.outputs, tap % g.w.taps);
    if (!g.h.holds(row) || !g.w.holds(column)) return nullptr;
    return dx + g.sample_of_x(r / g.positions) + g.at_x(row, column) + b.group * g.depth;
  }
  __device__ void store(Out out, int64_t column, float sum) const {
    if (out != nullptr) atomicAdd(out + column, sum);
  }
};

static Status conv2d_input_gradient_scattered(const Call& call) noexcept {
  const auto& s = call.as<Settings>();
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  Status status = check_counts(s, dx, weight, dy);
  if (status.ok()) status = simt::clear(call, dx.f32(), dx.size());
  if (!status.ok()) return status;
  const ConvGeometry g = conv_geometry(s, dx, weight, dy);
  const int64_t taps = static_cast<int64_t>(g.h.taps) * g.w.taps;
  return simt::chains(call, ConvScatter{taps * g.groups, g.outputs(), g.depth, g, dy.f32(), weight.f32(), dx.f32()});
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
    {"conv2d.inputGradient", {{conv2d_input_gradient, conv2d_input_gradient_scattered}}},
    {"conv2d.weightGradient", {{conv2d_weight_gradient<Mode::kDeterministic>, conv2d_weight_gradient<Mode::kAtomic>}}},
    {"conv2d.biasGradient",
     {{conv2d_bias_gradient_alone<Mode::kDeterministic>, conv2d_bias_gradient_alone<Mode::kAtomic>}}},
};

extern const CudaColumn conv2d_cuda;
const CudaColumn conv2d_cuda = cuda_column(kRows);

}  // namespace samebits
