// The CUDA kernels of batch_norm. x is seen as [samples, positions, channels]. Sums have a thread per chunk and
// channel.
#include "ops/batch_norm/batch_norm.h"

#include "core/elementwise.h"
#include "core/numerics.h"
#include "simt/lanes.h"
#include "simt/positions.h"

namespace samebits {

struct BatchNormShape {
  int64_t samples, positions, channels, chunks;

  int64_t rows() const { return samples * positions; }
  int64_t items() const { return samples * chunks * channels; }
};

static BatchNormShape batch_norm_shape(const View& x) noexcept {
  const int64_t samples = x.shape[0], channels = x.shape[x.rank - 1], positions = x.size() / (samples * channels);
  return {samples, positions, channels, ceil_div(positions, kPositionChunk)};
}

// The rows of one chunk, of which the thread has one channel.
struct ChunkRows {
  int64_t first, rows;  // offset of the first value; values lie `channels` apart
};
__device__ static ChunkRows chunk_rows(const BatchNormShape& s, int64_t at) {
  const int64_t channel = at % s.channels, chunk = at / s.channels % s.chunks, sample = at / s.channels / s.chunks;
  const int64_t begin = chunk * kPositionChunk;
  return {(sample * s.positions + begin) * s.channels + channel, simt::least(kPositionChunk, s.positions - begin)};
}

__device__ static float chunk_sum(const BatchNormShape& s, const float* x, const ChunkRows& c) {
  float sum = 0.0f;
  for (int64_t row = 0; row < c.rows; ++row) sum = sum + x[c.first + row * s.channels];
  return sum;
}
__device__ static float chunk_m2(const BatchNormShape& s, const float* x, const ChunkRows& c, float mean) {
  float m2 = 0.0f;
  for (int64_t row = 0; row < c.rows; ++row) {
    const float d = x[c.first + row * s.channels] - mean;
    m2 = numerics::fma(d, d, m2);
  }
  return m2;
}

// Joins of (count, mean, m2) by Chan, Golub and LeVeque's formula along the join tree, as they arrive.
class MomentTree {
 public:
  struct Moments {
    int64_t count;
    float mean, m2;
  };
  __device__ void push(Moments item) {
    int level = 0;
    for (; (items_ >> level & 1) != 0; ++level) item = join(open_[level], item);
    open_[level] = item;
    ++items_;
  }
  __device__ Moments joined() const {
    int level = 0;
    while ((items_ >> level & 1) == 0) ++level;
    Moments item = open_[level];
    for (++level; (items_ >> level) != 0; ++level)
      if ((items_ >> level & 1) != 0) item = join(open_[level], item);
    return item;
  }

 private:
  __device__ static Moments join(const Moments& a, const Moments& b) {
    const float count_a = static_cast<float>(a.count), count_b = static_cast<float>(b.count), count = count_a + count_b;
    const float delta = b.mean - a.mean;
    return {a.count + b.count, numerics::fma(delta, count_b / count, a.mean),
            numerics::fma(delta * delta, (count_a * count_b) / count, a.m2 + b.m2)};
  }
  Moments open_[40];
  int64_t items_ = 0;
};

// items: mean and m2 of each chunk, [2][samples, chunks, channels]; then of each sample in its first chunk's place.
static Status statistics_joined(const Call& call, const BatchNormShape& s, float* items, float* mean,
                                float* variance) noexcept {
  float* m2 = items + s.items();
  const Status status = simt::each(call, s.samples * s.channels, [=] __device__(int64_t i) {
    const int64_t first = i / s.channels * s.chunks * s.channels + i % s.channels;
    MomentTree tree;
    for (int64_t chunk = 0; chunk < s.chunks; ++chunk) {
      const int64_t at = first + chunk * s.channels,
                    rows = simt::least(kPositionChunk, s.positions - chunk * kPositionChunk);
      tree.push({rows, items[at], m2[at]});
    }
    const MomentTree::Moments sample = tree.joined();
    items[first] = sample.mean;
    m2[first] = sample.m2;
  });
  if (!status.ok()) return status;
  const float count = static_cast<float>(s.rows());
  return simt::each(call, s.channels, [=] __device__(int64_t channel) {
    MomentTree tree;
    for (int64_t sample = 0; sample < s.samples; ++sample) {
      const int64_t at = sample * s.chunks * s.channels + channel;
      tree.push({s.positions, items[at], m2[at]});
    }
    const MomentTree::Moments all = tree.joined();
    mean[channel] = all.mean;
    variance[channel] = all.m2 / count;
  });
}

static Status batch_norm_statistics(const Call& call) noexcept {
  const BatchNormShape s = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  float* items = call.context->scratch_of<float>(static_cast<size_t>(2 * s.items()));
  if (items == nullptr) return simt::out_of_memory("batch_norm");
  float* m2 = items + s.items();
  const Status status = simt::each(call, s.items(), [=] __device__(int64_t i) {
    const ChunkRows c = chunk_rows(s, i);
    const float mean = chunk_sum(s, x, c) / static_cast<float>(c.rows);
    items[i] = mean;
    m2[i] = chunk_m2(s, x, c, mean);
  });
  return status.ok() ? statistics_joined(call, s, items, call.tensors[1].f32(), call.tensors[2].f32()) : status;
}

// Sums of chunks arrive at the mean, then squares about it at the variance.
static Status batch_norm_statistics_atomic(const Call& call) noexcept {
  const BatchNormShape s = batch_norm_shape(call.tensors[0]);
  const float* x = call.tensors[0].f32();
  float *mean = call.tensors[1].f32(), *variance = call.tensors[2].f32();
  const float count = static_cast<float>(s.rows());
  Status status = simt::clear(call, mean, s.channels);
  if (status.ok()) status = simt::clear(call, variance, s.channels);
  if (status.ok())
    status = simt::each(call, s.items(), [=] __device__(int64_t i) {
      atomicAdd(mean + i % s.channels, chunk_sum(s, x, chunk_rows(s, i)));
    });
  if (status.ok()) status = simt::divide(call, mean, s.channels, count);
  if (status.ok())
    status = simt::each(call, s.items(), [=] __device__(int64_t i) {
      atomicAdd(variance + i % s.channels, chunk_m2(s, x, chunk_rows(s, i), mean[i % s.channels]));
    });
  return status.ok() ? simt::divide(call, variance, s.channels, count) : status;
}

// What the elementwise kernels read of a channel; mean to dy are tensors 1 to 5 of the gradients.
struct BatchNorm {
  const float *x, *mean, *variance, *gamma, *beta;
  float epsilon;
  bool relu;

