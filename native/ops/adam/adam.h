// adam: one step of Adam (Kingma and Ba 2015) on a weight, in place, as Keras 3 orders it.
//   m = m + (g - m) * (1 - beta1);  v = v + (g * g - v) * (1 - beta2);  AMSGrad: a = max(a, v), which stands for v below
//   w = w - (m * stepSize) / (sqrt(v) + epsilon)
// Whoever calls it computes stepSize = lr * sqrt(1 - beta2^t) / (1 - beta1^t), 1 - beta1 and 1 - beta2 in double, rounded once. The
// larger of two values is the first NaN, and of two zeros the one that was there. Weight decay as core/weight_decay.h says.
// Every operation is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::adam_contract {

struct Settings {
  WeightDecay decay;
  float step_size;
  float first_share;
  float second_share;
  float epsilon;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"stepSize", FieldType::kFloat, offsetof(Settings, step_size)},
    {"firstShare", FieldType::kFloat, offsetof(Settings, first_share)},
    {"secondShare", FieldType::kFloat, offsetof(Settings, second_share)},
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
};

// `firstShare` and `secondShare` are 1 - beta1 and 1 - beta2; `maximum` is given for AMSGrad.
inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), output("momentum"), output("velocity"), optional(output("maximum"))};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("adam.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::adam_contract
