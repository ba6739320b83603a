// The CUDA kernels of batch_norm. x is seen as rows [samples, positions, channels]: a thread keeps its channel, whose constants are
// made once, and sums are chains of one chunk and channel.
#include "ops/batch_norm/batch_norm.h"

#include "core/numerics.h"
#include "simt/fused.h"
#include "simt/lanes.h"
#include "simt/positions.h"

namespace samebits {

using simt::ChunkShape;

static ChunkShape chunks_of(const View& x) noexcept {
  const int64_t samples = x.shape[0], channels = x.shape[x.rank - 1];
  return {samples, x.size() / (samples * channels), channels};
}

static int64_t rows_of(const ChunkShape& s) noexcept { return s.samples * s.positions; }

// The mean and m2 of each chunk; x is read once.
struct ChunkMoments {
  static constexpr int kValues = 1;
  const float* x;
  int64_t channels;
  float *means, *m2s;

  struct Column {};
  using Values = float;
  struct Chain {
    float mean, m2;
  };
  __device__ Column column(int64_t) const { return {}; }
  __device__ Values load(int64_t i) const { return x[i]; }
  __device__ void put(Column, Values value, float (&numbers)[1]) const { numbers[0] = value; }
  template <class Get>
  __device__ void add(Chain& chain, int rows, Get get) const {  // all rows of the chunk at once
    float sum = 0.0f;
#pragma unroll 8
    for (int row = 0; row < rows; ++row) sum = sum + get(row, 0);
    chain.mean = sum / static_cast<float>(rows);
#pragma unroll 8
    for (int row = 0; row < rows; ++row) {
      const float d = get(row, 0) - chain.mean;
      chain.m2 = numerics::fma(d, d, chain.m2);
    }
  }
  __device__ void end(const Chain& chain, int, int64_t item, int64_t c) const {
    means[item * channels + c] = chain.mean;
    m2s[item * channels + c] = chain.m2;
  }
};

// Triples (count, mean, m2) [segments, count, channels], joined by Chan, Golub and LeVeque's formula (simt/join.h). An item stands
// for `unit` positions, the last of the `total` of a segment for what is left.
struct MomentItems {
  struct Item {
    float mean, m2;
  };
  static constexpr int kFloats = 2;
  const float *means, *m2s;
  int64_t count, channels, unit, total;
  float *mean_out, *m2_out;
  float by;  // of m2

  __device__ Item load(int64_t segment, int64_t item, int64_t c) const {
    const int64_t at = (segment * count + item) * channels + c;
    return {means[at], m2s[at]};
  }
  __device__ Item join(const Item& a, const Item& b, int64_t first, int64_t middle, int64_t end) const {
    const int64_t all = simt::least(total, end * unit);
    const float count_a = static_cast<float>((middle - first) * unit), count_b = static_cast<float>(all - middle * unit),
                count_both = count_a + count_b, delta = b.mean - a.mean;
    return {numerics::fma(delta, count_b / count_both, a.mean),
            numerics::fma(delta * delta, (count_a * count_b) / count_both, a.m2 + b.m2)};
  }
  __device__ void store(int64_t at, const Item& item) const {
    mean_out[at] = item.mean;
    m2_out[at] = by == 1.0f ? item.m2 : item.m2 / by;
  }
  __device__ static void put(simt::Shared& cells, int at, const Item& item) {
    cells.put(at, item.mean);
    cells.put(simt::kThreads + at, item.m2);
  }
  __device__ static Item get(const simt::Shared& cells, int at) { return {cells.get(at), cells.get(simt::kThreads + at)}; }

  MomentItems into(const simt::JoinPass& pass) const noexcept {
    MomentItems op = *this;
    op.mean_out = pass.joined;
    op.m2_out = pass.joined + pass.results;
    op.by = 1.0f;
    return op;
  }
  MomentItems after(const simt::JoinPass& pass) const noexcept {
    MomentItems op = *this;
    op.means = pass.joined;
    op.m2s = pass.joined + pass.results;
    op.count = pass.groups;
    op.unit = unit * pass.per;
    return op;
  }
};

static Status batch_norm_statistics(const Call& call) noexcept {
  const ChunkShape s = chunks_of(call.tensors[0]);
  const int64_t all = s.items() * s.columns, of_samples = s.samples * s.columns;
  float* means = call.context->scratch_of<float>(static_cast<size_t>(2 * all));
  float* joined = call.context->scratch_of<float>(static_cast<size_t>(2 * of_samples));
  if (means == nullptr || joined == nullptr) return simt::out_of_memory("batch_norm");
  Status status = simt::each_chunk(call, s, ChunkMoments{call.tensors[0].f32(), s.columns, means, means + all});
  MomentItems op{means, means + all, s.chunks, s.columns, kPositionChunk, s.positions, joined, joined + of_samples, 1.0f};
  if (status.ok() && s.samples > 1 && s.chunks > 1) {
    status = simt::join(call, s.samples, s.chunks, s.columns, op);
    op.means = joined;
    op.m2s = joined + of_samples;
  }
  if (s.samples > 1) {
    op.count = s.samples;
    op.unit = s.positions;
    op.total = rows_of(s);
  }
  op.mean_out = call.tensors[1].f32();
  op.m2_out = call.tensors[2].f32();
  op.by = static_cast<float>(rows_of(s));
  return status.ok() ? simt::join(call, 1, op.count, s.columns, op) : status;
}

// The squares of one chunk about the mean of all arrive at the variance.
template <Mode mode>
struct ChunkSquares {
  static_assert(mode == Mode::kAtomic);
  static constexpr int kValues = 1;
  const float *x, *mean;
  float* out;

