// clip_gradient: y is the gradient x, held to a limit; y may be x.
//   value:  y = x where -limit <= x <= limit, otherwise the end that is nearer; NaN stays
//   norm:   of one weight's gradient with norm r: y = (x * limit) / larger(r, limit), as Keras's clipnorm
//   globalNorm: of all gradients together with norm r: y = x * s, s = limit * smaller(1 / r, 1 / limit) + (r - r), as Keras's
//           global_clipnorm; the last term makes s NaN where r is not finite
// The norm [1] is computed before, by multiply, sum, add in the order of the weights, and sqrt. Every operation is rounded by itself.
// Order: elementwise. Atomic: the same functions.
#pragma once

#include "core/elementwise.h"
#include "core/numerics.h"

namespace samebits::clip_gradient_contract {

struct Settings {
  float limit;
};

inline constexpr Field kFields[] = {{"limit", FieldType::kFloat, offsetof(Settings, limit)}};

// What every gradient is multiplied by when all of them together have this norm.
SAMEBITS_HD float scale_of(float norm, float limit) {
  const float share = 1.0f / norm, most = 1.0f / limit;
  return limit * (share < most ? share : most) + (norm - norm);
}

inline Status check_norm(const Call& call) noexcept {
  if (call.tensors[1].size() != 1)
    return refuse(StatusCode::kShape, "clip_gradient: expected a norm of 1 value, got %lld",
                  static_cast<long long>(call.tensors[1].size()));
  if (call.tensors[2].size() != call.tensors[0].size())
    return refuse(StatusCode::kShape, "clip_gradient: expected %lld values in y, got %lld",
                  static_cast<long long>(call.tensors[0].size()), static_cast<long long>(call.tensors[2].size()));
  return {};
}

inline constexpr TensorSlot kByValue[] = {input("x"), output("y")};
inline constexpr TensorSlot kByNorm[] = {input("x"), input("norm"), output("y")};

inline constexpr Contract kValueContract =
    multi_tensor(contract("clip_gradient.value", kByValue, fields(kFields), check_elementwise));
inline constexpr Contract kNormContract =
    multi_tensor(contract("clip_gradient.norm", kByNorm, fields(kFields), check_norm));
inline constexpr Contract kGlobalNormContract =
    multi_tensor(contract("clip_gradient.globalNorm", kByNorm, fields(kFields), check_norm));

}  // namespace samebits::clip_gradient_contract
