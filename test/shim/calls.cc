// The calls of the CUDA runtime on a machine without one. Fresh memory is filled with NaNs whose bytes differ (as runtime/memory.h
// does in tests), so that what a kernel reads before it is written shows in its results. What the stream is asked for is done
// when somebody waits (stream.h); each call fails where a test plans it.
#include <cuda_runtime.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <vector>

#include "grid.h"
#include "runtime/memory.h"
#include "stream.h"

#define FAIL_AS_PLANNED()     \
  const shim::Inside inside; \
  if (const cudaError_t planned = shim::planned_error(__func__); planned != cudaSuccess) return planned

struct ShimEvent {
  uint64_t number = 0;  // of the work behind which it was recorded
  std::chrono::steady_clock::time_point at = {};
};

namespace {

std::mutex mutex;
std::map<const void*, size_t> allocated, pinned;

size_t bytes_of(const std::map<const void*, size_t>& blocks) {
  const std::lock_guard lock(mutex);
  size_t bytes = 0;
  for (const auto& [memory, size] : blocks) bytes += size;
  return bytes;
}

bool is_pinned(const void* memory) {
  const std::lock_guard lock(mutex);
  auto after = pinned.upper_bound(memory);
  if (after == pinned.begin()) return false;
  --after;
  return static_cast<const char*>(memory) < static_cast<const char*>(after->first) + after->second;
}

cudaError_t allocate(void** memory, size_t bytes) {
  *memory = bytes > size_t{1} << 40 ? nullptr : std::malloc(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  samebits::poison(*memory, bytes);
  const std::lock_guard lock(mutex);
  allocated[*memory] = bytes;
  return cudaSuccess;
}

cudaError_t release(void* memory) {
  {
    const std::lock_guard lock(mutex);
    if (allocated.erase(memory) == 0) return cudaErrorInvalidValue;  // as when it is freed twice
  }
  std::free(memory);
  return cudaSuccess;
}

}  // namespace

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorIllegalAddress: return "an illegal memory access was encountered";
    case cudaErrorLaunchFailure: return shim::first_fault()[0] == 0 ? "unspecified launch failure" : shim::first_fault();
    default: return "unknown error";
  }
}
cudaError_t cudaGetLastError() { return cudaSuccess; }

cudaError_t cudaGetDeviceCount(int* count) { return *count = 1, cudaSuccess; }
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {"CUDA in plain C++", size_t{1} << 30};
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) { return *version = 13000, cudaSuccess; }
cudaError_t cudaRuntimeGetVersion(int* version) { return *version = 13000, cudaSuccess; }
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  *value = attribute == cudaDevAttrComputeCapabilityMajor ? 9 : attribute == cudaDevAttrComputeCapabilityMinor ? 0 : 1;
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  FAIL_AS_PLANNED();
  return *stream = nullptr, cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t) { return shim::wait_for_all(); }
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  FAIL_AS_PLANNED();
  return shim::wait_for_all();
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  FAIL_AS_PLANNED();
  return *event = new ShimEvent, cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const cudaError_t error = shim::wait_until(event->number);
  delete event;
  return error;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  FAIL_AS_PLANNED();
  event->number = shim::enqueue([event] { return event->at = std::chrono::steady_clock::now(), cudaSuccess; });
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  FAIL_AS_PLANNED();
  return shim::wait_until(event->number);
}
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to) {
  FAIL_AS_PLANNED();
  if (!shim::is_done(to->number)) return cudaErrorNotReady;
  *milliseconds = std::chrono::duration<float, std::milli>(to->at - from->at).count();
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  FAIL_AS_PLANNED();
  return allocate(memory, bytes);
}
cudaError_t cudaFree(void* memory) {
  shim::wait_for_all();
  return release(memory);
}
cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  FAIL_AS_PLANNED();
  *memory = std::malloc(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  const std::lock_guard lock(mutex);
  pinned[*memory] = bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* memory) {
  {
    const std::lock_guard lock(mutex);
    pinned.erase(memory);
  }
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps*) {
  FAIL_AS_PLANNED();
  return *pool = nullptr, cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t) { return cudaSuccess; }
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) {
  FAIL_AS_PLANNED();
  return cudaSuccess;
}
cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t, cudaMemPoolAttr, void* value) {
  *static_cast<uint64_t*>(value) = bytes_of(allocated);
  return cudaSuccess;
}
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t, size_t) {
  FAIL_AS_PLANNED();
  return cudaSuccess;
}

cudaError_t cudaMallocFromPoolAsync(void** memory, size_t bytes, cudaMemPool_t, cudaStream_t) {
  FAIL_AS_PLANNED();
  return allocate(memory, bytes);
}
cudaError_t cudaFreeAsync(void* memory, cudaStream_t) {
  FAIL_AS_PLANNED();
  shim::enqueue([memory] { return release(memory); });
  return cudaSuccess;
}
// As CUDA has it, memory that is not pinned was read when the call returns, and was written too.
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  FAIL_AS_PLANNED();
  const auto copy = [=] { return std::memcpy(to, from, bytes), cudaSuccess; };
  if (kind == cudaMemcpyHostToDevice && !is_pinned(from)) {
    const auto* first = static_cast<const std::byte*>(from);
    shim::enqueue([to, kept = std::vector<std::byte>(first, first + bytes)] {
      return std::memcpy(to, kept.data(), kept.size()), cudaSuccess;
    });
  } else if (kind == cudaMemcpyDeviceToHost && !is_pinned(to)) {
    return shim::wait_until(shim::enqueue(copy));
  } else {
    shim::enqueue(copy);
  }
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t) {
  FAIL_AS_PLANNED();
  shim::enqueue([=] { return std::memset(memory, value, bytes), cudaSuccess; });
  return cudaSuccess;
}
