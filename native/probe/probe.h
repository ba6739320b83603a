// What the benches hold kernels against: the most this machine can do of one thing, per instruction set.
#pragma once

#include <cstdint>

namespace samebits {

struct Probe {
  float (*fma)(int64_t rounds, float seed) = nullptr;  // independent chains, all in registers
  int64_t flops_per_round = 0;             // a fused multiply-add counts as two
  float (*read)(const float* from, int64_t count) = nullptr;
  void (*write)(float* to, int64_t count) = nullptr;
  void (*copy)(float* to, const float* from, int64_t count) = nullptr;
  void (*triad)(float* to, const float* a, const float* b, int64_t count) = nullptr;  // to = a + 3 b
};

}  // namespace samebits
