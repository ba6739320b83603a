// The CUDA kernels of depthwise_conv2d, forward and backward: a thread per output, per input for its gradient, and per
// chunk, tap and channel for the gradient of the weight.
#include "ops/depthwise_conv2d/depthwise_conv2d.h"

#include "core/numerics.h"
#include "simt/positions.h"

namespace samebits {

using depthwise_conv2d_contract::Settings;

// One axis of the window.
struct TapAxis {
  int64_t inputs, outputs, taps, stride, dilation, pad;

  __device__ int64_t input(int64_t output, int64_t tap) const { return output * stride - pad + tap * dilation; }
  __device__ bool holds(int64_t input) const { return input >= 0 && input < inputs; }
  // The output that reads an input by a tap; -1 when there is none.
  __device__ int64_t output(int64_t input, int64_t tap) const {
    const int64_t reach = input + pad - tap * dilation;
    return reach < 0 || reach % stride != 0 || reach / stride >= outputs ? -1 : reach / stride;
  }
};

struct Depthwise {
  TapAxis h, w;
  int64_t samples, channels, multiplier;
  const float *x, *weight, *dy;

  __device__ int64_t wide() const { return channels * multiplier; }
  __device__ int64_t at_x(int64_t sample, int64_t row, int64_t column, int64_t c) const {
    return ((sample * h.inputs + row) * w.inputs + column) * channels + c;
  }
  __device__ int64_t at_y(int64_t sample, int64_t row, int64_t column, int64_t oc) const {
    return ((sample * h.outputs + row) * w.outputs + column) * wide() + oc;
  }
};

static Depthwise depthwise_of(const Call& call, const View& x, const View& weight, const View& y) noexcept {
  const auto& s = call.as<Settings>();
  return {{x.shape[1], y.shape[1], weight.shape[0], s.stride_h, s.dilation_h, s.pad_top},
          {x.shape[2], y.shape[2], weight.shape[1], s.stride_w, s.dilation_w, s.pad_left},
          x.shape[0], x.shape[3], weight.shape[3], x.f32(), weight.f32(), y.f32()};
}

static Status depthwise_forward(const Call& call) noexcept {
  const View& y = call.tensors[2];
  const Depthwise d = depthwise_of(call, call.tensors[0], call.tensors[1], y);
  float* out = y.f32();
  return simt::each(call, y.size(), [=] __device__(int64_t i) {
    const int64_t oc = i % d.wide(), pixel = i / d.wide(), ow = pixel % d.w.outputs, line = pixel / d.w.outputs;
    const int64_t oh = line % d.h.outputs, sample = line / d.h.outputs;
    float sum = 0.0f;
    for (int64_t kh = 0; kh < d.h.taps; ++kh) {
      const int64_t row = d.h.input(oh, kh);
      if (!d.h.holds(row)) continue;
      for (int64_t kw = 0; kw < d.w.taps; ++kw) {
        const int64_t column = d.w.input(ow, kw);
        if (!d.w.holds(column)) continue;
        sum = numerics::fma(d.x[d.at_x(sample, row, column, oc / d.multiplier)], d.weight[(kh * d.w.taps + kw) * d.wide() + oc], sum);
      }
    }
    out[i] = sum;
  });
}

// Ascending (oh, ow, q) is descending (kh, kw) and ascending q.
static Status depthwise_input_gradient(const Call& call) noexcept {
  const View& dx = call.tensors[2];
  const Depthwise d = depthwise_of(call, dx, call.tensors[1], call.tensors[0]);
  float* out = dx.f32();
  return simt::each(call, dx.size(), [=] __device__(int64_t i) {
    const int64_t c = i % d.channels, pixel = i / d.channels, column = pixel % d.w.inputs, line = pixel / d.w.inputs;
    const int64_t row = line % d.h.inputs, sample = line / d.h.inputs;
    float sum = 0.0f;
    for (int64_t kh = d.h.taps - 1; kh >= 0; --kh) {
      const int64_t oh = d.h.output(row, kh);
      if (oh < 0) continue;
      for (int64_t kw = d.w.taps - 1; kw >= 0; --kw) {
        const int64_t ow = d.w.output(column, kw);
        if (ow < 0) continue;
        for (int64_t q = 0; q < d.multiplier; ++q) {
          const int64_t oc = c * d.multiplier + q;
          sum = numerics::fma(d.dy[d.at_y(sample, oh, ow, oc)], d.weight[(kh * d.w.taps + kw) * d.wide() + oc], sum);
        }
      }
    }
    out[i] = sum;
  });
}

// Each output scatters its shares.
static Status depthwise_input_gradient_atomic(const Call& call) noexcept {
  const View &dy = call.tensors[0], &dx = call.tensors[2];
  const Depthwise d = depthwise_of(call, dx, call.tensors[1], dy);
  float* out = dx.f32();
  const Status status = simt::clear(call, out, dx.size());
  if (!status.ok()) return status;
  return simt::each(call, dy.size(), [=] __device__(int64_t i) {
    const int64_t oc = i % d.wide(), pixel = i / d.wide(), ow = pixel % d.w.outputs, line = pixel / d.w.outputs;
    const int64_t oh = line % d.h.outputs, sample = line / d.h.outputs;
    for (int64_t kh = 0; kh < d.h.taps; ++kh) {
      const int64_t row = d.h.input(oh, kh);
      if (!d.h.holds(row)) continue;
      for (int64_t kw = 0; kw < d.w.taps; ++kw) {
        const int64_t column = d.w.input(ow, kw);
        if (d.w.holds(column))
          atomicAdd(out + d.at_x(sample, row, column, oc / d.multiplier), d.dy[i] * d.weight[(kh * d.w.taps + kw) * d.wide() + oc]);
      }
    }
  });
}

// The chain of one chunk of positions for one tap and channel.
__device__ static float chunk_gradient(const Depthwise& d, int64_t sample, int64_t chunk, int64_t tap, int64_t oc) {
  const int64_t positions = d.h.outputs * d.w.outputs, begin = chunk * kPositionChunk;
  const int64_t end = simt::least(positions, begin + kPositionChunk), kh = tap / d.w.taps, kw = tap % d.w.taps;
  int64_t oh = begin / d.w.outputs, ow = begin % d.w.outputs;
  float sum = 0.0f;
  for (int64_t p = begin; p < end; ++p) {
    const int64_t row = d.h.input(oh, kh), column = d.w.input(ow, kw);
    if (d.h.holds(row) && d.w.holds(column))
      sum = numerics::fma(d.x[d.at_x(sample, row, column, oc / d.multiplier)], d.dy[d.at_y(sample, oh, ow, oc)], sum);
    if (++ow == d.w.outputs) ow = 0, ++oh;
  }
  return sum;
}

template <Mode mode>
static Status depthwise_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2];
  const Depthwise d = depthwise_of(call, x, dw, dy);
  const int64_t chunks = ceil_div(dy.shape[1] * dy.shape[2], kPositionChunk), size = dw.size(), channels = dy.shape[3];
  const bool atomic = mode == Mode::kAtomic;
  float* items = atomic ? dw.f32() : call.context->scratch_of<float>(static_cast<size_t>(x.shape[0] * chunks * size));
  if (items == nullptr) return simt::out_of_memory("depthwise_conv2d");
  Status status = atomic ? simt::clear(call, items, size) : Status{};
  if (status.ok())
    status = simt::each(call, x.shape[0] * chunks * size, [=] __device__(int64_t i) {
      const int64_t oc = i % channels, tap = i % size / channels, chunk = i / size % chunks;
      const float sum = chunk_gradient(d, i / size / chunks, chunk, tap, oc);
      if (atomic)
        atomicAdd(items + i % size, sum);
      else
        items[i] = sum;
    });
  return status.ok() && !atomic ? simt::join_chunks(call, items, x.shape[0], chunks, size, dw.f32()) : status;
}

static constexpr CudaRow kRows[] = {
    {"depthwise_conv2d.forward", {{depthwise_forward, depthwise_forward}}},
    {"depthwise_conv2d.inputGradient", {{depthwise_input_gradient, depthwise_input_gradient_atomic}}},
    {"depthwise_conv2d.weightGradient",
     {{depthwise_weight_gradient<Mode::kDeterministic>, depthwise_weight_gradient<Mode::kAtomic>}}},
};

extern const CudaColumn depthwise_conv2d_cuda;
const CudaColumn depthwise_conv2d_cuda = {kRows, 3};

}  // namespace samebits
