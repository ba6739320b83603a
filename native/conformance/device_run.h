// Runs cases on the device of this build and compares them with what the CPU is expected to give.
#pragma once

#include <string>
#include <vector>

#include "conformance/case_file.h"

namespace samebits::conformance {

struct DeviceRun {
  int runs = 5;       // of each case in each mode
  int every = 1;      // every how many-th case is run
  int from = 0;       // the first one, counted from 0
  std::string only;   // a case by its title or number; empty: all
};

enum class DeviceVerdict { kSame, kDifferent, kLost };

// Deterministic mode must give the expected digest in every run; atomic mode must come close in every run. The first line says
// how many cases are `wanted`. Each case ends with one JSON line, flushed: its number and title, how many runs were `same`, how many in atomic mode were `close` (null
// where it is not run in it), how many bit patterns those had, and what was wrong, in words. A case that throws is a
// wrong one; after one that the device does not survive nothing else can be run in this process (kLost). The last line is
// the target. Throws std::runtime_error where there is no device, and where no case is chosen.
DeviceVerdict run_device(const std::vector<Case>& cases, const DeviceRun& how);

}  // namespace samebits::conformance