  using Column = float;
  using Values = float;
  using Chain = float;
  __device__ Column column(int64_t c) const { return mean[c]; }
  __device__ Values load(int64_t i) const { return x[i]; }
  __device__ void put(Column mean_of_all, Values value, float (&numbers)[1]) const { numbers[0] = value - mean_of_all; }
  template <class Get>
  __device__ void add(Chain& chain, int rows, Get get) const {
#pragma unroll 8
    for (int row = 0; row < rows; ++row) {
      const float d = get(row, 0);
      chain = numerics::fma(d, d, chain);
    }
  }
  __device__ void end(Chain chain, int, int64_t, int64_t c) const { atomicAdd(out + c, chain); }
};

static Status batch_norm_statistics_atomic(const Call& call) noexcept {
  const ChunkShape s = chunks_of(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  float *mean = call.tensors[1].f32(), *variance = call.tensors[2].f32();
  const float count = static_cast<float>(rows_of(s));
  Status status = simt::clear(call, variance, s.columns);
  if (status.ok()) status = simt::column_sums<Mode::kAtomic>(call, x, s.samples, s.positions, s.columns, mean);
  if (status.ok()) status = simt::divide(call, mean, s.columns, count);
  if (status.ok()) status = simt::each_chunk(call, s, ChunkSquares<Mode::kAtomic>{x, mean, variance});
  return status.ok() ? simt::divide(call, variance, s.columns, count) : status;
}

// What the kernels read of a channel; mean to dy are tensors 1 to 5 of the gradients.
struct BatchNorm {
  const float *x, *mean, *variance, *gamma, *beta;
  float epsilon;

  struct Channel {
    float mean, inverse, scale, beta;
  };
  __device__ Channel channel(int64_t c) const {
    const float inverse = 1.0f / numerics::sqrt(variance[c] + epsilon);
    return {mean[c], inverse, gamma == nullptr ? inverse : gamma[c] * inverse, beta == nullptr ? 0.0f : beta[c]};
  }
  __device__ static float value(const Channel& c, float x) { return numerics::fma(x - c.mean, c.scale, c.beta); }
  __device__ static float normalized(const Channel& c, float x) { return (x - c.mean) * c.inverse; }
};

static BatchNorm batch_norm_of(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  return {call.tensors[0].f32(), call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32(), call.tensors[4].f32(),
          settings.epsilon};
}

// F is a fused activation, here and in the gradients.
template <class F>
struct Forward {
  BatchNorm norm;
  typename F::Settings activation;
  float* y;

  using Values = float;
  __device__ BatchNorm::Channel column(int64_t c) const { return norm.channel(c); }
  __device__ Values load(int64_t i) const { return norm.x[i]; }
  __device__ void store(const BatchNorm::Channel& c, Values x, int64_t i) const {
    y[i] = F::value(activation, BatchNorm::value(c, x));
  }
};

static Status batch_norm_forward(const Call& call) noexcept {
  const ChunkShape s = chunks_of(call.tensors[0]);
  const Fused& fused = call.as<batch_norm_contract::Settings>().fused;
  return simt::visit_fused(fused, [&]<class F>(F, typename F::Settings activation) {
    return simt::each_in_columns(call, rows_of(s), s.columns, Forward<F>{batch_norm_of(call), activation, call.tensors[5].f32()});
  });
}

// dgamma and dbeta of each chunk, side by side: items [samples, chunks, 2 * channels].
template <Mode mode, class F>
struct ParameterSums {
  static constexpr int kValues = 2;  // dz, and x normalized
  BatchNorm norm;
  typename F::Settings activation;
  const float* dy;
  int64_t channels;
  float *dgamma, *dbeta;  // of the items, which lie 2 * channels apart

  using Column = BatchNorm::Channel;
  struct Values {
    float x, dy;
  };
  struct Chain {
    float scale, shift;
  };
  __device__ Column column(int64_t c) const { return norm.channel(c); }
  __device__ Values load(int64_t i) const { return {norm.x[i], dy[i]}; }
  __device__ void put(const Column& c, const Values& values, float (&numbers)[2]) const {
    numbers[0] = F::gradient(activation, BatchNorm::value(c, values.x), values.dy);
    numbers[1] = BatchNorm::normalized(c, values.x);
  }
  template <class Get>
  __device__ void add(Chain& chain, int rows, Get get) const {
#pragma unroll 8
    for (int row = 0; row < rows; ++row) {
      const float dz = get(row, 0);
      chain.scale = numerics::fma(dz, get(row, 1), chain.scale);
      chain.shift = chain.shift + dz;
    }
  }
  __device__ void end(const Chain& chain, int, int64_t item, int64_t c) const {
    if constexpr (mode == Mode::kAtomic) {
      atomicAdd(dgamma + c, chain.scale);
      atomicAdd(dbeta + c, chain.shift);
    } else {
      dgamma[item * 2 * channels + c] = chain.scale;
      dbeta[item * 2 * channels + c] = chain.shift;
    }
  }
};

template <Mode mode, class F>
static Status batch_norm_parameter_sums(const Call& call, typename F::Settings activation) noexcept {
  const BatchNorm norm = batch_norm_of(call);
  const ChunkShape s = chunks_of(call.tensors[0]);
  const float* dy = call.tensors[5].f32();
  float *dgamma = call.tensors[6].f32(), *dbeta = call.tensors[7].f32();
  const auto sums = [&](float* scale, float* shift) {
    return simt::each_chunk(call, s, ParameterSums<mode, F>{norm, activation, dy, s.columns, scale, shift});
  };
  if constexpr (mode == Mode::kAtomic) {
    Status status = simt::clear(call, dgamma, s.columns);
    if (status.ok()) status = simt::clear(call, dbeta, s.columns);
    return status.ok() ? sums(dgamma, dbeta) : status;
  }
  if (s.items() == 1) return sums(dgamma, dbeta);
  float* items = call.context->scratch_of<float>(static_cast<size_t>(2 * s.items() * s.columns));
  if (items == nullptr) return simt::out_of_memory("batch_norm");
  const Status status = sums(items, items + s.columns);
  if (!status.ok()) return status;
  return simt::join_chunks(call, items, s.samples, s.chunks, 2 * s.columns, {dgamma, 1.0f, dbeta, s.columns});
}

template <Mode mode>
static Status batch_norm_parameter_gradient(const Call& call) noexcept {
  const Fused& fused = call.as<batch_norm_contract::Settings>().fused;
  return simt::visit_fused(fused, [&]<class F>(F, typename F::Settings activation) {
    return batch_norm_parameter_sums<mode, F>(call, activation);
  });
}

template <class F>
struct InputGradient {
  BatchNorm norm;
  typename F::Settings activation;
  const float *dy, *dgamma, *dbeta, *addend;
  float* dx;
  float count;
  bool training;

  struct Channel : BatchNorm::Channel {
    float mean_dgamma, mean_dbeta;
  };
  struct Values {
    float x, dy, addend;
  };
  __device__ Channel column(int64_t c) const {
    return training ? Channel{norm.channel(c), dgamma[c] / count, dbeta[c] / count} : Channel{norm.channel(c), 0.0f, 0.0f};
  }
  __device__ Values load(int64_t i) const { return {norm.x[i], dy[i], addend == nullptr ? 0.0f : addend[i]}; }
  __device__ void store(const Channel& c, const Values& values, int64_t i) const {
    float dz = F::gradient(activation, BatchNorm::value(c, values.x), values.dy);
    if (training) dz = (dz - c.mean_dbeta) - BatchNorm::normalized(c, values.x) * c.mean_dgamma;
    const float gradient = c.scale * dz;
    dx[i] = addend == nullptr ? gradient : values.addend + gradient;
  }
};

static Status batch_norm_input_gradient(const Call& call) noexcept {
  const ChunkShape s = chunks_of(call.tensors[0]);
  const bool training = call.as<batch_norm_contract::Settings>().training != 0;
  const Fused& fused = call.as<batch_norm_contract::Settings>().fused;
  return simt::visit_fused(fused, [&]<class F>(F, typename F::Settings activation) {
    return simt::each_in_columns(call, rows_of(s), s.columns,
                                 InputGradient<F>{batch_norm_of(call), activation, call.tensors[5].f32(), call.tensors[6].f32(),
                                                  call.tensors[7].f32(), call.tensors[8].f32(), call.tensors[9].f32(),
                                                  static_cast<float>(rows_of(s)), training});
  });
}

static Status batch_norm_moving(const Call& call) noexcept {
  const float* value = call.tensors[0].f32();
  float* moving = call.tensors[1].f32();
  const auto settings = call.as<batch_norm_contract::MovingSettings>();
  const float momentum = settings.momentum, scale = settings.scale, rest = 1.0f - momentum;
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    moving[i] = moving[i] * momentum + (value[i] * scale) * rest;
  });
}

static constexpr CudaRow kRows[] = {
    {"batch_norm.statistics", {{batch_norm_statistics, batch_norm_statistics_atomic}}},
    {"batch_norm.forward", {{batch_norm_forward, batch_norm_forward}}},
    {"batch_norm.parameterGradient",
     {{batch_norm_parameter_gradient<Mode::kDeterministic>, batch_norm_parameter_gradient<Mode::kAtomic>}}},
    {"batch_norm.inputGradient", {{batch_norm_input_gradient, batch_norm_input_gradient}}},
    {"batch_norm.moving", {{batch_norm_moving, batch_norm_moving}}},
};

extern const CudaColumn batch_norm_cuda;
const CudaColumn batch_norm_cuda = cuda_column(kRows);

}  // namespace samebits
