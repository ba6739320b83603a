// rmsprop: one step of RMSprop on a weight, in place.
//   v = rho * v + (1 - rho) * (g * g)
//   centered: a = rho * a + (1 - rho) * g;  d = v - a * a;  otherwise d = v
//   step = (lr * g) / sqrt(d + epsilon), as Keras 3; with epsilonOutside (lr * g) / (sqrt(d) + epsilon), as TensorFlow 2.0 to
//     2.10 without momentum (tf.keras OptimizerV2) and PyTorch
//   momentum: b = m * b + step;  w = w - b;  otherwise w = w - step
// Weight decay as core/weight_decay.h says. Every operation is rounded by itself; 1 - rho in float. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"
#include "core/weight_decay.h"

namespace samebits::rmsprop_contract {

struct Settings {
  WeightDecay decay;
  float rho;
  float momentum;
  float epsilon;
  int64_t epsilon_outside;
};

inline constexpr Field kFields[] = {
    SAMEBITS_WEIGHT_DECAY_FIELDS(Settings),
    {"rho", FieldType::kFloat, offsetof(Settings, rho)},
    {"momentum", FieldType::kFloat, offsetof(Settings, momentum)},
    {"epsilon", FieldType::kFloat, offsetof(Settings, epsilon)},
    {"epsilonOutside", FieldType::kInt, offsetof(Settings, epsilon_outside)},
};

// `velocity` is the running mean of squares; `average` is given when centered, `buffer` when there is momentum.
inline constexpr TensorSlot kUpdate[] = {
    input("gradient"), output("weight"), output("velocity"), optional(output("average")), optional(output("buffer"))};

inline constexpr Contract kUpdateContract =
    multi_tensor(contract("rmsprop.update", kUpdate, fields(kFields), check_elementwise));

}  // namespace samebits::rmsprop_contract
