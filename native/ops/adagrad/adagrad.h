// adagrad: one step of Adagrad (Duchi, Hazan and Singer 2011) on a weight, in place.
//   s = s + g * g;  w = w - (lr * g) / sqrt(s + epsilon), as Keras 3; with epsilonOutside / (sqrt(s) + epsilon), as PyTorch
// Weight decay as core/weight_decay.h says.
// Every operation is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::adagrad_contract {

struct Settings {
  WeightDecay decay;
  float epsilon;
  int64_t epsilon_outside;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
    {"epsilonOutside", FieldType::kInt, offsetof(Settings, epsilon_outside)},
};

inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), output("accumulator")};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("adagrad.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::adagrad_contract
