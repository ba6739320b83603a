// How a CUDA kernel is started: every launch of every .cu goes through `launch`, which is plain C++ to any compiler, so
// that the tests can compile the same sources without nvcc and run them on the CPU (test/shim).
#pragma once

#include <cuda_runtime.h>

#include <type_traits>

#include "core/device.h"
#include "core/kernel.h"
#include "core/order.h"
#include "simt/column.h"

namespace samebits::simt {

// What a launch needs of the runtime besides scratch memory: all work of a runtime is ordered by its one stream.
class DeviceContext : public Context {
 public:
  virtual cudaStream_t stream() const noexcept = 0;
  // What became of a launch, where somebody waits for it to end.
  virtual Status launched(int64_t, int) const noexcept { return {}; }
};

// For programs without a runtime: the default stream, and no scratch memory.
class DefaultStream final : public DeviceContext {
 public:
  cudaStream_t stream() const noexcept override { return nullptr; }
  void* scratch(size_t) noexcept override { return nullptr; }
  int workers() const noexcept override { return 1; }
  void parallel(int64_t, Body, void*) noexcept override {}
};

inline constexpr int kThreads = 256;  // of a block where the kernel does not say otherwise

SAMEBITS_DEVICE inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
SAMEBITS_DEVICE inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

inline cudaStream_t stream_of(const Call& call) noexcept {
  return static_cast<const DeviceContext*>(call.context)->stream();
}

inline Status check_cuda(const char* what, cudaError_t error) noexcept {
  if (error == cudaSuccess) return {};
  return refuse(StatusCode::kDevice, "cuda: expected %s to succeed, got %s", what, cudaGetErrorString(error));
}

inline Status out_of_memory(const char* who) noexcept {
  return refuse(StatusCode::kMemory, "%s: expected scratch memory on the device, got none", who);
}

// Starts `blocks` blocks of `threads` threads with `shared` bytes of shared memory each; nothing at all for no blocks.
template <class... Parameters>
Status launch(const Call& call, void (*kernel)(Parameters...), int64_t blocks, int threads, size_t shared,
              std::type_identity_t<Parameters>... arguments) noexcept {
  if (blocks <= 0) return {};
  if (blocks > 0x7fffffff)
    return refuse(StatusCode::kArgument, "cuda: expected at most 2147483647 blocks, got %lld",
                  static_cast<long long>(blocks));
  cudaLaunchConfig_t config = {};
  config.gridDim = dim3(static_cast<unsigned>(blocks));
  config.blockDim = dim3(static_cast<unsigned>(threads));
  config.dynamicSmemBytes = shared;
  config.stream = stream_of(call);
  const cudaError_t error = cudaLaunchKernelEx(&config, kernel, arguments...);
  if (error != cudaSuccess)
    return refuse(StatusCode::kDevice, "cuda: expected a launch of %lld blocks of %d threads to succeed, got %s",
                  static_cast<long long>(blocks), threads, cudaGetErrorString(error));
  return static_cast<const DeviceContext*>(call.context)->launched(blocks, threads);
}

// The number of this thread in the whole grid.
__device__ inline int64_t thread_number() { return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; }

template <class F>
__global__ void each_kernel(int64_t n, F f) {
  const int64_t i = thread_number();
  if (i < n) f(i);
}

// f(i) for every i below n, a thread each: elementwise kernels, and gathers with one owner per output.
template <class F>
Status each(const Call& call, int64_t n, F f) noexcept {
  return launch(call, each_kernel<F>, ceil_div(n, kThreads), kThreads, 0, n, f);
}

}  // namespace samebits::simt
