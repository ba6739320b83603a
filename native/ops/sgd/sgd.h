// sgd: one step of gradient descent on a weight, in place, with the velocity when momentum is used.
//   plain:     w = w - lr * g
//   momentum:  v = m * v - lr * g;  w = w + v;  Nesterov: w = (w + m * v) - lr * g, as Keras 3
//   momentum with velocityOfGradients, as PyTorch:  v = m * v + g;  w = w - lr * v;  Nesterov: w = w - lr * (g + m * v)
// Weight decay as core/weight_decay.h says. Every product, sum and difference is rounded by itself. Order: elementwise. Atomic: the same
// function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::sgd_contract {

struct Settings {
  WeightDecay decay;
  float momentum;
  int64_t nesterov;
  int64_t velocity_of_gradients;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"momentum", FieldType::kFloat, offsetof(Settings, momentum)},
    {"nesterov", FieldType::kInt, offsetof(Settings, nesterov)},
    {"velocityOfGradients", FieldType::kInt, offsetof(Settings, velocity_of_gradients)},
};

inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), optional(output("velocity"))};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("sgd.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::sgd_contract
