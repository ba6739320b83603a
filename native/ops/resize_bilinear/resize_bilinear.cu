// The CUDA kernels of resize_bilinear: a thread per output value, and per row of dx and channel for the gradient.
#include "ops/resize_bilinear/resize_bilinear.h"

#include "core/numerics.h"
#include "simt/join.h"

namespace samebits {

using bilinear::Tap;

struct Pictures {
  int64_t samples, height, width, channels;

  __device__ int64_t at(int64_t sample, int64_t row, int64_t column, int64_t channel) const {
    return ((sample * height + row) * width + column) * channels + channel;
  }
};
static Pictures pictures_of(const View& x) noexcept { return {x.shape[0], x.shape[1], x.shape[2], x.shape[3]}; }

__device__ static void put(float* y, float value) { *y = value; }
__device__ static void put(uint8_t* y, float value) { *y = resize_bilinear::round_half_even(value); }

template <class From, class To>
static Status resize(const Call& call) noexcept {
  const Pictures in = pictures_of(call.tensors[0]), out = pictures_of(call.tensors[1]);
  const From* x = static_cast<const From*>(call.tensors[0].data);
  To* y = static_cast<To*>(call.tensors[1].data);
  return simt::each(call, call.tensors[1].size(), [=] __device__(int64_t i) {
    const int64_t c = i % out.channels, pixel = i / out.channels, line = pixel / out.width, sample = line / out.height;
    const Tap row = bilinear::resize_tap(line % out.height, in.height, out.height);
    const Tap column = bilinear::resize_tap(pixel % out.width, in.width, out.width);
    float value;
    bilinear::blend<1>(x + in.at(sample, row.low, column.low, c), x + in.at(sample, row.low, column.high, c),
                       x + in.at(sample, row.high, column.low, c), x + in.at(sample, row.high, column.high, c),
                       column.t, row.t, 1, &value);
    put(y + i, value);
  });
}

static Status resize_forward(const Call& call) noexcept { return resize<float, float>(call); }
static Status resize_from_bytes(const Call& call) noexcept { return resize<uint8_t, float>(call); }
static Status resize_bytes(const Call& call) noexcept { return resize<uint8_t, uint8_t>(call); }

// The thread that owns a row of dx in one channel walks the outputs in ascending order and takes what falls there.
static Status resize_input_gradient(const Call& call) noexcept {
  const Pictures out = pictures_of(call.tensors[0]), in = pictures_of(call.tensors[1]);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const Status status = simt::clear(call, dx, call.tensors[1].size());
  if (!status.ok()) return status;
  return simt::each(call, in.samples * in.height * in.channels, [=] __device__(int64_t i) {
    const int64_t c = i % in.channels, mine = i / in.channels % in.height, sample = i / in.channels / in.height;
    float* to = dx + in.at(sample, mine, 0, c);
    for (int64_t oy = 0; oy < out.height; ++oy) {
      const Tap row = bilinear::resize_tap(oy, in.height, out.height);
      if (row.low != mine && row.high != mine) continue;
      for (int64_t ox = 0; ox < out.width; ++ox)
        bilinear::give_back(row, bilinear::resize_tap(ox, in.width, out.width), in.width, 1,
                            dy + out.at(sample, oy, ox, c), [=](int64_t at, float gradient, float weight) {
                              float* element = to + at % in.width * in.channels;
                              if (at / in.width == mine) *element = numerics::fma(gradient, weight, *element);
                            });
    }
  });
}

static Status resize_input_gradient_atomic(const Call& call) noexcept {
  const Pictures out = pictures_of(call.tensors[0]), in = pictures_of(call.tensors[1]);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const Status status = simt::clear(call, dx, call.tensors[1].size());
  if (!status.ok()) return status;
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const int64_t c = i % out.channels, pixel = i / out.channels, line = pixel / out.width, sample = line / out.height;
    float* to = dx + in.at(sample, 0, 0, c);
    bilinear::give_back(
        bilinear::resize_tap(line % out.height, in.height, out.height),
        bilinear::resize_tap(pixel % out.width, in.width, out.width), in.width, 1, dy + i,
        [=](int64_t at, float gradient, float weight) { atomicAdd(to + at * in.channels, gradient * weight); });
  });
}

static constexpr CudaRow kRows[] = {
    {"resize_bilinear.forward", {{resize_forward, resize_forward}}},
    {"resize_bilinear.fromBytes", {{resize_from_bytes, resize_from_bytes}}},
    {"resize_bilinear.bytes", {{resize_bytes, resize_bytes}}},
    {"resize_bilinear.inputGradient", {{resize_input_gradient, resize_input_gradient_atomic}}},
};

extern const CudaColumn resize_bilinear_cuda;
const CudaColumn resize_bilinear_cuda = cuda_column(kRows);

}  // namespace samebits
