// activation: the functions that networks put behind a layer, elementwise; y may be x. Every step is rounded, and exp, expm1, log1p
// and sigmoid are those of core/numerics.h. clip(v, low, high) is min(max(v, low), high) of the contract, so NaN passes.
//   relu         x where x >= threshold, at most ceiling (rule of clipping); below, slope * (x - threshold), +0 where slope is 0.
//                dx: +0 where x >= ceiling, dy where x > threshold, otherwise dy * slope, +0 where slope is 0
//   elu          x > 0 ? scale * x : alpha * expm1(x).        dx: dy * scale where x > 0, otherwise dy * (alpha * exp(x))
//   softplus     log1p(exp(-|x|)) + max(x, 0).                dx: dy * sigmoid(x)
//   swish        x * s, s = sigmoid(x).                       dx: dy * (s * (1 + x * (1 - s)))
//   hardSigmoid  h = clip(x / 6 + 0.5, 0, 1).                 dx: dy / 6 where 0 < h < 1, otherwise +0
//   hardSwish    x * h.                                       dx: dy * (h + x / 6) where 0 < h < 1, otherwise dy * h
//   gelu         x * c, c = normal_cdf(x).                    dx: dy * (c + x * (0.3989422804 * exp(-0.5 * (x * x))))
//   geluTanh     (0.5 * x) * (1 + t), t = tanh(0.7978845608 * (x + 0.044715 * (x * x * x))).
//                dx: dy * (0.5 * (1 + t) + ((0.5 * x) * (1 - t * t)) * (0.7978845608 * (1 + 0.134145 * (x * x))))
//   power        pow(x, exponent) of core/pow.h.              dx: its gradient by x
//   clip         clip(x, low, high).                          dx: dy where low <= x <= high, otherwise +0
// Order: elementwise, no sum. Atomic: the same functions, nothing is ever joined.
#pragma once

#include <cstddef>

#include "core/elementwise.h"
#include "core/fused.h"
#include "core/numerics.h"
#include "core/pow.h"

