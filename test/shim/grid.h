// What the parts of the shim share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shim {

inline constexpr int kMostThreads = 1024;

int current_thread();
uint64_t current_epoch();                              // counts barriers, over all blocks
void begin_block(size_t shared_bytes, uint64_t epoch);  // shared memory is as if never written
const char* first_fault();                             // empty when there was none
void clear_faults();

}  // namespace shim
