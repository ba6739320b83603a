// Kernels that do something wrong, run through the shim: `faults` prints a line for each with what the shim says of it.
#include <cuda_runtime.h>

#include <cstdio>

#include "simt/shared.h"

using samebits::simt::Shared;

namespace {

int thread() { return static_cast<int>(threadIdx.x); }

__global__ void tidy(float* out) {
  Shared cells;
  cells.put(thread(), 1.0f);
  __syncthreads();
  const float other = cells.get((thread() + 1) % 64);
  __syncthreads();
  cells.put(thread(), other);
  out[thread()] = cells.get(thread());
}
__global__ void unwritten(float* out) { out[thread()] = Shared().get(thread()); }
// What another block wrote there does not count.
__global__ void unwritten_in_this_block(float* out) {
  Shared cells;
  if (blockIdx.x == 0) cells.put(thread(), 1.0f);
  out[thread()] = cells.get(thread());
}
__global__ void read_race(float* out) {
  Shared cells;
  if (thread() == 0) cells.put(0, 1.0f);
  out[thread()] = cells.get(0);
}
__global__ void write_race(float*) { Shared().put(0, static_cast<float>(thread())); }
__global__ void write_after_read(float* out) {
  Shared cells;
  cells.put(thread(), 1.0f);
  __syncthreads();
  out[thread()] = cells.get((thread() + 1) % 64);
  cells.put(thread(), 2.0f);
}
__global__ void outside(float*) { Shared().put(64, 1.0f); }
__global__ void lonely_barrier(float*) {
  if (thread() < 32) __syncthreads();
}
__global__ void crooked_row(float* out) {
  Shared cells;
  if (thread() == 0)
    for (int i = 0; i < 64; ++i) cells.put(i, 1.0f);
  __syncthreads();
  float row[4];
  cells.get_row(1, row);
  out[thread()] = row[0];
}

void run(const char* name, void (*kernel)(float*)) {
  static float out[64];
  cudaLaunchConfig_t config;
  config.gridDim = dim3(2);
  config.blockDim = dim3(64);
  config.dynamicSmemBytes = 64 * sizeof(float);
  cudaError_t error = cudaLaunchKernelEx(&config, kernel, static_cast<float*>(out));
  if (error == cudaSuccess) error = cudaStreamSynchronize(nullptr);
  std::printf("%s: %s\n", name, cudaGetErrorString(error));
}

}  // namespace

int main() {
  run("tidy", tidy);
  run("unwritten", unwritten);
  run("unwritten in this block", unwritten_in_this_block);
  run("read race", read_race);
  run("write race", write_race);
  run("write after read", write_after_read);
  run("outside", outside);
  run("lonely barrier", lonely_barrier);
  run("crooked row", crooked_row);
  run("tidy again", tidy);
}
