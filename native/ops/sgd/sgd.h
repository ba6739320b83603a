// sgd: one step of gradient descent on a weight, in place, with the velocity when momentum is used.
//   plain:     w = w - lr * g
//   momentum:  v = m * v - lr * g;  w = w + v;  Nesterov: w = (w + m * v) - lr * g
// Every product, sum and difference is rounded by itself. Order: elementwise. Atomic: the same function.
#pragma once

#include "core/elementwise.h"

namespace samebits::sgd_contract {

struct Settings {
  float learning_rate;
  float momentum;
  int64_t nesterov;
};

inline constexpr Field kFields[] = {
    {"learningRate", FieldType::kFloat, offsetof(Settings, learning_rate)},
    {"momentum", FieldType::kFloat, offsetof(Settings, momentum)},
    {"nesterov", FieldType::kInt, offsetof(Settings, nesterov)},
};

inline constexpr TensorSlot kUpdate[] = {input("gradient"), output("weight"), optional(output("velocity"))};

inline constexpr Contract kUpdateContract = contract("sgd.update", kUpdate, fields(kFields), check_elementwise);

}  // namespace samebits::sgd_contract
