// Kernels that use global memory wrongly, or undefined arithmetic, run through a recording build of the shim: a line for each
// with what is said of it. `recorded_faults host` looks into the device's memory from the host instead.
#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "simt/launch.h"

using samebits::simt::thread_number;

namespace {

constexpr int kBlocks = 2, kOfBlock = 32, kAll = kBlocks * kOfBlock;

// Both have kAll floats.
__global__ void tidy(const float* x, float* y) {
  const int64_t i = thread_number();
  y[i] = x[i] + x[(i + 1) % kAll];
}
// Threads of a block may hand values on through global memory, behind a barrier.
__global__ void handed_on(const float* x, float* y) {
  const int64_t i = thread_number();
  y[i] = x[i];
  __syncthreads();
  const float next = y[blockIdx.x * kOfBlock + (threadIdx.x + 1) % kOfBlock];
  __syncthreads();
  y[i] = next;
}
__global__ void added(const float* x, float* y) {
  atomicAdd(y, x[thread_number()]);
}
__global__ void unwritten(const float*, float* y) {
  const int64_t i = thread_number();
  y[i] = y[i] + 1.0f;
}
__global__ void written_by_two_blocks(const float* x, float* y) { y[threadIdx.x] = x[thread_number()]; }
__global__ void written_by_two_threads(const float* x, float* y) { y[blockIdx.x] = x[thread_number()]; }
__global__ void read_from_another_block(const float* x, float* y) {
  const int64_t i = thread_number();
  if (blockIdx.x == 0)
    y[i] = x[i];
  else
    y[i] = y[i - kOfBlock];
}
// Each block reads what the other one writes: no order of blocks is right, and in each the reads come first.
__global__ void written_behind_a_read(float* x, float*) {
  const int64_t i = thread_number(), other = (i + kOfBlock) % kAll;
  if (blockIdx.x == 0)
    x[i] = x[other];
  else
    x[i] = 1.0f;
}
__global__ void read_without_a_barrier(const float* x, float* y) {
  const int64_t i = thread_number();
  y[i] = x[i];
  y[i] = y[i ^ 1];
}
__global__ void behind_the_end(const float* x, float* y) {
  const int64_t i = thread_number();
  y[i] = x[i + 1];
}
__global__ void before_the_begin(const float* x, float* y) { y[thread_number() - 1] = x[0]; }
__global__ void added_beside_a_read(const float* x, float* y) {
  if (blockIdx.x == 0)
    atomicAdd(y, x[threadIdx.x]);
  else
    y[kOfBlock + threadIdx.x] = y[0];
}
__global__ void added_to_nothing(const float* x, float* y) { atomicAdd(y + 1, x[thread_number()]); }
__global__ void bytes_beside_each_other(const float*, float* y) {
  const int64_t i = thread_number();
  reinterpret_cast<unsigned char*>(y)[i] = static_cast<unsigned char>(i);
}
__global__ void overflow(const float*, float* y) {
  const int much = 2147483647 - static_cast<int>(blockIdx.x);
  y[thread_number()] = static_cast<float>(much + static_cast<int>(blockDim.x));
}

float* taken(size_t count) {
  void* memory = nullptr;
  cudaMalloc(&memory, count * sizeof(float));
  return static_cast<float*>(memory);
}

// All of `x` is written before, and so many floats of `y`.
void run(const char* name, void (*kernel)(const float*, float*), size_t written = kAll) {
  float* x = taken(kAll);
  float* y = taken(kAll);
  cudaMemsetAsync(x, 0, kAll * sizeof(float), nullptr);
  cudaMemsetAsync(y, 0, written * sizeof(float), nullptr);
  cudaLaunchConfig_t config;
  config.gridDim = dim3(kBlocks);
  config.blockDim = dim3(kOfBlock);
  cudaError_t error = cudaLaunchKernelEx(&config, kernel, static_cast<const float*>(x), static_cast<float*>(y));
  if (error == cudaSuccess) error = cudaStreamSynchronize(nullptr);
  std::printf("%s: %s\n", name, cudaGetErrorString(error));
  cudaFree(x);
  cudaFree(y);
}

void after_its_time() {
  float* x = taken(kAll);
  float* y = taken(kAll);
  cudaMemsetAsync(x, 0, kAll * sizeof(float), nullptr);
  cudaFree(x);
  cudaLaunchConfig_t config;
  config.gridDim = dim3(1);
  config.blockDim = dim3(kOfBlock);
  cudaLaunchKernelEx(&config, tidy, static_cast<const float*>(x), static_cast<float*>(y));
  std::printf("after its time: %s\n", cudaGetErrorString(cudaStreamSynchronize(nullptr)));
}

void copies() {
  float* x = taken(2);
  float to[2];
  cudaMemsetAsync(x, 0, sizeof(float), nullptr);
  std::printf("copy: %s\n", cudaGetErrorString(cudaMemcpyAsync(to, x, sizeof(float), cudaMemcpyDeviceToHost, nullptr)));
  std::printf("copy of what nothing wrote: %s\n",
              cudaGetErrorString(cudaMemcpyAsync(to, x, sizeof to, cudaMemcpyDeviceToHost, nullptr)));
  cudaMemsetAsync(x, 0, 3 * sizeof(float), nullptr);
  std::printf("fill behind the end: %s\n", cudaGetErrorString(cudaStreamSynchronize(nullptr)));
}

}  // namespace

int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (count > 1 && std::strcmp(words[1], "host") == 0) {
    float* x = taken(1);
    *x = 1.0f;
    std::printf("nobody noticed: %g\n", static_cast<double>(*x));
    return 0;
  }
  if (count > 1 && std::strcmp(words[1], "overflow") == 0) return run("overflow", overflow), 0;
  run("tidy", tidy, 0);
  run("handed on", handed_on, 0);
  run("added", added);
  run("bytes beside each other", bytes_beside_each_other);
  run("unwritten", unwritten, 1);
  run("written by two blocks", written_by_two_blocks);
  run("written by two threads", written_by_two_threads);
  run("read from another block", read_from_another_block);
  run("written behind a read", [](const float* x, float* y) { written_behind_a_read(const_cast<float*>(x), y); });
  run("read without a barrier", read_without_a_barrier);
  run("behind the end", behind_the_end);
  run("before the begin", before_the_begin);
  run("added beside a read", added_beside_a_read);
  run("added to nothing", added_to_nothing, 1);
  after_its_time();
  copies();
  run("tidy again", tidy);
}
