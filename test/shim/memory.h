// The memory of the shim's device, pinned memory and handles: what was taken and not yet given back. Memory that is given back
// twice ends the process.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace shim {

cudaError_t take_device(void** memory, size_t bytes);
cudaError_t give_back_device(void* memory);
size_t device_bytes();

cudaError_t take_pinned(void** memory, size_t bytes);
cudaError_t give_back_pinned(void* memory);
bool is_pinned(const void* memory);

void count_handle(int more);  // of streams, pools and events; 1: one was made, -1: one was destroyed

// Blocks, pieces of pinned memory and handles that are still there.
size_t left();

}  // namespace shim
