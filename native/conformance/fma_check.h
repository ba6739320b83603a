// Compares exact_fma, which builds and processors without the instruction use, with the instruction.
#pragma once

#include <cstdint>

namespace samebits::conformance {

// Prints one JSON line over `count` triples of `seed`, with how often rounding twice would have differed, by the kind
// of triple. 0 when all results are the same bits, 1 when any differs, 3 when this processor has no fused multiply-add.
int check_fma(uint64_t count, uint64_t seed);

}  // namespace samebits::conformance