namespace samebits {

struct EluSettings {
  float scale, alpha;
};
struct PowerSettings {
  float exponent;
};
struct ClipSettings {
  float low, high;
};

namespace activation {

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr TensorSlot kGradient[] = {input("x"), input("dy"), output("dx")};

inline constexpr Field kReluFields[] = {{"slope", FieldType::kFloat, offsetof(ReluSettings, slope)},
                                        {"threshold", FieldType::kFloat, offsetof(ReluSettings, threshold)},
                                        {"ceiling", FieldType::kFloat, offsetof(ReluSettings, ceiling)}};
inline constexpr Field kEluFields[] = {{"scale", FieldType::kFloat, offsetof(EluSettings, scale)},
                                       {"alpha", FieldType::kFloat, offsetof(EluSettings, alpha)}};
inline constexpr Field kPowerFields[] = {{"exponent", FieldType::kFloat, offsetof(PowerSettings, exponent)}};
inline constexpr Field kClipFields[] = {{"low", FieldType::kFloat, offsetof(ClipSettings, low)},
                                        {"high", FieldType::kFloat, offsetof(ClipSettings, high)}};

inline constexpr Contract kReluContract = contract("activation.relu", kForward, fields(kReluFields), check_elementwise);
inline constexpr Contract kReluGradientContract =
    contract("activation.reluGradient", kGradient, fields(kReluFields), check_elementwise);
inline constexpr Contract kEluContract = contract("activation.elu", kForward, fields(kEluFields), check_elementwise);
inline constexpr Contract kEluGradientContract =
    contract("activation.eluGradient", kGradient, fields(kEluFields), check_elementwise);
inline constexpr Contract kSoftplusContract = contract("activation.softplus", kForward, {}, check_elementwise);
inline constexpr Contract kSoftplusGradientContract = contract("activation.softplusGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kSwishContract = contract("activation.swish", kForward, {}, check_elementwise);
inline constexpr Contract kSwishGradientContract = contract("activation.swishGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kHardSigmoidContract = contract("activation.hardSigmoid", kForward, {}, check_elementwise);
inline constexpr Contract kHardSigmoidGradientContract =
    contract("activation.hardSigmoidGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kHardSwishContract = contract("activation.hardSwish", kForward, {}, check_elementwise);
inline constexpr Contract kHardSwishGradientContract =
    contract("activation.hardSwishGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kGeluContract = contract("activation.gelu", kForward, {}, check_elementwise);
inline constexpr Contract kGeluGradientContract = contract("activation.geluGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kGeluTanhContract = contract("activation.geluTanh", kForward, {}, check_elementwise);
inline constexpr Contract kGeluTanhGradientContract = contract("activation.geluTanhGradient", kGradient, {}, check_elementwise);
inline constexpr Contract kPowerContract = contract("activation.power", kForward, fields(kPowerFields), check_elementwise);
inline constexpr Contract kPowerGradientContract =
    contract("activation.powerGradient", kGradient, fields(kPowerFields), check_elementwise);
inline constexpr Contract kClipContract = contract("activation.clip", kForward, fields(kClipFields), check_elementwise);
inline constexpr Contract kClipGradientContract =
    contract("activation.clipGradient", kGradient, fields(kClipFields), check_elementwise);

}  // namespace activation

// One value of each function and its gradient, for both compilers; the CPU's loops make vectors of them. Those that a kernel can apply in
// its own pass stand in core/fused.h.
namespace activation_of {

struct Elu {
  using Settings = EluSettings;
  SAMEBITS_HD float value(Settings s, float x) { return x > 0.0f ? s.scale * x : s.alpha * numerics::expm1(x); }
  SAMEBITS_HD float gradient(Settings s, float x, float dy) {
    return x > 0.0f ? dy * s.scale : dy * (s.alpha * numerics::exp(x));
  }
};
struct Softplus {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) {
    return numerics::log1p(numerics::exp(x < 0.0f ? x : -x)) + (x < 0.0f ? 0.0f : x);
  }
  SAMEBITS_HD float gradient(Settings, float x, float dy) { return dy * numerics::sigmoid(x); }
};
struct Swish {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return x * numerics::sigmoid(x); }
  SAMEBITS_HD float gradient(Settings, float x, float dy) {
    const float s = numerics::sigmoid(x);
    return dy * (s * (1.0f + x * (1.0f - s)));
  }
};
struct Gelu {
  using Settings = NoSettings;
  SAMEBITS_HD float value(Settings, float x) { return x * numerics::normal_cdf(x); }
  SAMEBITS_HD float gradient(Settings, float x, float dy) {
    const float density = 0.3989422804f * numerics::exp(-0.5f * (x * x));
    return dy * (numerics::normal_cdf(x) + x * density);
  }
};
struct GeluTanh {
  using Settings = NoSettings;
  SAMEBITS_HD float bend(float x) { return numerics::tanh(0.7978845608f * (x + 0.044715f * (x * x * x))); }
  SAMEBITS_HD float value(Settings, float x) { return 0.5f * x * (1.0f + bend(x)); }
  SAMEBITS_HD float gradient(Settings, float x, float dy) {
    const float t = bend(x), slope = 0.7978845608f * (1.0f + 0.134145f * (x * x));
    return dy * (0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * slope);
  }
};
struct Power {
  using Settings = PowerSettings;
  SAMEBITS_HD float value(Settings s, float x) { return numerics::pow(x, s.exponent); }
  SAMEBITS_HD float gradient(Settings s, float x, float dy) { return numerics::pow_base_gradient(x, s.exponent, dy); }
};
struct Clip {
  using Settings = ClipSettings;
  SAMEBITS_HD float value(Settings s, float x) { return clip(x, s.low, s.high); }
  SAMEBITS_HD float gradient(Settings s, float x, float dy) { return x >= s.low && x <= s.high ? dy : 0.0f; }
};

}  // namespace activation_of
}  // namespace samebits
