// adamax: one step of Adamax (Kingma and Ba 2015, section 7.1) on a weight, in place, as Keras 3 orders it.
//   m = m + (g - m) * (1 - beta1);  u = max(beta2 * u, |g|);  w = w - (lr * m) / (correction * (u + epsilon))
// Whoever calls it computes correction = 1 - beta1^t and 1 - beta1 in double, rounded once. The larger of two values is the
// first NaN, and beta2 * u of two that are equal. Weight decay as core/weight_decay.h says.
// Every operation is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::adamax_contract {

struct Settings {
  WeightDecay decay;
  float first_share;
  float beta2;
  float correction;
  float epsilon;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"firstShare", FieldType::kFloat, offsetof(Settings, first_share)},
    {"beta2", FieldType::kFloat, offsetof(Settings, beta2)},
    {"correction", FieldType::kFloat, offsetof(Settings, correction)},
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
};

// `firstShare` is 1 - beta1.
inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), output("momentum"), output("norm")};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("adamax.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::adamax_contract
