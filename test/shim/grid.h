// What the parts of the shim share.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

namespace shim {

inline constexpr int kMostThreads = 1024;

int current_thread();
uint64_t current_epoch();                              // counts barriers, over all blocks
void begin_block(size_t shared_bytes, uint64_t epoch);  // shared memory is as if never written
const char* first_fault();                             // empty when there was none
void clear_faults();

// Does a piece of work; an error where it is noted that something was wrong with it.
template <class F>
cudaError_t watched(F work) {
  clear_faults();
  work();
  return first_fault()[0] == 0 ? cudaSuccess : cudaErrorLaunchFailure;
}

}  // namespace shim
