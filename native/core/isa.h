// The instruction sets a CPU body is compiled for. The order is from the referee to the fastest.
#pragma once

namespace samebits {

enum class Isa : int { kScalar = 0, kAvx2 = 1, kAvx512 = 2, kNeon = 3 };
inline constexpr int kIsaCount = 4;
inline constexpr const char* kIsaNames[kIsaCount] = {"scalar", "avx2", "avx512", "neon"};

}  // namespace samebits