  struct Channel {
    float mean, inverse, scale, beta;
  };
  __device__ Channel channel(int64_t c) const {
    const float inverse = 1.0f / numerics::sqrt(variance[c] + epsilon);
    return {mean[c], inverse, gamma == nullptr ? inverse : gamma[c] * inverse, beta == nullptr ? 0.0f : beta[c]};
  }
  __device__ static float value(const Channel& c, float x) { return numerics::fma(x - c.mean, c.scale, c.beta); }
  // dy, or +0 where relu let nothing through.
  __device__ float gate(const Channel& c, float x, float dy) const { return !relu || value(c, x) > 0.0f ? dy : 0.0f; }
};

static BatchNorm batch_norm_of(const Call& call) noexcept {
  const auto& settings = call.as<batch_norm_contract::Settings>();
  return {call.tensors[0].f32(), call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32(),
          call.tensors[4].f32(), settings.epsilon,      settings.relu != 0};
}

static Status batch_norm_forward(const Call& call) noexcept {
  const BatchNorm norm = batch_norm_of(call);
  const int64_t channels = batch_norm_shape(call.tensors[0]).channels;
  float* y = call.tensors[5].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const float value = BatchNorm::value(norm.channel(i % channels), norm.x[i]);
    y[i] = norm.relu && value < 0.0f ? 0.0f : value;
  });
}

template <Mode mode>
static Status batch_norm_parameter_gradient(const Call& call) noexcept {
  const BatchNorm norm = batch_norm_of(call);
  const BatchNormShape s = batch_norm_shape(call.tensors[0]);
  const float* dy = call.tensors[5].f32();
  float *dgamma = call.tensors[6].f32(), *dbeta = call.tensors[7].f32();
  constexpr bool kAtomic = mode == Mode::kAtomic;
  float* items = kAtomic ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(2 * s.items()));
  if (!kAtomic && items == nullptr) return simt::out_of_memory("batch_norm");
  Status status = kAtomic ? simt::clear(call, dgamma, s.channels) : Status{};
  if (status.ok() && kAtomic) status = simt::clear(call, dbeta, s.channels);
  const int64_t all = s.items();
  if (status.ok())
    status = simt::each(call, all, [=] __device__(int64_t i) {
      const BatchNorm::Channel channel = norm.channel(i % s.channels);
      const ChunkRows c = chunk_rows(s, i);
      float scale = 0.0f, shift = 0.0f;
      for (int64_t row = 0; row < c.rows; ++row) {
        const float x = norm.x[c.first + row * s.channels], dz = norm.gate(channel, x, dy[c.first + row * s.channels]);
        scale = numerics::fma(dz, (x - channel.mean) * channel.inverse, scale);
        shift = shift + dz;
      }
      if (mode == Mode::kAtomic) {
        atomicAdd(dgamma + i % s.channels, scale);
        atomicAdd(dbeta + i % s.channels, shift);
      } else {
        items[i] = scale;
        items[all + i] = shift;
      }
    });
  if (!status.ok() || kAtomic) return status;
  status = simt::join_chunks(call, items, s.samples, s.chunks, s.channels, dgamma);
  return status.ok() ? simt::join_chunks(call, items + all, s.samples, s.chunks, s.channels, dbeta) : status;
}

static Status batch_norm_input_gradient(const Call& call) noexcept {
  const BatchNorm norm = batch_norm_of(call);
  const BatchNormShape s = batch_norm_shape(call.tensors[0]);
  const float *dy = call.tensors[5].f32(), *dgamma = call.tensors[6].f32(), *dbeta = call.tensors[7].f32();
  const float* addend = call.tensors[8].f32();
  float* dx = call.tensors[9].f32();
  const bool training = call.as<batch_norm_contract::Settings>().training != 0;
  const float count = static_cast<float>(s.rows());
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const int64_t c = i % s.channels;
    const BatchNorm::Channel channel = norm.channel(c);
    float dz = norm.gate(channel, norm.x[i], dy[i]);
    if (training) dz = (dz - dbeta[c] / count) - ((norm.x[i] - channel.mean) * channel.inverse) * (dgamma[c] / count);
    const float gradient = channel.scale * dz;
    dx[i] = addend == nullptr ? gradient : addend[i] + gradient;
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
