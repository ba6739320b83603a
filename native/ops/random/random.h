// random: fills y with the numbers of one Philox sequence; element i takes word i mod 4 of block i div 4.
//   uniform  y = low + (high - low) * u, u = (word >> 8) * 2^-24; each step rounded
//   normal   y = mean + stddev * n, n by Box and Muller from word pairs; each step rounded
// Order: elementwise, no sum. Atomic: the same function, nothing is ever joined.
#pragma once

#include "core/kernel.h"
#include "core/philox.h"

namespace samebits::random_contract {

struct Settings {
  float shift = 0;  // uniform: low; normal: mean
  float scale = 0;  // uniform: high (the width is taken in the kernel); normal: stddev
  uint64_t seed = 0;
  int64_t stream = 0, step = 0;

  philox::Sequence sequence() const noexcept {
    return philox::sequence(seed, static_cast<uint32_t>(stream), static_cast<uint32_t>(step));
  }
};

inline constexpr TensorSlot kFill[] = {output("y")};
inline constexpr Field kUniformFields[] = {{"low", FieldType::kFloat, offsetof(Settings, shift)},
                                           {"high", FieldType::kFloat, offsetof(Settings, scale)},
                                           {"seed", FieldType::kSeed, offsetof(Settings, seed)},
                                           {"stream", FieldType::kInt, offsetof(Settings, stream)},
                                           {"step", FieldType::kInt, offsetof(Settings, step)}};
inline constexpr Field kNormalFields[] = {{"mean", FieldType::kFloat, offsetof(Settings, shift)},
                                          {"stddev", FieldType::kFloat, offsetof(Settings, scale)},
                                          {"seed", FieldType::kSeed, offsetof(Settings, seed)},
                                          {"stream", FieldType::kInt, offsetof(Settings, stream)},
                                          {"step", FieldType::kInt, offsetof(Settings, step)}};

// Any y and any settings are safe: the kernel writes y and reads nothing.
inline Status check(const Call&) noexcept { return {}; }

inline constexpr Contract kUniformContract = contract("random.uniform", kFill, fields(kUniformFields), check);
inline constexpr Contract kNormalContract = contract("random.normal", kFill, fields(kNormalFields), check);

}  // namespace samebits::random_contract
