// dropout: y = x * scale where u(i) >= rate, otherwise +0. scale = 1 / (1 - rate) in float; u(i) is uniform i of the
// Philox sequence (seed, stream, step). Gradient: the same kernel on dy; y may be x.
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/elementwise.h"
#include "core/philox.h"

namespace samebits::dropout_contract {

struct Settings {
  float rate = 0;
  uint64_t seed = 0;
  int64_t stream = 0, step = 0;
};

inline constexpr TensorSlot kForward[] = {input("x"), output("y")};
inline constexpr Field kFields[] = {{"rate", FieldType::kFloat, offsetof(Settings, rate)},
                                    {"seed", FieldType::kSeed, offsetof(Settings, seed)},
                                    {"stream", FieldType::kInt, offsetof(Settings, stream)},
                                    {"step", FieldType::kInt, offsetof(Settings, step)}};

inline constexpr Contract kForwardContract = contract("dropout.forward", kForward, fields(kFields), check_elementwise);

}  // namespace samebits::dropout_contract
