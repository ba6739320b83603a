// The CUDA kernels of depthwise_conv2d, forward and backward: a thread per output, per input for its gradient, and per
// chunk, tap and channel for the gradient of the weight; windows of 3 x 3 have forms of their own.
#include "ops/depthwise_conv2d/depthwise_conv2d.h"

#include "core/numerics.h"
#include "ops/depthwise_conv2d/depthwise_geometry.cuh"
#include "ops/depthwise_conv2d/depthwise_threes.cuh"
#include "simt/positions.h"

namespace samebits {

using depthwise_conv2d_contract::Settings;
using simt::Place;

// Neighbouring outputs read neighbouring inputs, four channels at once.
static bool reads_runs(const Depthwise& d) noexcept {
  const auto steps = [](const TapAxis& axis) { return axis.stride == 1 && axis.dilation == 1; };
  return is_three_by_three(d) && by_fours(d) && steps(d.h) && steps(d.w);
}

static Status depthwise_forward(const Call& call) noexcept {
  const View &x = call.tensors[0], &weight = call.tensors[1], &y = call.tensors[2];
  const Status status = check_counts(call.as<Settings>(), x, weight, y);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, x, weight, y);
  float* out = y.f32();
  if (reads_runs(d))
    return correlate_threes<false>(call,
                                   Threes{d.h.inputs, d.w.inputs, d.w.outputs, d.h.pad, d.w.pad, d.channels(), {}, d.x,
                                          d.weight, out, simt::per_sample(x), simt::per_sample(y)},
                                   x.shape[0], d.h.outputs);
  return simt::each(call, y.size(), [=] __device__(int64_t i) {
    const Place p = d.y_places.at(i);
    const float* of_sample = d.x + d.x_places.first(p.sample) + d.by_multiplier.quotient(p.channel);
    float sum = 0.0f;
    for (int kh = 0; kh < d.h.taps; ++kh) {
      const int row = d.h.input(p.row, kh);
      if (!d.h.holds(row)) continue;
      for (int kw = 0; kw < d.w.taps; ++kw) {
        const int column = d.w.input(p.column, kw);
        if (!d.w.holds(column)) continue;
        sum = numerics::fma(of_sample[d.x_places.of(row, column, 0)],
                            d.weight[(kh * d.w.taps + kw) * d.wide() + p.channel], sum);
      }
    }
    out[i] = sum;
  });
}

// Ascending (oh, ow, q) is descending (kh, kw) and ascending q. Where outputs are neighbours as inputs are, that is a
// correlation with the window turned round.
static Status depthwise_input_gradient(const Call& call) noexcept {
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const Status status = check_counts(call.as<Settings>(), dx, weight, dy);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, dx, weight, dy);
  float* out = dx.f32();
  if (reads_runs(d))
    return correlate_threes<true>(call,
                                  Threes{d.h.outputs, d.w.outputs, d.w.inputs, 2 - d.h.pad, 2 - d.w.pad, d.channels(),
                                         {}, d.dy, d.weight, out, simt::per_sample(dy), simt::per_sample(dx)},
                                  dx.shape[0], d.h.inputs);
  return simt::each(call, dx.size(), [=] __device__(int64_t i) {
    const Place p = d.x_places.at(i);
    const float* of_sample = d.dy + d.y_places.first(p.sample);
    float sum = 0.0f;
    for (int kh = d.h.taps - 1; kh >= 0; --kh) {
      const int oh = d.h.output(p.row, kh);
      if (oh < 0) continue;
      for (int kw = d.w.taps - 1; kw >= 0; --kw) {
        const int ow = d.w.output(p.column, kw);
        if (ow < 0) continue;
        for (int q = 0; q < d.by_multiplier.by; ++q) {
          const int oc = p.channel * d.by_multiplier.by + q;
          sum = numerics::fma(of_sample[d.y_places.of(oh, ow, oc)], d.weight[(kh * d.w.taps + kw) * d.wide() + oc], sum);
        }
      }
    }
    out[i] = sum;
  });
}

