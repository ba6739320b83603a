// The CUDA kernels of depthwise_conv2d, forward and backward: a thread per output, per input for its gradient, and per
// chunk, tap and channel for the gradient of the weight.
#include "ops/depthwise_conv2d/depthwise_conv2d.h"

#include "core/numerics.h"
#include "simt/divider.h"
#include "simt/positions.h"

namespace samebits {

using depthwise_conv2d_contract::Settings;

// Places within one sample are counted in 32 bits, so that a device finds them quickly; check_counts refuses what does
// not fit.
struct TapAxis {
  int inputs, outputs, taps, stride, dilation, pad;

  __device__ int input(int output, int tap) const { return output * stride - pad + tap * dilation; }
  __device__ bool holds(int input) const { return static_cast<unsigned>(input) < static_cast<unsigned>(inputs); }
  // The output that reads an input by a tap; -1 when there is none.
  __device__ int output(int input, int tap) const {
    const int reach = input + pad - tap * dilation;
    if (stride == 1) return reach >= 0 && reach < outputs ? reach : -1;
    return reach < 0 || reach % stride != 0 || reach / stride >= outputs ? -1 : reach / stride;
  }
};

// A value of a tensor [samples, rows, columns, channels], found by its number.
struct Place {
  int64_t sample;
  int row, column, channel;
};
struct Places {
  int64_t per_sample;
  simt::Divider by_channels, by_columns;

  __device__ Place at(int64_t i) const {
    const int64_t sample = i / per_sample;
    const int rest = static_cast<int>(i - sample * per_sample), pixel = by_channels.quotient(rest);
    const int row = by_columns.quotient(pixel);
    return {sample, row, pixel - row * by_columns.by, rest - pixel * by_channels.by};
  }
};

struct Depthwise {
  TapAxis h, w;
  int channels, wide;  // of x and of y
  simt::Divider by_multiplier;
  Places x_places, y_places;
  const float *x, *weight, *dy;

  __device__ int at_x(int row, int column, int c) const { return (row * w.inputs + column) * channels + c; }
  __device__ int at_y(int row, int column, int oc) const { return (row * w.outputs + column) * wide + oc; }
};

static Status check_counts(const Settings& s, const View& x, const View& weight, const View& y) noexcept {
  constexpr int64_t kLimit = int64_t{1} << 30;
  const int64_t padded = (x.shape[1] + s.pad_top + s.dilation_h * weight.shape[0]) *
                         (x.shape[2] + s.pad_left + s.dilation_w * weight.shape[1]);
  const int64_t of_x = x.size() / x.shape[0], of_y = y.size() / y.shape[0];
  for (const int64_t value : {s.stride_h, s.stride_w, padded, of_x, of_y, weight.size()})
    if (value >= kLimit)
      return refuse(
          StatusCode::kArgument,
          "depthwise_conv2d: expected fewer than 2^30 values in a sample or weight on a CUDA device, got %lld",
          static_cast<long long>(value));
  return {};
}

static Depthwise depthwise_of(const Call& call, const View& x, const View& weight, const View& y) noexcept {
  const auto& s = call.as<Settings>();
  const auto count = [](int64_t value) { return static_cast<int>(value); };
  const auto axis = [&](int at, int64_t stride, int64_t dilation, int64_t pad) {
    return TapAxis{count(x.shape[at]), count(y.shape[at]), count(weight.shape[at - 1]), count(stride), count(dilation),
                   count(pad)};
  };
  const auto places = [](const View& of) {
    return Places{of.size() / of.shape[0], simt::Divider(of.shape[3]), simt::Divider(of.shape[2])};
  };
  return {axis(1, s.stride_h, s.dilation_h, s.pad_top),
          axis(2, s.stride_w, s.dilation_w, s.pad_left),
          count(x.shape[3]),
          count(y.shape[3]),
          simt::Divider(weight.shape[3]),
          places(x),
          places(y),
          x.f32(),
          weight.f32(),
          y.f32()};
}

static Status depthwise_forward(const Call& call) noexcept {
  const View &x = call.tensors[0], &weight = call.tensors[1], &y = call.tensors[2];
  const Status status = check_counts(call.as<Settings>(), x, weight, y);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, x, weight, y);
  float* out = y.f32();
  return simt::each(call, y.size(), [=] __device__(int64_t i) {
    const Place p = d.y_places.at(i);
    const float* of_sample = d.x + p.sample * d.x_places.per_sample + d.by_multiplier.quotient(p.channel);
    float sum = 0.0f;
    for (int kh = 0; kh < d.h.taps; ++kh) {
      const int row = d.h.input(p.row, kh);
      if (!d.h.holds(row)) continue;
      for (int kw = 0; kw < d.w.taps; ++kw) {
        const int column = d.w.input(p.column, kw);
        if (!d.w.holds(column)) continue;
        sum =
            numerics::fma(of_sample[d.at_x(row, column, 0)], d.weight[(kh * d.w.taps + kw) * d.wide + p.channel], sum);
      }
    }
    out[i] = sum;
  });
}

