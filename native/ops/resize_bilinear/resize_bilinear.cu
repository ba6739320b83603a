// The CUDA kernels of resize_bilinear: a thread per output value, and per row of dx and channel for the gradient.
#include "ops/resize_bilinear/resize_bilinear.h"

#include "core/numerics.h"
#include "simt/join.h"
#include "simt/places.h"

namespace samebits {

using bilinear::Tap;

using simt::Place;
using simt::Places;

static Status check_pictures(const Call& call) noexcept {
  return simt::check_places("resize_bilinear",
                            {simt::per_sample(call.tensors[0]), simt::per_sample(call.tensors[1])});
}

// The sides of the picture that is read, and of the one that comes out of it.
struct Sides {
  int64_t height, width, out_height, out_width;

  __device__ Tap row(int oy) const { return bilinear::resize_tap(oy, height, out_height); }
  __device__ Tap column(int ox) const { return bilinear::resize_tap(ox, width, out_width); }
};
static Sides sides_of(const View& x, const View& y) noexcept { return {x.shape[1], x.shape[2], y.shape[1], y.shape[2]}; }

// give_back tells an element as row * kLine + column: found again without dividing.
static constexpr int64_t kLine = resize_bilinear::kMaxSide;

__device__ static void put(float* y, float value) { *y = value; }
__device__ static void put(uint8_t* y, float value) { *y = resize_bilinear::round_half_even(value); }

template <class From, class To>
static Status resize(const Call& call) noexcept {
  const Status status = check_pictures(call);
  if (!status.ok()) return status;
  const Places in(call.tensors[0]), out(call.tensors[1]);
  const Sides sides = sides_of(call.tensors[0], call.tensors[1]);
  const From* x = static_cast<const From*>(call.tensors[0].data);
  To* y = static_cast<To*>(call.tensors[1].data);
  return simt::each(call, call.tensors[1].size(), [=] __device__(int64_t i) {
    const Place p = out.at(i);
    const Tap row = sides.row(p.row), column = sides.column(p.column);
    const From* of_sample = x + in.first(p.sample);
    float value;
    bilinear::blend<1>(
        of_sample + in.of(row.low, column.low, p.channel), of_sample + in.of(row.low, column.high, p.channel),
        of_sample + in.of(row.high, column.low, p.channel), of_sample + in.of(row.high, column.high, p.channel),
        column.t, row.t, 1, &value);
    put(y + i, value);
  });
}

static Status resize_forward(const Call& call) noexcept { return resize<float, float>(call); }
static Status resize_from_bytes(const Call& call) noexcept { return resize<uint8_t, float>(call); }
static Status resize_bytes(const Call& call) noexcept { return resize<uint8_t, uint8_t>(call); }

// The thread that owns a row of dx in one channel walks the outputs in ascending order and takes what falls there.
static Status resize_input_gradient(const Call& call) noexcept {
  const View &of_dy = call.tensors[0], &of_dx = call.tensors[1];
  Status status = check_pictures(call);
  const float* dy = of_dy.f32();
  float* dx = of_dx.f32();
  if (status.ok()) status = simt::clear(call, dx, of_dx.size());
  if (!status.ok()) return status;
  const Places out(of_dy), in(of_dx);
  const Places lines(of_dx.shape[1], 1, of_dx.shape[3]);
  const Sides sides = sides_of(of_dx, of_dy);
  return simt::each(call, of_dx.shape[0] * of_dx.shape[1] * of_dx.shape[3], [=] __device__(int64_t i) {
    const Place p = lines.at(i);
    const int channels = in.by_channels.by;
    const float* of_sample = dy + out.first(p.sample);
    float* to = dx + in.first(p.sample) + in.of(p.row, 0, p.channel);
    for (int oy = 0; oy < sides.out_height; ++oy) {
      const Tap row = sides.row(oy);
      if (row.low != p.row && row.high != p.row) continue;
      for (int ox = 0; ox < sides.out_width; ++ox)
        bilinear::give_back(row, sides.column(ox), kLine, 1, of_sample + out.of(oy, ox, p.channel),
                            [=](int64_t at, float gradient, float weight) {
                              float* element = to + at % kLine * channels;
                              if (at / kLine == p.row) *element = numerics::fma(gradient, weight, *element);
                            });
    }
  });
}

static Status resize_input_gradient_atomic(const Call& call) noexcept {
  const View &of_dy = call.tensors[0], &of_dx = call.tensors[1];
  Status status = check_pictures(call);
  const float* dy = of_dy.f32();
  float* dx = of_dx.f32();
  if (status.ok()) status = simt::clear(call, dx, of_dx.size());
  if (!status.ok()) return status;
  const Places out(of_dy), in(of_dx);
  const Sides sides = sides_of(of_dx, of_dy);
  return simt::each(call, of_dy.size(), [=] __device__(int64_t i) {
    const Place p = out.at(i);
    float* to = dx + in.first(p.sample) + p.channel;
    bilinear::give_back(sides.row(p.row), sides.column(p.column), sides.width, 1, dy + i,
                        [=](int64_t at, float gradient, float weight) {
                          atomicAdd(to + at * in.by_channels.by, gradient * weight);
                        });
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
