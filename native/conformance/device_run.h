// Runs cases on the device of this build and compares them with what the CPU is expected to give.
#pragma once

#include <vector>

#include "conformance/case_file.h"

namespace samebits::conformance {

struct DeviceRun {
  int runs = 5;   // of each case in each mode
  int every = 1;  // every how many-th case is run
};

// Deterministic mode must give the expected digest in every run; atomic mode must come close in every run. Says which
// cases do not and where, then one JSON line: target, cases, same, inAtomic, close, and differing, the number of cases
// whose runs in atomic mode were not all the same bits. Returns how many cases fail. Throws std::runtime_error where
// there is no device, and when a kernel refuses.
int run_device(const std::vector<Case>& cases, const DeviceRun& how);

}  // namespace samebits::conformance