// Ascending (oh, ow, q) is descending (kh, kw) and ascending q.
static Status depthwise_input_gradient(const Call& call) noexcept {
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  const Status status = check_counts(call.as<Settings>(), dx, weight, dy);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, dx, weight, dy);
  float* out = dx.f32();
  return simt::each(call, dx.size(), [=] __device__(int64_t i) {
    const Place p = d.x_places.at(i);
    const float* of_sample = d.dy + p.sample * d.y_places.per_sample;
    float sum = 0.0f;
    for (int kh = d.h.taps - 1; kh >= 0; --kh) {
      const int oh = d.h.output(p.row, kh);
      if (oh < 0) continue;
      for (int kw = d.w.taps - 1; kw >= 0; --kw) {
        const int ow = d.w.output(p.column, kw);
        if (ow < 0) continue;
        for (int q = 0; q < d.by_multiplier.by; ++q) {
          const int oc = p.channel * d.by_multiplier.by + q;
          sum = numerics::fma(of_sample[d.at_y(oh, ow, oc)], d.weight[(kh * d.w.taps + kw) * d.wide + oc], sum);
        }
      }
    }
    out[i] = sum;
  });
}

// Each output scatters its shares.
static Status depthwise_input_gradient_atomic(const Call& call) noexcept {
  const View &dy = call.tensors[0], &weight = call.tensors[1], &dx = call.tensors[2];
  Status status = check_counts(call.as<Settings>(), dx, weight, dy);
  float* out = dx.f32();
  if (status.ok()) status = simt::clear(call, out, dx.size());
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, dx, weight, dy);
  return simt::each(call, dy.size(), [=] __device__(int64_t i) {
    const Place p = d.y_places.at(i);
    float* of_sample = out + p.sample * d.x_places.per_sample + d.by_multiplier.quotient(p.channel);
    for (int kh = 0; kh < d.h.taps; ++kh) {
      const int row = d.h.input(p.row, kh);
      if (!d.h.holds(row)) continue;
      for (int kw = 0; kw < d.w.taps; ++kw) {
        const int column = d.w.input(p.column, kw);
        if (d.w.holds(column))
          atomicAdd(of_sample + d.at_x(row, column, 0), d.dy[i] * d.weight[(kh * d.w.taps + kw) * d.wide + p.channel]);
      }
    }
  });
}

// The chain of one chunk of positions for one tap and channel.
__device__ static float chunk_gradient(const Depthwise& d, int64_t sample, int chunk, int tap, int oc) {
  const int positions = d.h.outputs * d.w.outputs, begin = chunk * static_cast<int>(kPositionChunk);
  const int end = static_cast<int>(simt::least(positions, begin + kPositionChunk));
  const int kh = tap / d.w.taps, kw = tap % d.w.taps;
  const float* of_x = d.x + sample * d.x_places.per_sample + d.by_multiplier.quotient(oc);
  const float* of_dy = d.dy + sample * d.y_places.per_sample + oc;
  int oh = begin / d.w.outputs, ow = begin % d.w.outputs;
  float sum = 0.0f;
  for (int p = begin; p < end; ++p) {
    const int row = d.h.input(oh, kh), column = d.w.input(ow, kw);
    if (d.h.holds(row) && d.w.holds(column))
      sum = numerics::fma(of_x[d.at_x(row, column, 0)], of_dy[p * d.wide], sum);
    if (++ow == d.w.outputs) ow = 0, ++oh;
  }
  return sum;
}

template <Mode mode>
static Status depthwise_weight_gradient(const Call& call) noexcept {
  const View &x = call.tensors[0], &dy = call.tensors[1], &dw = call.tensors[2];
  Status status = check_counts(call.as<Settings>(), x, dw, dy);
  if (!status.ok()) return status;
  const Depthwise d = depthwise_of(call, x, dw, dy);
  const int64_t chunks = ceil_div(dy.shape[1] * dy.shape[2], kPositionChunk), size = dw.size(), channels = dy.shape[3];
  constexpr bool atomic = mode == Mode::kAtomic;
  float* items = atomic ? dw.f32() : call.context->scratch_of<float>(static_cast<size_t>(x.shape[0] * chunks * size));
  if (items == nullptr) return simt::out_of_memory("depthwise_conv2d");
  status = atomic ? simt::clear(call, items, size) : Status{};
  if (status.ok())
    status = simt::each(call, x.shape[0] * chunks * size, [=] __device__(int64_t i) {
      const int oc = static_cast<int>(i % channels), tap = static_cast<int>(i % size / channels);
      const float sum = chunk_gradient(d, i / size / chunks, static_cast<int>(i / size % chunks), tap, oc);
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
const CudaColumn depthwise_conv2d_cuda = cuda_column(kRows);

}  // namespace samebits
