// The CUDA kernels of normalize: sixteen threads to a row, a block of them where it is longer than a chunk of a sum; of the
// gradients of gamma and beta a thread for each chunk and channel.
#include "ops/normalize/normalize.h"

#include "core/numerics.h"
#include "simt/lanes.h"
#include "simt/positions.h"

namespace samebits {

using NormalizeLayout = normalize_contract::Layout;

// A row as a thread of its team looks at it.
struct NormalizeRow {
  int64_t row, first, channel;
  int lane;
  bool mine;
};

// x and its rows, with lengths that a device divides by.
struct NormalizeRows {
  NormalizeLayout layout;
  simt::WideDivider by_width, by_groups;
  const float *x, *gamma, *beta;

  explicit NormalizeRows(const Call& call, const View& gamma, const View* beta = nullptr) noexcept
      : layout(normalize_contract::layout_of(call)), by_width(layout.width), by_groups(layout.groups),
        x(call.tensors[0].f32()), gamma(gamma.f32()), beta(beta == nullptr ? nullptr : beta->f32()) {}

  template <int kParts>
  __device__ NormalizeRow of_thread() const {
    constexpr int kTeam = simt::kLanes * kParts;
    const int64_t row = static_cast<int64_t>(blockIdx.x) * (simt::kThreads / kTeam) + threadIdx.x / kTeam;
    const int64_t sample = by_groups.quotient(row), channel = layout.across ? (row - sample * layout.groups) * layout.width : 0;
    const int64_t first = layout.across ? sample * layout.positions * layout.channels + channel : row * layout.channels;
    return {row, first, channel, static_cast<int>(threadIdx.x) % kTeam, row < layout.rows};
  }
  // How far value i of a row lies behind its first, and which of its channels it is.
  struct Place {
    int64_t offset, channel;
  };
  __device__ Place place(int64_t i) const {
    const int64_t span = by_width.quotient(i), channel = i - span * layout.width;
    return {span * layout.channels + channel, channel};
  }
};

template <int kParts>
__global__ void normalize_kernel(NormalizeRows rows, float epsilon, float* y, float* means, float* inverses) {
  const NormalizeRow r = rows.of_thread<kParts>();
  const int64_t length = rows.layout.count();
  const float count = static_cast<float>(length), *x = rows.x + r.first;
  const bool mine = r.mine;
  const float mean = simt::team_sum<kParts>(r.lane, length, [=](float chain, int64_t i) {
    return mine ? chain + x[rows.place(i).offset] : 0.0f;
  }) / count;
  const float m2 = simt::team_sum<kParts>(r.lane, length, [=](float chain, int64_t i) {
    const float d = mine ? x[rows.place(i).offset] - mean : 0.0f;
    return numerics::fma(d, d, chain);
  });
  if (!mine) return;
  const float inverse = 1.0f / numerics::sqrt(m2 / count + epsilon);
  if (r.lane == 0) {
    means[r.row] = mean;
    inverses[r.row] = inverse;
  }
  for (int64_t i = r.lane; i < length; i += simt::kLanes * kParts) {
    const NormalizeRows::Place at = rows.place(i);
    const int64_t channel = r.channel + at.channel;
    const float scale = rows.gamma == nullptr ? inverse : rows.gamma[channel] * inverse;
    const float shift = rows.beta == nullptr ? 0.0f : rows.beta[channel];
    y[r.first + at.offset] = numerics::fma(x[at.offset] - mean, scale, shift);
  }
}

template <int kParts>
__global__ void normalize_gradient_kernel(NormalizeRows rows, const float* means, const float* inverses, const float* slopes,
                                          float* dx) {
  const NormalizeRow r = rows.of_thread<kParts>();
  const int64_t length = rows.layout.count();
  const float count = static_cast<float>(length), *x = rows.x + r.first, *dy = slopes + r.first;
  const float mean = r.mine ? means[r.row] : 0.0f, inverse = r.mine ? inverses[r.row] : 0.0f;
  const auto slope = [=](const NormalizeRows::Place& at) {
    return rows.gamma == nullptr ? dy[at.offset] : dy[at.offset] * rows.gamma[r.channel + at.channel];
  };
  const auto normal = [=](const NormalizeRows::Place& at) { return (x[at.offset] - mean) * inverse; };
  const float shift = simt::team_sum<kParts>(r.lane, length, [=](float chain, int64_t i) {
    return r.mine ? chain + slope(rows.place(i)) : 0.0f;
  }) / count;
  const float steepness = simt::team_sum<kParts>(r.lane, length, [=](float chain, int64_t i) {
    const NormalizeRows::Place at = rows.place(i);
    return r.mine ? numerics::fma(slope(at), normal(at), chain) : 0.0f;
  }) / count;
  for (int64_t i = r.lane; r.mine && i < length; i += simt::kLanes * kParts) {
    const NormalizeRows::Place at = rows.place(i);
    dx[r.first + at.offset] = inverse * ((slope(at) - shift) - normal(at) * steepness);
  }
}

// The kernel for rows of this length, with as many blocks as these are.
template <class... Parameters>
static Status normalize_launch(const Call& call, const NormalizeLayout& layout, void (*teams)(Parameters...),
                               void (*blocks)(Parameters...), std::type_identity_t<Parameters>... arguments) noexcept {
  const bool is_long = layout.count() > kMemoryChunk;
  return simt::launch(call, is_long ? blocks : teams, is_long ? layout.rows : ceil_div(layout.rows, simt::kTeams),
                      simt::kThreads, simt::kTeamBytes, arguments...);
}

static Status normalize_forward(const Call& call) noexcept {
  const NormalizeRows rows(call, call.tensors[1], &call.tensors[2]);
  return normalize_launch(call, rows.layout, normalize_kernel<1>, normalize_kernel<simt::kTeams>, rows,
                          call.as<normalize_contract::Settings>().epsilon, call.tensors[3].f32(), call.tensors[4].f32(),
                          call.tensors[5].f32());
}

static Status normalize_input_gradient(const Call& call) noexcept {
  const NormalizeRows rows(call, call.tensors[3]);
  return normalize_launch(call, rows.layout, normalize_gradient_kernel<1>, normalize_gradient_kernel<simt::kTeams>, rows,
                          call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[4].f32(), call.tensors[5].f32());
}

// The chains of the gradients of gamma and beta.
template <Mode mode>
struct NormalizeSums {
  static constexpr int kValues = 2;  // dy, and x normalized
  NormalizeLayout of;
  simt::WideDivider by_channels, by_positions, by_width;
  const float *x, *means, *inverses, *dy;
  float *dgamma, *dbeta;  // of the items, which lie 2 * channels apart

