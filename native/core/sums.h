// How the sums of a kernel are split and joined, as its contract states it. docs/contract.md has the rules by number.
#pragma once

#include <cstdint>

namespace samebits {

// Deterministic mode: the rule that the sums follow.
enum class Order : int {
  kNone,             // no sum whose order could be seen: elementwise, a copy, a formula, a draw
  kChain,            // rule 1: one ascending chain for each value
  kPositions,        // rules 2 and 3: chunks of positions of each sample, then the samples
  kSamples,          // rule 3: the samples
  kMemory,           // rule 4: the lanes of each chunk, then the chunks
  kMemoryOfSamples,  // rules 4 and 3: the values of each sample along memory, then the samples
};
inline constexpr const char* kOrderNames[] = {"none", "chain", "positions", "samples", "memory", "memoryOfSamples"};

// Atomic mode on the CPU: what one task of a loop adds to a value.
enum class Part : int {
  kUnknown,      // its number does not tell
  kSample,       // task t: sample t
  kSampleRun,    // consecutive samples, as many in every task: a power of two
  kSampleGroup,  // one of Sums::parts groups of consecutive samples, as even as can be
  kRows,         // several rows of dy, each by itself, through the window that the settings describe
  kChunks,       // Sums::parts chunks of positions, joined in the kernel's own memory, where no arrival can be watched
};
inline constexpr const char* kPartNames[] = {"unknown", "sample", "sampleRun", "sampleGroup", "rows", "chunks"};

struct Sums {
  Order order = Order::kNone;
  Part part = Part::kUnknown;
  int64_t parts = 0;  // for kSampleGroup and kChunks
};

}  // namespace samebits
