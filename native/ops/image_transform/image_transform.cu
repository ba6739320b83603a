// The CUDA kernels of image_transform: a thread per output pixel, per row of dx and channel for the gradient, and per
// sample for the drawn maps.
#include "ops/image_transform/image_transform.h"

#include "core/numerics.h"
#include "simt/join.h"

namespace samebits {

using bilinear::Tap;

// The pictures of a call and how they are read.
struct Transform {
  int64_t samples, height, width, channels;
  const float* matrices;
  ImageTransform settings;

  __device__ int64_t at(int64_t sample, int64_t row, int64_t column, int64_t channel) const {
    return ((sample * height + row) * width + column) * channels + channel;
  }
  __device__ Tap row(int64_t sample, int64_t oy, int64_t ox) const {
    const float* m = matrices + sample * 6;
    const float y = (m[3] * static_cast<float>(ox) + m[4] * static_cast<float>(oy)) + m[5];
    return bilinear::tap_of(y, height, settings.fill_mode, settings.nearest != 0);
  }
  __device__ Tap column(int64_t sample, int64_t oy, int64_t ox) const {
    const float* m = matrices + sample * 6;
    const float x = (m[0] * static_cast<float>(ox) + m[1] * static_cast<float>(oy)) + m[2];
    return bilinear::tap_of(x, width, settings.fill_mode, settings.nearest != 0);
  }
};

static Transform transform_of(const Call& call) noexcept {
  const View& x = call.tensors[0];
  return {x.shape[0], x.shape[1], x.shape[2], x.shape[3], call.tensors[1].f32(), call.as<ImageTransform>()};
}

static Status image_transform_forward(const Call& call) noexcept {
  const Transform p = transform_of(call);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[2].f32();
  return simt::each(call, p.samples * p.height * p.width, [=] __device__(int64_t i) {
    const int64_t ox = i % p.width, oy = i / p.width % p.height, sample = i / p.width / p.height;
    const Tap row = p.row(sample, oy, ox), column = p.column(sample, oy, ox);
    const float fill = p.settings.fill_value;
    for (int64_t c = 0; c < p.channels; ++c) {
      const auto pixel = [&](int32_t r, int32_t k) { return r < 0 || k < 0 ? fill : x[p.at(sample, r, k, c)]; };
      const float tl = pixel(row.low, column.low), tr = pixel(row.low, column.high);
      const float bl = pixel(row.high, column.low), br = pixel(row.high, column.high);
      bilinear::blend<1>(&tl, &tr, &bl, &br, column.t, row.t, 1, y + i * p.channels + c);
    }
  });
}

// The thread that owns a row of dx in one channel walks the outputs in ascending order and takes what falls there.
static Status image_transform_input_gradient(const Call& call) noexcept {
  const Transform p = transform_of(call);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[2].f32();
  const Status status = simt::clear(call, dx, call.tensors[2].size());
  if (!status.ok()) return status;
  return simt::each(call, p.samples * p.height * p.channels, [=] __device__(int64_t i) {
    const int64_t c = i % p.channels, mine = i / p.channels % p.height, sample = i / p.channels / p.height;
    float* to = dx + p.at(sample, mine, 0, c);
    for (int64_t oy = 0; oy < p.height; ++oy)
      for (int64_t ox = 0; ox < p.width; ++ox) {
        const Tap row = p.row(sample, oy, ox);
        if (row.low != mine && row.high != mine) continue;
        bilinear::give_back(row, p.column(sample, oy, ox), p.width, 1, dy + p.at(sample, oy, ox, c),
                            [=](int64_t at, float gradient, float weight) {
                              float* element = to + at % p.width * p.channels;
                              if (at / p.width == mine) *element = numerics::fma(gradient, weight, *element);
                            });
      }
  });
}

static Status image_transform_input_gradient_atomic(const Call& call) noexcept {
  const Transform p = transform_of(call);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[2].f32();
  const Status status = simt::clear(call, dx, call.tensors[2].size());
  if (!status.ok()) return status;
  return simt::each(call, p.samples * p.height * p.width * p.channels, [=] __device__(int64_t i) {
    const int64_t c = i % p.channels, pixel = i / p.channels, ox = pixel % p.width, oy = pixel / p.width % p.height;
    const int64_t sample = pixel / p.width / p.height;
    float* to = dx + p.at(sample, 0, 0, c);
    bilinear::give_back(
        p.row(sample, oy, ox), p.column(sample, oy, ox), p.width, 1, dy + i,
        [=](int64_t at, float gradient, float weight) { atomicAdd(to + at * p.channels, gradient * weight); });
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