  struct Column {};
  struct Values {
    float dy, normal;
  };
  struct Chain {
    float scale, shift;
  };
  __device__ Column column(int64_t) const { return {}; }
  __device__ Values load(int64_t i) const {
    const int64_t position = by_channels.quotient(i), sample = by_positions.quotient(position);
    const int64_t row = of.across ? sample * of.groups + by_width.quotient(i - position * of.channels) : position;
    return {dy[i], (x[i] - means[row]) * inverses[row]};
  }
  __device__ void put(Column, const Values& values, float (&numbers)[2]) const {
    numbers[0] = values.dy;
    numbers[1] = values.normal;
  }
  template <class Get>
  __device__ void add(Chain& chain, int rows, Get get) const {
#pragma unroll 8
    for (int row = 0; row < rows; ++row) {
      const float slope = get(row, 0);
      chain.scale = numerics::fma(slope, get(row, 1), chain.scale);
      chain.shift = chain.shift + slope;
    }
  }
  __device__ void end(const Chain& chain, int, int64_t item, int64_t c) const {
    if constexpr (mode == Mode::kAtomic) {
      atomicAdd(dgamma + c, chain.scale);
      atomicAdd(dbeta + c, chain.shift);
    } else {
      dgamma[item * 2 * of.channels + c] = chain.scale;
      dbeta[item * 2 * of.channels + c] = chain.shift;
    }
  }
};

template <Mode mode>
static Status normalize_parameter_gradient(const Call& call) noexcept {
  const NormalizeLayout of = normalize_contract::layout_of(call);
  const simt::ChunkShape s(of.samples, of.positions, of.channels);
  float *dgamma = call.tensors[4].f32(), *dbeta = call.tensors[5].f32();
  const auto sums = [&](float* scales, float* shifts) {
    return simt::each_chunk(
        call, s,
        NormalizeSums<mode>{of, simt::WideDivider(of.channels), simt::WideDivider(of.positions), simt::WideDivider(of.width),
                            call.tensors[0].f32(), call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32(), scales,
                            shifts});
  };
  if constexpr (mode == Mode::kAtomic) {
    Status status = simt::clear(call, dgamma, of.channels);
    if (status.ok()) status = simt::clear(call, dbeta, of.channels);
    return status.ok() ? sums(dgamma, dbeta) : status;
  }
  if (s.items() == 1) return sums(dgamma, dbeta);
  float* items = call.context->scratch_of<float>(static_cast<size_t>(simt::most(1, 2 * s.items() * s.columns)));
  if (items == nullptr) return simt::out_of_memory("normalize");
  const Status status = sums(items, items + s.columns);
  if (!status.ok()) return status;
  return simt::join_chunks(call, items, s.samples, s.chunks, 2 * s.columns, {dgamma, 1.0f, dbeta, s.columns});
}

static constexpr CudaRow kRows[] = {
    {"normalize.forward", {{normalize_forward, normalize_forward}}},
    {"normalize.inputGradient", {{normalize_input_gradient, normalize_input_gradient}}},
    {"normalize.parameterGradient",
     {{normalize_parameter_gradient<Mode::kDeterministic>, normalize_parameter_gradient<Mode::kAtomic>}}},
};

extern const CudaColumn normalize_cuda;
const CudaColumn normalize_cuda = cuda_column(kRows);

}  // namespace samebits
