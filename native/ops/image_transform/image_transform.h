// image_transform: reads a picture through an affine map, as Keras' RandomFlip, RandomRotation and RandomZoom do.
//
// forward: x, y [n, h, w, c], matrices [n, 6]. Output pixel (oy, ox) is read at
//   x' = (m0 * ox + m1 * oy) + m2,  y' = (m3 * ox + m4 * oy) + m5
// brought inside by the fill mode, then bilinear (core/bilinear.h) or nearest.
// inputGradient: dx = for each sample the chain, ascending (oy, ox, tap), of fma(dy, weight, dx).
// Order: forward has no sum. Atomic: the gradient's terms are added as they arrive.
//
// flipMatrices, rotationMatrices, zoomMatrices: matrices [n, 6] of sample first + i, drawn from Philox elements
// 2 * (first + i) and the one after; the formulas stand beside each below and in docs/contract.md.
#pragma once

#include <cstddef>

#include "core/bilinear.h"
#include "core/kernel.h"
#include "core/philox.h"

namespace samebits {

struct ImageTransform {
  int64_t fill_mode;  // bilinear::FillMode
  int64_t nearest;    // 0: bilinear, 1: nearest
  float fill_value;   // for kConstant
};

// What the three draws share: which numbers, and the size of the pictures the matrices are for.
struct TransformDraw {
  uint64_t seed;
  int64_t stream, step, first, height, width;
  // flip: a0, a1 are 1 where the horizontal, vertical flip may happen. rotation: [a0, a1) radians.
  // zoom: height [a0, a1), width [b0, b1); `tied` 1: the width takes the height's zoom.
  float a0, a1, b0, b1;
  int64_t tied;
};

namespace image_transform {

inline constexpr TensorSlot kForward[] = {input("x"), input("matrices"), output("y")};
inline constexpr TensorSlot kInputGradient[] = {input("dy"), input("matrices"), output("dx")};
inline constexpr TensorSlot kMatrices[] = {output("matrices")};

inline constexpr Field kFields[] = {{"fillMode", FieldType::kInt, offsetof(ImageTransform, fill_mode)},
                                    {"nearest", FieldType::kInt, offsetof(ImageTransform, nearest)},
                                    {"fillValue", FieldType::kFloat, offsetof(ImageTransform, fill_value)}};
inline constexpr Field kDrawFields[] = {{"seed", FieldType::kSeed, offsetof(TransformDraw, seed)},
                                        {"stream", FieldType::kInt, offsetof(TransformDraw, stream)},
                                        {"step", FieldType::kInt, offsetof(TransformDraw, step)},
                                        {"first", FieldType::kInt, offsetof(TransformDraw, first)},
                                        {"height", FieldType::kInt, offsetof(TransformDraw, height)},
                                        {"width", FieldType::kInt, offsetof(TransformDraw, width)},
                                        {"a0", FieldType::kFloat, offsetof(TransformDraw, a0)},
                                        {"a1", FieldType::kFloat, offsetof(TransformDraw, a1)},
                                        {"b0", FieldType::kFloat, offsetof(TransformDraw, b0)},
                                        {"b1", FieldType::kFloat, offsetof(TransformDraw, b1)},
                                        {"tied", FieldType::kInt, offsetof(TransformDraw, tied)}};

// A quarter of where float coordinates end: floors are found by adding 2^23.
inline constexpr int64_t kMaxSide = int64_t{1} << 22;

inline Status check(const Call& call) noexcept {
  const View &x = call.tensors[0], &matrices = call.tensors[1], &y = call.tensors[2];
  if (x.rank != 4 || x.shape[1] < 1 || x.shape[2] < 1 || x.shape[1] > kMaxSide || x.shape[2] > kMaxSide)
    return refuse(StatusCode::kShape, "image_transform: expected pictures [n, h, w, c], got another shape");
  if (matrices.rank != 2 || matrices.shape[0] != x.shape[0] || matrices.shape[1] != 6)
    return refuse(StatusCode::kShape, "image_transform: expected matrices [%lld, 6], got another shape",
                  static_cast<long long>(x.shape[0]));
  if (y.rank != 4) return refuse(StatusCode::kShape, "image_transform: expected an output of four axes, got %d", y.rank);
  for (int axis = 0; axis < 4; ++axis)
    if (y.shape[axis] != x.shape[axis])
      return refuse(StatusCode::kShape, "image_transform: expected an output of the input's shape, got another");
  const ImageTransform& settings = call.as<ImageTransform>();
  if (settings.fill_mode < bilinear::kReflect || settings.fill_mode > bilinear::kNearest)
    return refuse(StatusCode::kArgument, "image_transform: expected fillMode in [0, 3], got %lld",
                  static_cast<long long>(settings.fill_mode));
  return {};
}

inline Status check_draw(const Call& call) noexcept {
  const View& matrices = call.tensors[0];
  if (matrices.rank != 2 || matrices.shape[1] != 6)
    return refuse(StatusCode::kShape, "image_transform: expected matrices [n, 6], got another shape");
  return {};
}

// The two uniform numbers of a sample.
struct Draws {
  float first, second;
};
SAMEBITS_DEVICE inline Draws draws(const TransformDraw& settings, int64_t sample) noexcept {
  const philox::Sequence sequence{static_cast<uint32_t>(settings.seed), static_cast<uint32_t>(settings.seed >> 32),
                                  static_cast<uint32_t>(settings.stream), static_cast<uint32_t>(settings.step)};
  const uint64_t element = 2 * static_cast<uint64_t>(settings.first + sample);
  return {philox::uniform_at(sequence, element), philox::uniform_at(sequence, element + 1)};
}

SAMEBITS_DEVICE inline float between(float low, float high, float u) noexcept { return low + (high - low) * u; }

inline constexpr Contract kForwardContract = contract("image_transform.forward", kForward, fields(kFields), check);
inline constexpr Contract kInputGradientContract =
    contract("image_transform.inputGradient", kInputGradient, fields(kFields), check, {Order::kChain});
inline constexpr Contract kFlipMatricesContract =
    contract("image_transform.flipMatrices", kMatrices, fields(kDrawFields), check_draw);
inline constexpr Contract kRotationMatricesContract =
    contract("image_transform.rotationMatrices", kMatrices, fields(kDrawFields), check_draw);
inline constexpr Contract kZoomMatricesContract =
    contract("image_transform.zoomMatrices", kMatrices, fields(kDrawFields), check_draw);

}  // namespace image_transform
}  // namespace samebits