// The chain of one chunk of positions for one tap and channel.
__device__ static float chunk_gradient(const Depthwise& d, int64_t sample, int chunk, int tap, int oc) {
  const int positions = d.h.outputs * d.w.outputs, begin = chunk * static_cast<int>(kPositionChunk);
  const int end = static_cast<int>(simt::least(positions, begin + kPositionChunk));
  const int kh = d.by_taps.quotient(tap), kw = tap - kh * d.w.taps;
  const float* of_x = d.x + d.x_places.first(sample) + d.by_multiplier.quotient(oc);
  const float* of_dy = d.dy + d.y_places.first(sample) + oc;
  int oh = d.by_outputs.quotient(begin), ow = begin - oh * d.w.outputs;
  float sum = 0.0f;
  for (int p = begin; p < end; ++p) {
    const int row = d.h.input(oh, kh), column = d.w.input(ow, kw);
    if (d.h.holds(row) && d.w.holds(column))
      sum = numerics::fma(of_x[d.x_places.of(row, column, 0)], of_dy[p * d.wide()], sum);
    if (++ow == d.w.outputs) ow = 0, ++oh;
  }
  return sum;
}

// Sums of chunks to items [samples, chunks, taps, wide], or added to dw as they arrive.
template <Mode mode>
static Status chunks_of_taps(const Call& call, const Depthwise& d, int64_t samples, int64_t chunks,
                             float* items) noexcept {
  const int64_t taps = static_cast<int64_t>(d.h.taps) * d.w.taps, size = taps * d.y_places.by_channels.by;
  const simt::Places places(chunks, taps, d.y_places.by_channels.by);
  return simt::each(call, samples * chunks * size, [=] __device__(int64_t i) {
    const Place p = places.at(i);
    const float sum = chunk_gradient(d, p.sample, p.row, p.column, p.channel);
    float* to = mode == Mode::kAtomic ? items + p.column * d.wide() + p.channel : items + i;
    if constexpr (mode == Mode::kAtomic)
      atomicAdd(to, sum);
    else
      *to = sum;
  });
}

// Four channels a thread where there are threads enough all the same.
static constexpr int64_t kThreadsEnough = 16384;

template <Mode mode>
static Status depthwise_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2];
  Status status = check_counts(call.as<Settings>(), x, dw, dy);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, x, dw, dy);
  const int64_t samples = x.shape[0], chunks = ceil_div(dy.shape[1] * dy.shape[2], kPositionChunk), size = dw.size();
  constexpr bool atomic = mode == Mode::kAtomic;
  float* items = atomic ? dw.f32() : call.context->scratch_of<float>(static_cast<size_t>(samples * chunks * size));
  if (items == nullptr) return simt::out_of_memory("depthwise_conv2d");
  status = atomic ? simt::clear(call, items, size) : Status{};
  if (status.ok()) {
    if (!is_three_by_three(d))
      status = chunks_of_taps<mode>(call, d, samples, chunks, items);
    else if (by_fours(d) && samples * chunks * d.channels() / 4 >= kThreadsEnough)
      status = chunks_of_threes<mode, 4, 1>(call, d, samples, chunks, items);
    else
      status = chunks_of_threes<mode, 1, 4>(call, d, samples, chunks, items);
  }
  return status.ok() && !atomic ? simt::join_chunks(call, items, samples, chunks, size, dw.f32()) : status;
}

static constexpr CudaRow kRows[] = {
    {"depthwise_conv2d.forward", {{depthwise_forward, depthwise_forward}}},
    {"depthwise_conv2d.inputGradient", {{depthwise_input_gradient, depthwise_input_gradient}}},
    {"depthwise_conv2d.weightGradient",
     {{depthwise_weight_gradient<Mode::kDeterministic>, depthwise_weight_gradient<Mode::kAtomic>}}},
};

extern const CudaColumn depthwise_conv2d_cuda;
const CudaColumn depthwise_conv2d_cuda = cuda_column(kRows);

}  // namespace samebits
