// Runs one case on one runtime, as the file says: every kernel through the kernel table and the runtime that calls it.
#pragma once

#include <string>
#include <vector>

#include "conformance/case_file.h"
#include "runtime/runtime.h"

namespace samebits::conformance {

struct Outcome {
  std::string digest;  // over the results as docs/contract.md hashes tensors
  std::vector<std::vector<float>> results;
};

// In which way the calls are given to the runtime: each at once, with all memory kept to the end of the case; or those that go
// sample by sample gathered in rows, and memory let go behind the last step that names it, as a training does.
enum class Way { kPlain, kRows };

// Throws std::runtime_error when a kernel refuses, or memory is out.
Outcome replay(Runtime& runtime, const Case& one, Way way = Way::kPlain);

// Whether every value is within `tolerance` of the reference, relative to the largest finite magnitude of that result; NaN and
// infinities must be where the reference has them.
bool close_to(const Outcome& got, const Outcome& reference, float tolerance);

}  // namespace samebits::conformance
