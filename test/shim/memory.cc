#include "memory.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

#include "record.h"
#include "runtime/memory.h"

namespace shim {
namespace {

using Blocks = std::map<const void*, size_t>;
std::mutex mutex;
int handles = 0;

// Made when they are first needed and never destroyed, since the process's end still asks what is left.
Blocks& device() {
  static auto& blocks = *new Blocks;
  return blocks;
}
Blocks& pinned() {
  static auto& blocks = *new Blocks;
  return blocks;
}

void expect_there(Blocks& blocks, const void* memory, const char* kind) {
  const std::lock_guard lock(mutex);
  if (blocks.erase(memory) == 1) return;
  std::fprintf(stderr, "shim: %s memory was given back that is not there, or twice\n", kind);
  std::abort();
}

}  // namespace

// Fresh memory is filled with NaNs whose bytes differ, so that what a kernel reads before it is written shows in its results.
cudaError_t take_device(void** memory, size_t bytes) {
  *memory = bytes > size_t{1} << 40 ? nullptr : recorder != nullptr ? recorder->take(bytes) : std::malloc(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  samebits::poison(*memory, bytes);
  const std::lock_guard lock(mutex);
  device()[*memory] = bytes;
  return cudaSuccess;
}

cudaError_t give_back_device(void* memory) {
  expect_there(device(), memory, "device");
  if (recorder != nullptr)
    recorder->give_back(memory);
  else
    std::free(memory);
  return cudaSuccess;
}

size_t device_bytes() {
  const std::lock_guard lock(mutex);
  size_t bytes = 0;
  for (const auto& [memory, size] : device()) bytes += size;
  return bytes;
}

cudaError_t take_pinned(void** memory, size_t bytes) {
  *memory = std::malloc(bytes);
  if (*memory == nullptr) return cudaErrorMemoryAllocation;
  const std::lock_guard lock(mutex);
  pinned()[*memory] = bytes;
  return cudaSuccess;
}

cudaError_t give_back_pinned(void* memory) {
  expect_there(pinned(), memory, "pinned");
  std::free(memory);
  return cudaSuccess;
}

bool is_pinned(const void* memory) {
  const std::lock_guard lock(mutex);
  auto after = pinned().upper_bound(memory);
  if (after == pinned().begin()) return false;
  --after;
  return static_cast<const char*>(memory) < static_cast<const char*>(after->first) + after->second;
}

void count_handle(int more) {
  const std::lock_guard lock(mutex);
  handles += more;
}

size_t left() {
  const std::lock_guard lock(mutex);
  return device().size() + pinned().size() + static_cast<size_t>(handles);
}

}  // namespace shim
