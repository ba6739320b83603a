// Measures the device's peaks and prints them with what the device says of itself, as one JSON object: fused
// multiply-adds of the FP32 units in GFLOP/s, and a copy within the device's memory in GB/s; every repeat is kept.
//   probe_device REPEATS MIB      an array of MIB MiB is copied to another
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/numerics.h"
#include "simt/launch.h"

namespace samebits {
namespace {

constexpr int kChains = 16, kTerms = 4096;  // of a thread: enough chains to hide how long one multiply-add takes
constexpr int kBlocksEach = 8;              // of a multiprocessor, 256 threads each: as many as it has room for

void expect(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "probe_device: %s\n", status.message);
  std::exit(2);
}
void expect(const char* what, cudaError_t error) { expect(simt::check_cuda(what, error)); }

__global__ void fma_kernel(float factor, float* out) {
  float chain[kChains];
#pragma unroll
  for (int c = 0; c < kChains; ++c) chain[c] = static_cast<float>(threadIdx.x + static_cast<unsigned>(c));
  for (int term = 0; term < kTerms; ++term) {
#pragma unroll
    for (int c = 0; c < kChains; ++c) chain[c] = numerics::fma(chain[c], factor, factor);
  }
  float sum = 0.0f;
#pragma unroll
  for (int c = 0; c < kChains; ++c) sum = sum + chain[c];
  out[simt::thread_number()] = sum;  // so that nothing is left out
}

__global__ void copy_kernel(const float4* from, float4* to, int64_t count) {
  const int64_t stride = static_cast<int64_t>(gridDim.x) * blockDim.x;
  for (int64_t i = simt::thread_number(); i < count; i += stride) to[i] = from[i];
}

// Seconds of each repeat after one to warm up.
template <class Work>
std::vector<double> timed(int repeats, Work work) {
  std::vector<double> seconds;
  for (int repeat = 0; repeat <= repeats; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    work();
    expect("the work on the device", cudaStreamSynchronize(nullptr));
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (repeat > 0) seconds.push_back(taken.count());
  }
  return seconds;
}

std::string rates(const std::vector<double>& seconds, double work) {
  std::string text;
  for (const double each : seconds) text += (text.empty() ? "" : ",") + std::to_string(work / each * 1e-9);
  return "[" + text + "]";
}

int attribute(cudaDeviceAttr which) {
  int value = 0;
  expect("an attribute of the device", cudaDeviceGetAttribute(&value, which, 0));
  return value;
}

int main(int count, char** words) {
  const int repeats = count == 3 ? std::atoi(words[1]) : 0;
  const int64_t mib = count == 3 ? std::atoll(words[2]) : 0;
  if (repeats < 1 || mib < 1) {
    std::fprintf(stderr, "usage: probe_device REPEATS MIB\n");
    return 2;
  }
  cudaDeviceProp properties;
  int driver = 0, runtime = 0;
  expect("the device's properties", cudaGetDeviceProperties(&properties, 0));
  expect("the driver's version", cudaDriverGetVersion(&driver));
  expect("the runtime's version", cudaRuntimeGetVersion(&runtime));
  const int processors = attribute(cudaDevAttrMultiProcessorCount), threads = simt::kThreads;
  const int64_t blocks = int64_t{processors} * kBlocksEach, bytes = mib << 20;

  simt::DefaultStream context;
  Call call;
  call.context = &context;
  void *from = nullptr, *to = nullptr;
  expect("memory", cudaMalloc(&from, static_cast<size_t>(bytes)));
  expect("memory", cudaMalloc(&to, static_cast<size_t>(bytes)));
  expect("clearing memory", cudaMemsetAsync(from, 0, static_cast<size_t>(bytes), nullptr));
  if (bytes < blocks * threads * int64_t{sizeof(float)})
    expect("memory for a value a thread", cudaErrorMemoryAllocation);
  const auto multiply = timed(repeats, [&] {
    expect(simt::launch(call, fma_kernel, blocks, threads, 0, 0.5f, static_cast<float*>(to)));
  });
  const auto copy = timed(repeats, [&] {
    expect(simt::launch(call, copy_kernel, blocks, threads, 0, static_cast<const float4*>(from),
                        static_cast<float4*>(to), bytes / int64_t{sizeof(float4)}));
  });
  const double flops = 2.0 * kChains * kTerms * static_cast<double>(blocks) * threads;
  std::printf(
      "{\"name\":\"%s\",\"architecture\":\"sm%d\",\"driverCuda\":%d,\"runtimeCuda\":%d,\"multiprocessors\":%d,"
      "\"memoryMiB\":%llu,\"l2KiB\":%d,\"clockKHz\":%d,\"copyMiB\":%lld,\"fmaGflops\":%s,\"copyGBps\":%s}\n",
      properties.name, attribute(cudaDevAttrComputeCapabilityMajor) * 10 + attribute(cudaDevAttrComputeCapabilityMinor),
      driver, runtime, processors, static_cast<unsigned long long>(properties.totalGlobalMem >> 20),
      attribute(cudaDevAttrL2CacheSize) >> 10, attribute(cudaDevAttrClockRate), static_cast<long long>(mib),
      rates(multiply, flops).c_str(), rates(copy, 2.0 * static_cast<double>(bytes)).c_str());
  return 0;
}

}  // namespace
}  // namespace samebits

int main(int count, char** words) { return samebits::main(count, words); }
