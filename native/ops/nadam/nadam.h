// nadam: one step of Nadam (Dozat 2016) on a weight, in place, as Keras 3 orders it.
//   m = m + (g - m) * (1 - beta1);  v = v + (g * g - v) * (1 - beta2)
//   w = w - ((meanFactor * m + gradientFactor * g) * lr) / (sqrt(v / correction) + epsilon)
// Whoever calls it computes the factors in double, rounded once, from u_t = beta1 * (1 - 0.5 * 0.96^t) and U_t = u_1 * ... * u_t:
// meanFactor = u_(t+1) / (1 - U_(t+1)), gradientFactor = (1 - u_t) / (1 - U_t), correction = 1 - beta2^t. Keras multiplies and divides
// m and g in place of taking factors. Weight decay as core/weight_decay.h says.
// Every operation is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::nadam_contract {

struct Settings {
  WeightDecay decay;
  float first_share;
  float second_share;
  float mean_factor;
  float gradient_factor;
  float correction;
  float epsilon;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"firstShare", FieldType::kFloat, offsetof(Settings, first_share)},
    {"secondShare", FieldType::kFloat, offsetof(Settings, second_share)},
    {"meanFactor", FieldType::kFloat, offsetof(Settings, mean_factor)},
    {"gradientFactor", FieldType::kFloat, offsetof(Settings, gradient_factor)},
    {"correction", FieldType::kFloat, offsetof(Settings, correction)},
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
};

// `firstShare` and `secondShare` are 1 - beta1 and 1 - beta2.
inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), output("momentum"), output("velocity")};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("nadam.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::nadam_contract
