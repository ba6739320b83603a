// What the CUDA device says and does when a call of CUDA fails, run on the shim: a line for each, `name: what happened`.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "runtime/detect.h"
#include "runtime/device.h"
#include "runtime/kernel_table.h"
#include "stream.h"

namespace {

int news_until_failure = 0;  // 0: none fails

}  // namespace

void* operator new(size_t bytes) {
  if (shim::Inside::depth == 0 && news_until_failure > 0 && --news_until_failure == 0) throw std::bad_alloc();
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace samebits {
namespace {

std::shared_ptr<Device> opened() {
  std::shared_ptr<Device> device;
  const Status status = open_cuda(device);
  if (!status.ok()) std::printf("opened: %s\n", status.message);
  return device;
}

void takes(const char* name, int nth, cudaError_t error, bool always) {
  const std::shared_ptr<Device> device = opened();
  const int trims = shim::calls("cudaMemPoolTrimTo");
  shim::plan_error("cudaMallocFromPoolAsync", nth, error, always);
  Status why;
  const std::shared_ptr<Block> block = device->take(1000, &why);
  shim::plan_error("", 0, cudaSuccess);
  std::printf("%s: %s, %d trims, %zu blocks; %s\n", name, block ? "taken" : "refused",
              shim::calls("cudaMemPoolTrimTo") - trims, device->blocks_in_use(), why.message);
}

// Runs a kernel on rows of four floats; the CUDA call of this name fails, the first time or always.
void runs(const char* name, const char* kernel, const char* call_of_cuda, cudaError_t error, bool always = false) {
  const std::shared_ptr<Device> device = opened();
  Status why;
  const std::shared_ptr<Block> x = device->take(16, &why), y = device->take(16, &why);
  const Kernel* found = find_kernel(kernel);
  static const std::byte settings[kMaxSettingsBytes] = {};
  Call call;
  call.settings = settings;
  call.tensor_count = found->tensor_count;
  for (int i = 0; i < call.tensor_count; ++i) {
    call.tensors[i].data = found->tensors[i].output ? y->data : x->data;
    call.tensors[i].rank = 2;
    call.tensors[i].shape[0] = 1;
    call.tensors[i].shape[1] = 4;
  }
  shim::plan_error(call_of_cuda, 1, error, always);
  Status status = device->run(*found, call, Mode::kDeterministic);
  if (status.ok()) status = device->finish();
  shim::plan_error("", 0, cudaSuccess);
  std::printf("%s: %s\n", name, status.message);
}

void no_control_block(int nth) {
  const std::shared_ptr<Device> device = opened();
  Status why;
  news_until_failure = nth;
  const std::shared_ptr<Block> block = device->take(1000, &why);
  news_until_failure = 0;
  const Status after = device->finish();
  std::printf("no memory to note a block, %d: %s, %zu blocks, %zu bytes in use; %s; then %s\n", nth, block ? "taken" : "refused",
              device->blocks_in_use(), device->in_use(), why.message, after.ok() ? "all well" : after.message);
}

void small_writes() {
  const std::shared_ptr<Device> device = opened();
  Status why;
  const std::shared_ptr<Block> block = device->take(6 * sizeof(int), &why);
  const int before = shim::waits();
  for (int i = 0; i < 6; ++i) device->write(static_cast<int*>(block->data) + i, &i, sizeof i);
  const int waits = shim::waits() - before;
  int read[6] = {};
  const Transfer all = {read, block->data, sizeof read};
  device->read(&all, 1);
  bool same = true;
  for (int i = 0; i < 6; ++i) same = same && read[i] == i;
  std::printf("six small writes: %d waits, %s\n", waits, same ? "all there" : "others there");
}

// More than all pinned memory, in one piece and behind others: no part is overwritten before it was copied. It is read in parts that
// end within a piece.
void large_write(size_t mebibytes) {
  const std::shared_ptr<Device> device = opened();
  Status why;
  std::vector<unsigned> from((mebibytes << 20) / sizeof(unsigned) + 3), to(from.size());
  for (size_t i = 0; i < from.size(); ++i) from[i] = static_cast<unsigned>(i * 2654435761u);
  const size_t bytes = from.size() * sizeof(unsigned);
  const std::shared_ptr<Block> block = device->take(bytes, &why);
  device->write(block->data, from.data(), 4);
  device->write(block->data, from.data(), bytes);
  const bool waited = device->counts().waits > 0;
  auto* host = reinterpret_cast<std::byte*>(to.data());
  const auto* data = static_cast<const std::byte*>(block->data);
  const size_t some = (size_t{3} << 20) + 5;
  const Transfer parts[] = {{host, data, some}, {host + some, data + some, 1}, {host + some + 1, data + some + 1, bytes - some - 1}};
  device->read(parts, 3);
  std::printf("a write of %zu MiB: %s, %s\n", mebibytes, waited ? "with waits" : "without a wait",
              std::memcmp(from.data(), to.data(), bytes) == 0 ? "all there" : "others there");
}

// Launches and waits are counted as the shim sees them.
void counts() {
  const std::shared_ptr<Device> device = opened();
  Status why;
  const std::shared_ptr<Block> x = device->take(16, &why), y = device->take(16, &why);
  Call call;
  call.tensor_count = 2;
  for (int i = 0; i < 2; ++i) {
    call.tensors[i].data = i == 0 ? x->data : y->data;
    call.tensors[i].rank = 1;
    call.tensors[i].shape[0] = 4;
  }
  const int launches = shim::calls("cudaLaunchKernelEx"), waits = shim::waits();
  for (int i = 0; i < 3; ++i) device->run(*find_kernel("relu.forward"), call, Mode::kDeterministic);
  device->finish();
  std::printf("counts: %llu launches of %d, %llu waits of %d\n", static_cast<unsigned long long>(device->counts().launches),
              shim::calls("cudaLaunchKernelEx") - launches, static_cast<unsigned long long>(device->counts().waits),
              shim::waits() - waits);
}

void opens(const char* call_of_cuda, int nth) {
  shim::plan_error(call_of_cuda, nth, cudaErrorIllegalAddress);
  std::shared_ptr<Device> device;
  const Status status = open_cuda(device);
  shim::plan_error("", 0, cudaSuccess);
  std::printf("opened without %s %d: %s\n", call_of_cuda, nth, device ? "opened" : status.message);
}

void capacities(const char* name) {
  const std::shared_ptr<Device> device = opened();
  Status why;
  const std::shared_ptr<Block> block = device->take(1000, &why);
  std::printf("%s: %zu bytes for 1000\n", name, block->capacity);
}

void main() {
  takes("out of memory once", 1, cudaErrorMemoryAllocation, false);
  takes("out of memory", 1, cudaErrorMemoryAllocation, true);
  takes("an allocation that fails", 1, cudaErrorIllegalAddress, false);
  for (const int nth : {1, 2}) no_control_block(nth);
  small_writes();
  large_write(11);
  large_write(70);
  counts();
  runs("a launch", "relu.forward", "cudaLaunchKernelEx", cudaErrorInvalidValue);
  runs("a fault of a kernel", "relu.forward", "cudaStreamSynchronize", cudaErrorIllegalAddress);
  runs("no scratch memory", "binary_crossentropy.forward", "cudaMallocFromPoolAsync", cudaErrorMemoryAllocation, true);
  runs("scratch memory that fails", "binary_crossentropy.forward", "cudaMallocFromPoolAsync", cudaErrorIllegalAddress);
  capacities("capacity");
  for (const char* call : {"cudaStreamCreateWithFlags", "cudaMemPoolCreate", "cudaMemPoolSetAttribute"}) opens(call, 1);
  for (const int nth : {1, 8}) opens("cudaMallocHost", nth), opens("cudaEventCreateWithFlags", nth);
  setenv("SAMEBITS_CUDA_CHECK", "1", 1);
  capacities("capacity when checking");
  runs("a fault of a kernel when checking", "relu.forward", "cudaStreamSynchronize", cudaErrorIllegalAddress);
}

}  // namespace
}  // namespace samebits

// `device detect` says whether there is one, which is asked once a process.
int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (count > 1 && std::strcmp(words[1], "detect") == 0) {
    const samebits::Availability found = samebits::cuda_availability();
    std::printf("%s\n", found.available ? samebits::cuda_architecture() : found.reason);
    return 0;
  }
  samebits::main();
}
