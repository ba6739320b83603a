// The CUDA kernels of image_transform: a thread per output pixel, per row of dx and channel for the gradient, and per
// sample for the drawn maps.
#include "ops/image_transform/image_transform.h"

#include "core/numerics.h"
#include "simt/join.h"
#include "simt/places.h"

namespace samebits {

using bilinear::Tap;
using simt::Place;
using simt::Places;

// give_back tells an element as row * kLine + column: found again without dividing.
static constexpr int64_t kLine = image_transform::kMaxSide;

// The pictures of a call and how they are read.
struct Transform {
  int64_t height, width;
  Places places;
  const float* matrices;
  ImageTransform settings;

  __device__ Tap row(int64_t sample, int oy, int ox) const {
    const float* m = matrices + sample * 6;
    const float y = (m[3] * static_cast<float>(ox) + m[4] * static_cast<float>(oy)) + m[5];
    return bilinear::tap_of(y, height, settings.fill_mode, settings.nearest != 0);
  }
  __device__ Tap column(int64_t sample, int oy, int ox) const {
    const float* m = matrices + sample * 6;
    const float x = (m[0] * static_cast<float>(ox) + m[1] * static_cast<float>(oy)) + m[2];
    return bilinear::tap_of(x, width, settings.fill_mode, settings.nearest != 0);
  }
};

static Transform transform_of(const Call& call) noexcept {
  const View& x = call.tensors[0];
  return {x.shape[1], x.shape[2], Places(x), call.tensors[1].f32(), call.as<ImageTransform>()};
}
static Status check_pictures(const Call& call) noexcept {
  return simt::check_places("image_transform", {simt::per_sample(call.tensors[0])});
}

static Status image_transform_forward(const Call& call) noexcept {
  const Status status = check_pictures(call);
  if (!status.ok()) return status;
  const View& of_x = call.tensors[0];
  const Transform t = transform_of(call);
  const Places pixels(of_x.shape[1], of_x.shape[2], 1);
  const float* x = of_x.f32();
  float* y = call.tensors[2].f32();
  return simt::each(call, of_x.shape[0] * of_x.shape[1] * of_x.shape[2], [=] __device__(int64_t i) {
    const Place p = pixels.at(i);
    const Tap row = t.row(p.sample, p.row, p.column), column = t.column(p.sample, p.row, p.column);
    const float* of_sample = x + t.places.first(p.sample);
    const float fill = t.settings.fill_value;
    const int channels = t.places.by_channels.by;
    for (int c = 0; c < channels; ++c) {
      const auto pixel = [&](int32_t r, int32_t k) { return r < 0 || k < 0 ? fill : of_sample[t.places.of(r, k, c)]; };
      const float tl = pixel(row.low, column.low), tr = pixel(row.low, column.high);
      const float bl = pixel(row.high, column.low), br = pixel(row.high, column.high);
      bilinear::blend<1>(&tl, &tr, &bl, &br, column.t, row.t, 1, y + i * channels + c);
    }
  });
}

// The thread that owns a row of dx in one channel walks the outputs in ascending order and takes what falls there.
static Status image_transform_input_gradient(const Call& call) noexcept {
  const View& of_dx = call.tensors[2];
  Status status = check_pictures(call);
  const float* dy = call.tensors[0].f32();
  float* dx = of_dx.f32();
  if (status.ok()) status = simt::clear(call, dx, of_dx.size());
  if (!status.ok()) return status;
  const Transform t = transform_of(call);
  const Places lines(of_dx.shape[1], 1, of_dx.shape[3]);
  return simt::each(call, of_dx.shape[0] * of_dx.shape[1] * of_dx.shape[3], [=] __device__(int64_t i) {
    const Place p = lines.at(i);
    const int channels = t.places.by_channels.by;
    const float* of_sample = dy + t.places.first(p.sample);
    float* to = dx + t.places.first(p.sample) + t.places.of(p.row, 0, p.channel);
    for (int oy = 0; oy < t.height; ++oy)
      for (int ox = 0; ox < t.width; ++ox) {
        const Tap row = t.row(p.sample, oy, ox);
        if (row.low != p.row && row.high != p.row) continue;
        bilinear::give_back(row, t.column(p.sample, oy, ox), kLine, 1, of_sample + t.places.of(oy, ox, p.channel),
                            [=](int64_t at, float gradient, float weight) {
                              float* element = to + at % kLine * channels;
                              if (at / kLine == p.row) *element = numerics::fma(gradient, weight, *element);
                            });
      }
  });
}

static Status image_transform_input_gradient_atomic(const Call& call) noexcept {
  const View& of_dx = call.tensors[2];
  Status status = check_pictures(call);
  const float* dy = call.tensors[0].f32();
  float* dx = of_dx.f32();
  if (status.ok()) status = simt::clear(call, dx, of_dx.size());
  if (!status.ok()) return status;
  const Transform t = transform_of(call);
  return simt::each(call, of_dx.size(), [=] __device__(int64_t i) {
    const Place p = t.places.at(i);
    float* to = dx + t.places.first(p.sample) + p.channel;
    bilinear::give_back(t.row(p.sample, p.row, p.column), t.column(p.sample, p.row, p.column), t.width, 1, dy + i,
                        [=](int64_t at, float gradient, float weight) {
                          atomicAdd(to + at * t.places.by_channels.by, gradient * weight);
                        });
  });
}

// A flip happens where its uniform number is below 1/2: the first number decides left-right, the second top-bottom.
static Status flip_matrices(const Call& call) noexcept {
  const TransformDraw s = call.as<TransformDraw>();
  float* matrices = call.tensors[0].f32();
  return simt::each(call, call.tensors[0].shape[0], [=] __device__(int64_t i) {
    const image_transform::Draws u = image_transform::draws(s, i);
    const bool across = s.a0 != 0.0f && u.first < 0.5f, down = s.a1 != 0.0f && u.second < 0.5f;
    float* m = matrices + 6 * i;
    m[0] = across ? -1.0f : 1.0f;
    m[1] = 0.0f;
    m[2] = across ? static_cast<float>(s.width - 1) : 0.0f;
    m[3] = 0.0f;
    m[4] = down ? -1.0f : 1.0f;
    m[5] = down ? static_cast<float>(s.height - 1) : 0.0f;
  });
}

static Status rotation_matrices(const Call& call) noexcept {
  const TransformDraw s = call.as<TransformDraw>();
  float* matrices = call.tensors[0].f32();
  return simt::each(call, call.tensors[0].shape[0], [=] __device__(int64_t i) {
    const float w = static_cast<float>(s.width - 1), h = static_cast<float>(s.height - 1);
    const float angle = image_transform::between(s.a0, s.a1, image_transform::draws(s, i).first);
    const float sine = numerics::sin(angle), cosine = numerics::cos(angle);
    float* m = matrices + 6 * i;
    m[0] = cosine;
    m[1] = -sine;
    m[2] = (w - (cosine * w - sine * h)) / 2.0f;
    m[3] = sine;
    m[4] = cosine;
    m[5] = (h - (sine * w + cosine * h)) / 2.0f;
  });
}

static Status zoom_matrices(const Call& call) noexcept {
  const TransformDraw s = call.as<TransformDraw>();
  float* matrices = call.tensors[0].f32();
  return simt::each(call, call.tensors[0].shape[0], [=] __device__(int64_t i) {
    const image_transform::Draws u = image_transform::draws(s, i);
    const float height = image_transform::between(s.a0, s.a1, u.first);
    const float width = s.tied != 0 ? height : image_transform::between(s.b0, s.b1, u.second);
    float* m = matrices + 6 * i;
    m[0] = width;
    m[1] = 0.0f;
    m[2] = (static_cast<float>(s.width - 1) / 2.0f) * (1.0f - width);
    m[3] = 0.0f;
    m[4] = height;
    m[5] = (static_cast<float>(s.height - 1) / 2.0f) * (1.0f - height);
  });
}

static constexpr CudaRow kRows[] = {
    {"image_transform.forward", {{image_transform_forward, image_transform_forward}}},
    {"image_transform.inputGradient", {{image_transform_input_gradient, image_transform_input_gradient_atomic}}},
    {"image_transform.flipMatrices", {{flip_matrices, flip_matrices}}},
    {"image_transform.rotationMatrices", {{rotation_matrices, rotation_matrices}}},
    {"image_transform.zoomMatrices", {{zoom_matrices, zoom_matrices}}},
};

extern const CudaColumn image_transform_cuda;
const CudaColumn image_transform_cuda = cuda_column(kRows);

}  // namespace samebits
