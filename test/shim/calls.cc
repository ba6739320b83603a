// The calls of the CUDA runtime on a machine without one. What the stream is asked for is done when somebody waits (stream.h);
// each call fails where a test plans it, and one that gives something back has done so all the same.
#include <cuda_runtime.h>

#include <chrono>
#include <cstring>
#include <vector>

#include "grid.h"
#include "memory.h"
#include "record.h"
#include "stream.h"

#define FAIL_AS_PLANNED()     \
  const shim::Inside inside; \
  if (const cudaError_t planned = shim::planned_error(__func__); planned != cudaSuccess) return planned

struct ShimStream {};
struct ShimPool {};
struct ShimEvent {
  uint64_t number = 0;  // of the work behind which it was recorded
  std::chrono::steady_clock::time_point at = {};
};

const char* cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess: return "no error";
    case cudaErrorInvalidValue: return "invalid argument";
    case cudaErrorMemoryAllocation: return "out of memory";
    case cudaErrorIllegalAddress: return "an illegal memory access was encountered";
    case cudaErrorLaunchFailure: return shim::told_fault();
    default: return "unknown error";
  }
}
cudaError_t cudaGetLastError() { return cudaSuccess; }

cudaError_t cudaGetDeviceCount(int* count) {
  FAIL_AS_PLANNED();
  return *count = 1, cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {"CUDA in plain C++", size_t{1} << 30};
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int* version) {
  FAIL_AS_PLANNED();
  return *version = 13000, cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) { return *version = 13000, cudaSuccess; }
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  FAIL_AS_PLANNED();
  *value = attribute == cudaDevAttrComputeCapabilityMajor ? 9 : attribute == cudaDevAttrComputeCapabilityMinor ? 0 : 1;
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  FAIL_AS_PLANNED();
  shim::count_handle(1);
  return *stream = new ShimStream, cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const cudaError_t planned = shim::planned_error(__func__), error = shim::wait_for_all();
  shim::count_handle(-1);
  delete stream;
  return planned != cudaSuccess ? planned : error;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  FAIL_AS_PLANNED();
  return shim::wait_for_all();
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  FAIL_AS_PLANNED();
  shim::count_handle(1);
  return *event = new ShimEvent, cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const cudaError_t planned = shim::planned_error(__func__), error = shim::wait_until(event->number);
  shim::count_handle(-1);
  delete event;
  return planned != cudaSuccess ? planned : error;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  FAIL_AS_PLANNED();
  event->number = shim::enqueue([event] { return event->at = std::chrono::steady_clock::now(), cudaSuccess; });
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
  FAIL_AS_PLANNED();
  return shim::is_done(event->number) ? cudaSuccess : cudaErrorNotReady;
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
  return shim::take_device(memory, bytes);
}
cudaError_t cudaFree(void* memory) {
  const cudaError_t planned = shim::planned_error(__func__);
  shim::wait_for_all();
  shim::give_back_device(memory);
  return planned;
}
cudaError_t cudaMallocHost(void** memory, size_t bytes) {
  FAIL_AS_PLANNED();
  return shim::take_pinned(memory, bytes);
}
// As a driver, which lets no copy that is under way lose its memory.
cudaError_t cudaFreeHost(void* memory) {
  const cudaError_t planned = shim::planned_error(__func__);
  shim::wait_for_all();
  shim::give_back_pinned(memory);
  return planned;
}

cudaError_t cudaMemPoolCreate(cudaMemPool_t* pool, const cudaMemPoolProps*) {
  FAIL_AS_PLANNED();
  shim::count_handle(1);
  return *pool = new ShimPool, cudaSuccess;
}
cudaError_t cudaMemPoolDestroy(cudaMemPool_t pool) {
  shim::count_handle(-1);
  delete pool;
  return shim::planned_error(__func__);
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) {
  FAIL_AS_PLANNED();
  return cudaSuccess;
}
cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t, cudaMemPoolAttr, void* value) {
  FAIL_AS_PLANNED();
  *static_cast<uint64_t*>(value) = shim::device_bytes();
  return cudaSuccess;
}
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t, size_t) {
  FAIL_AS_PLANNED();
  return cudaSuccess;
}

cudaError_t cudaMallocFromPoolAsync(void** memory, size_t bytes, cudaMemPool_t, cudaStream_t) {
  FAIL_AS_PLANNED();
  return shim::take_device(memory, bytes);
}
cudaError_t cudaFreeAsync(void* memory, cudaStream_t) {
  const shim::Inside inside;
  const cudaError_t planned = shim::planned_error(__func__);
  shim::enqueue([memory] { return shim::give_back_device(memory); }, shim::Kind::kGivesBack);
  return planned;
}

static cudaError_t copied(void* to, const void* from, size_t bytes) {
  return shim::watched([=] {
    if (shim::recorder != nullptr) shim::recorder->copied(to, from, bytes);
    std::memcpy(to, from, bytes);
  });
}

// As CUDA has it, memory that is not pinned was read when the call returns, and was written too.
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  FAIL_AS_PLANNED();
  const auto copy = [=] { return copied(to, from, bytes); };
  if (kind == cudaMemcpyHostToDevice && !shim::is_pinned(from)) {
    const auto* first = static_cast<const std::byte*>(from);
    shim::enqueue([to, kept = std::vector<std::byte>(first, first + bytes)] { return copied(to, kept.data(), kept.size()); });
  } else if (kind == cudaMemcpyDeviceToHost && !shim::is_pinned(to)) {
    return shim::wait_until(shim::enqueue(copy));
  } else {
    shim::enqueue(copy);
  }
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void* memory, int value, size_t bytes, cudaStream_t) {
  FAIL_AS_PLANNED();
  shim::enqueue([=] {
    return shim::watched([=] {
      if (shim::recorder != nullptr) shim::recorder->filled(memory, bytes);
      std::memset(memory, value, bytes);
    });
  });
  return cudaSuccess;
}
