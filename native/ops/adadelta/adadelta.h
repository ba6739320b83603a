// adadelta: one step of Adadelta (Zeiler 2012) on a weight, in place, as Keras 3 and PyTorch.
//   s = rho * s + (1 - rho) * (g * g);  d = (sqrt(x + epsilon) * g) / sqrt(s + epsilon)
//   x = rho * x + (1 - rho) * (d * d);  w = w - lr * d
// 1 - rho in double, rounded once. Weight decay as core/weight_decay.h says.
// Every operation is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::adadelta_contract {

struct Settings {
  WeightDecay decay;
  float rho;
  float share;
  float epsilon;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"rho", FieldType::kFloat, offsetof(Settings, rho)},
    {"share", FieldType::kFloat, offsetof(Settings, share)},
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
};

// Running means: `squares` of squared gradients, `steps` of squared steps d. `share` is 1 - rho.
inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), output("squares"), output("steps")};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("adadelta.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::adadelta_contract
