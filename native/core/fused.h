// Activations of a few instructions, and how a kernel is told to apply one to its result in the pass that writes it. The bits are those
// of the activation's own operation behind it. z is what goes in, y what comes out:
//   none         z.                                             dz: dy
//   relu         +0 where z < 0, otherwise z.                   dz: dy where z > 0, otherwise +0
//   with options z where z >= threshold, at most ceiling (rule of clipping); below, slope * (z - threshold), +0 where slope is 0.
//                dz: +0 where z >= ceiling, dy where z > threshold, otherwise dy * slope, +0 where slope is 0
//   hardSigmoid  h = clip(z / 6 + 0.5, 0, 1).                   dz: dy / 6 where 0 < h < 1, otherwise +0
//   hardSwish    z * h.                                         dz: dy * (h + z / 6) where 0 < h < 1, otherwise dy * h
// conv2d and dense take the first three, whose gradients have the same bits from y as from z, so that z need not be kept: with options
// where slope and threshold are >= 0, and ceiling > 0 unless slope is 0. batch_norm computes z again in its gradients and takes all.
#pragma once

#include <cstddef>

#include "core/kernel.h"
#include "core/numerics.h"

namespace samebits {

struct ReluSettings {
  float slope, threshold, ceiling;
};

// One value of each function and its gradient, for both compilers; the CPU's kernels have vectors of them in simd/fused.h.
namespace activation_of {

struct NoSettings {};

SAMEBITS_HD float clip(float x, float low, float high) {
  const float raised = x < low ? low : x;
  return raised > high ? high : raised;
}
SAMEBITS_HD float hard_sigmoid(float x) { return clip(x / 6.0f + 0.5f, 0.0f, 1.0f); }

struct None {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return x; }
  SAMEBITS_HD float gradient(Settings, float, float dy) { return dy; }
};
struct PlainRelu {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return x < 0.0f ? 0.0f : x; }
  SAMEBITS_HD float gradient(Settings, float x, float dy) { return x > 0.0f ? dy : 0.0f; }
};
struct Relu {
  using Settings = ReluSettings;
  SAMEBITS_HD float value(Settings s, float x) {
    const float below = s.slope == 0.0f ? 0.0f : s.slope * (x - s.threshold);
    return x < s.threshold ? below : (x > s.ceiling ? s.ceiling : x);
  }
  SAMEBITS_HD float gradient(Settings s, float x, float dy) {
    const float below = s.slope == 0.0f ? 0.0f : dy * s.slope;
    return x >= s.ceiling ? 0.0f : (x > s.threshold ? dy : below);
  }
};
struct HardSigmoid {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return hard_sigmoid(x); }
  SAMEBITS_HD float gradient(Settings, float x, float dy) {
    const float h = hard_sigmoid(x);
    return h > 0.0f && h < 1.0f ? dy / 6.0f : 0.0f;
  }
};
struct HardSwish {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return x * hard_sigmoid(x); }
  SAMEBITS_HD float gradient(Settings, float x, float dy) {
    const float h = hard_sigmoid(x);
    return dy * (h > 0.0f && h < 1.0f ? h + x / 6.0f : h);
  }
};

}  // namespace activation_of

namespace fused {

inline constexpr int64_t kNone = 0, kRelu = 1, kWithOptions = 2, kHardSigmoid = 3, kHardSwish = 4;

}  // namespace fused

// The activation that a kernel applies, as the member `fused` of its settings.
struct Fused {
  int64_t activation;  // one of namespace fused
  ReluSettings options;
};

#define SAMEBITS_FUSED_FIELDS(SETTINGS)                                                                                        \
  {"activation", FieldType::kInt, offsetof(SETTINGS, fused) + offsetof(Fused, activation)},                                    \
  {"slope", FieldType::kFloat, offsetof(SETTINGS, fused) + offsetof(Fused, options) + offsetof(ReluSettings, slope)},          \
  {"threshold", FieldType::kFloat, offsetof(SETTINGS, fused) + offsetof(Fused, options) + offsetof(ReluSettings, threshold)},  \
  {"ceiling", FieldType::kFloat, offsetof(SETTINGS, fused) + offsetof(Fused, options) + offsetof(ReluSettings, ceiling)}

// Refuses an activation that the kernel does not know; `last` is the last it knows.
inline Status check_fused(const char* who, const Fused& applied, int64_t last) noexcept {
  if (applied.activation >= fused::kNone && applied.activation <= last) return {};
  return refuse(StatusCode::kArgument, "%s: expected activation from 0 to %lld, got %lld", who, static_cast<long long>(last),
                static_cast<long long>(applied.activation));
}

}  // namespace samebits
