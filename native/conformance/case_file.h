// The cases that test/conformance/export_cases.ts writes: per case what the library does at its door, in order. Memory
// is taken, values are written, kernels are called, results are read. The file holds no result but the digest expected.
//
//   samebits cases 1
//   case <expected digest> <tolerance> <title>      tolerance: how far atomic mode may be off; "none": not run in it
//   memory <bytes>                                  the next buffer of the case, counted from 0
//   write <buffer> <bytes>                          and that many bytes behind the end of the line, then an empty line
//   call <kernel>                                   followed by its tensors and settings, then "run"
//   tensor <buffer> <first element> [<shape>]       or "none" for an optional one that is not given
//   set <field> <value>
//   run
//   result <name> <buffer> [<shape>]                float32 values that go into the digest
//   end
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "core/kernel.h"

namespace samebits::conformance {

struct Write {
  int buffer;
  std::string bytes;
};

struct Argument {
  int buffer = -1;  // -1: not given
  size_t offset = 0;
  std::vector<int64_t> shape;
};

struct KernelCall {
  const Kernel* kernel = nullptr;
  std::vector<Argument> tensors;
  alignas(16) std::byte settings[kMaxSettingsBytes] = {};
};

struct Result {
  std::string name;
  Argument tensor;
};

struct Case {
  std::string title, expected;
  bool in_atomic = false;
  float tolerance = 0;
  std::vector<size_t> buffers;  // their sizes in bytes
  std::vector<std::variant<Write, KernelCall, Result>> steps;
};

// Throws std::runtime_error, worded `<file>: expected <what>, got <value>`, for anything that is not as above.
std::vector<Case> read_cases(const std::string& path);

}  // namespace samebits::conformance
