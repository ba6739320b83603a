// Computes every function of native/core/numerics.h on the device over all 2^32 inputs, or over every stride-th of
// them, and prints one JSON line each with the digest that prove.cc defines, so that it can be compared with the
// processor's. A device thread has a block of 2^20 results and hashes them itself; a launch does a small part of each
// block, since a device that also draws a screen stops what takes long.
//   prove_device STRIDE [FUNCTION...]      all functions unless some are named
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/numerics.h"
#include "prove/sha256.h"
#include "simt/launch.h"

namespace samebits::prove {

constexpr uint64_t kBlock = uint64_t{1} << 20, kPart = uint64_t{1} << 14;
constexpr int kWords = 16;           // results hashed at once
constexpr int kThreadsOfBlock = 32;  // few, so that the 4096 threads reach every multiprocessor

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "prove_device: %s\n", message.c_str());
  std::exit(2);
}
void expect(const Status& status) {
  if (!status.ok()) stop(status.message);
}

#define SAMEBITS_FUNCTION(NAME)                                                   \
  struct NAME {                                                                   \
    static constexpr const char* name = #NAME;                                    \
    __device__ static float of(float x) { return numerics::NAME(x); } \
  };
SAMEBITS_FUNCTION(exp)
SAMEBITS_FUNCTION(log)
SAMEBITS_FUNCTION(tanh)
SAMEBITS_FUNCTION(sigmoid)
SAMEBITS_FUNCTION(log1p)
SAMEBITS_FUNCTION(expm1)
SAMEBITS_FUNCTION(normal_cdf)
SAMEBITS_FUNCTION(sin)
SAMEBITS_FUNCTION(cos)
SAMEBITS_FUNCTION(sqrt)
SAMEBITS_FUNCTION(rsqrt)
#undef SAMEBITS_FUNCTION

// Results [part, part + kPart) of each block into its hash.
template <class F>
__global__ void hash_kernel(Sha256* hashes, uint64_t blocks, uint64_t inputs, uint64_t stride, uint64_t part) {
  const uint64_t block = static_cast<uint64_t>(simt::thread_number());
  if (block >= blocks) return;
  Sha256 sha = hashes[block];
  const uint64_t begin = block * kBlock + part, last = (begin + kPart < inputs ? begin + kPart : inputs);
  for (uint64_t i = begin; i < last; i += kWords) {
    uint32_t results[kWords];
    const int count = last - i < kWords ? static_cast<int>(last - i) : kWords;
    for (int k = 0; k < count; ++k) {
      const float x = numerics::from_bits(static_cast<uint32_t>((i + static_cast<uint64_t>(k)) * stride));
      results[k] = numerics::to_bits(F::of(x));
    }
    sha.update(results, sizeof(uint32_t) * static_cast<size_t>(count));
  }
  hashes[block] = sha;
}

template <class F>
void run(uint64_t stride) {
  const auto start = std::chrono::steady_clock::now();
  const uint64_t inputs = ((uint64_t{1} << 32) + stride - 1) / stride, blocks = (inputs + kBlock - 1) / kBlock;
  std::vector<Sha256> hashes(blocks);
  const size_t bytes = blocks * sizeof(Sha256);
  void* memory = nullptr;
  expect(simt::check_cuda("memory for hashes", cudaMalloc(&memory, bytes)));
  expect(simt::check_cuda("a copy to the device",
                          cudaMemcpyAsync(memory, hashes.data(), bytes, cudaMemcpyHostToDevice, nullptr)));
  simt::DefaultStream context;
  Call call;
  call.context = &context;
  const int64_t grid = ceil_div(static_cast<int64_t>(blocks), kThreadsOfBlock);
  for (uint64_t part = 0; part < kBlock; part += kPart)
    expect(simt::launch(call, hash_kernel<F>, grid, kThreadsOfBlock, 0, static_cast<Sha256*>(memory), blocks, inputs,
                        stride, part));
  expect(simt::check_cuda("a copy from the device",
                          cudaMemcpyAsync(hashes.data(), memory, bytes, cudaMemcpyDeviceToHost, nullptr)));
  expect(simt::check_cuda("the work on the device", cudaStreamSynchronize(nullptr)));
  expect(simt::check_cuda("giving memory back", cudaFree(memory)));
  Sha256 all;
  for (Sha256& hash : hashes) {
    const auto digest = hash.finish();
    all.update(digest.data(), digest.size());
  }
  const std::string text = hex_of(all.finish());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("{\"function\":\"%s\",\"stride\":%llu,\"inputs\":%llu,\"digest\":\"sha256:%s\",\"seconds\":%.2f}\n",
              F::name, static_cast<unsigned long long>(stride), static_cast<unsigned long long>(inputs), text.c_str(),
              seconds.count());
  std::fflush(stdout);
}

struct Entry {
  const char* name;
  void (*run)(uint64_t stride);
};
template <class F>
constexpr Entry entry() {
  return {F::name, run<F>};
}
constexpr Entry kFunctions[] = {entry<exp>(),   entry<log>(), entry<tanh>(), entry<sigmoid>(), entry<log1p>(),
                                entry<expm1>(), entry<normal_cdf>(), entry<sin>(), entry<cos>(), entry<sqrt>(), entry<rsqrt>()};

const Entry& function(const char* name) {
  for (const Entry& one : kFunctions)
    if (std::strcmp(one.name, name) == 0) return one;
  stop(std::string("expected a function of numerics.h, got '") + name + "'");
}

int main(int count, char** words) {
  const uint64_t stride = count > 1 ? std::strtoull(words[1], nullptr, 10) : 0;
  if (stride < 1 || stride > uint64_t{1} << 32) stop("expected STRIDE [FUNCTION...], STRIDE from 1 to 2^32");
  std::vector<const Entry*> chosen;
  for (int i = 2; i < count; ++i) chosen.push_back(&function(words[i]));
  if (chosen.empty())
    for (const Entry& one : kFunctions) chosen.push_back(&one);
  for (const Entry* one : chosen) one->run(stride);
  return 0;
}

}  // namespace samebits::prove

int main(int count, char** words) { return samebits::prove::main(count, words); }
