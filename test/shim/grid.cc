// Runs a grid on the CPU: blocks one after another in an order that a seed decides, the threads of a block as fibers
// that stop at barriers and go on in another order each time. SAMEBITS_SHIM_ORDER names the seed: 0 ascending, 1
// descending, any other number a shuffle; `changing` is another shuffle for each launch, as on a device.
#include "grid.h"

#include <cuda_runtime.h>
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "record.h"
#include "stream.h"
#include "switch.h"
#include "watch.h"

dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace shim {
namespace {

constexpr size_t kStackBytes = size_t{128} << 10;

// A stack on which one thread after another runs, until one has to wait at a barrier.
struct Fiber {
  Control control;
  std::unique_ptr<char[]> stack{new char[kStackBytes]};
  bool used = false;
  int thread = 0;      // the one that runs or waits here
  bool waits = false;  // at a barrier
};

struct Block {
  const std::function<void()>* body = nullptr;
  std::vector<int> starting;  // threads that did not begin yet, last one first
  int predicate_before = 0, predicate_next = 0;  // __syncthreads_or: of the barrier passed, of the one ahead
};

uint64_t epoch = 1;
uint64_t random_state = 0;
Block block;
Control scheduler;
std::vector<std::unique_ptr<Fiber>> fibers;
Fiber* running = nullptr;

uint64_t seed_of_order() {
  static uint64_t launches = 1;
  const char* text = std::getenv("SAMEBITS_SHIM_ORDER");
  if (text != nullptr && std::strcmp(text, "changing") == 0) return ++launches;
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

uint32_t random_below(uint32_t n) {  // xorshift64*, Vigna 2016
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return static_cast<uint32_t>(((random_state * 0x2545f4914f6cdd1dULL) >> 32) * n >> 32);
}

template <class T>
void order(std::vector<T>& items, uint64_t seed) {
  if (seed == 1) std::reverse(items.begin(), items.end());
  if (seed < 2) return;
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random_below(static_cast<uint32_t>(i))]);
}

void run_threads() {  // the body of every fiber
  for (;;) {
    while (!block.starting.empty()) {
      running->thread = block.starting.back();
      block.starting.pop_back();
      threadIdx.x = static_cast<unsigned>(running->thread);
      (*block.body)();
    }
    running->waits = false;
    switch_to(running->control, scheduler);
  }
}

Fiber& idle_fiber(size_t at) {
  if (at == fibers.size()) fibers.push_back(std::make_unique<Fiber>());
  Fiber& fiber = *fibers[at];
  if (!fiber.used) {
    fiber.used = true;
    prepare(fiber.control, fiber.stack.get(), kStackBytes, run_threads);
  }
  return fiber;
}

void resume(Fiber& fiber) {
  running = &fiber;
  threadIdx.x = static_cast<unsigned>(fiber.thread);
  switch_to(scheduler, fiber.control);
}

void run_block(int threads, uint64_t seed) {
  block.starting.resize(static_cast<size_t>(threads));
  std::iota(block.starting.rbegin(), block.starting.rend(), 0);
  order(block.starting, seed);
  std::vector<Fiber*> waiting;
  for (size_t next = 0; !block.starting.empty(); ++next) {
    Fiber& fiber = idle_fiber(next);
    resume(fiber);
    if (fiber.waits) waiting.push_back(&fiber);
  }
  while (!waiting.empty()) {
    if (waiting.size() != static_cast<size_t>(threads)) {
      fault("a barrier that not every thread of the block reached");
      fibers.clear();  // what waits there never goes on
      return;
    }
    ++epoch;
    block.predicate_before = std::exchange(block.predicate_next, 0);
    order(waiting, seed);
    std::vector<Fiber*> again;
    for (Fiber* fiber : waiting) {
      resume(*fiber);
      if (fiber->waits) again.push_back(fiber);
    }
    waiting = std::move(again);
  }
}

}  // namespace

int current_thread() { return static_cast<int>(threadIdx.x); }
uint64_t current_epoch() { return epoch; }
Recorder* recorder = nullptr;

namespace {

void run_grid(const cudaLaunchConfig_t& config, const std::function<void()>& thread) {
  const uint64_t seed = seed_of_order();
  random_state = seed * 0x9e3779b97f4a7c15ULL + 1;
  gridDim = config.gridDim;
  blockDim = config.blockDim;
  block.body = &thread;
  if (config.blockDim.x > kMostThreads || config.gridDim.y != 1 || config.blockDim.y != 1)
    fault("a launch of another shape");
  std::vector<unsigned> blocks(config.gridDim.x);
  std::iota(blocks.begin(), blocks.end(), 0u);
  order(blocks, seed);
  if (recorder != nullptr) recorder->begin_launch(epoch + 1);
  for (const unsigned at : blocks) {
    if (first_fault()[0] != 0) break;
    blockIdx.x = at;
    begin_block(config.dynamicSmemBytes, ++epoch);
    if (recorder != nullptr) recorder->begin_block(epoch);
    block.predicate_next = 0;
    run_block(static_cast<int>(config.blockDim.x), seed);
  }
  if (recorder != nullptr) recorder->end_launch();
}

}  // namespace

cudaError_t launch(const cudaLaunchConfig_t& config, std::function<void()> thread) {
  if (const cudaError_t planned = planned_error("cudaLaunchKernelEx"); planned != cudaSuccess) return planned;
  enqueue([config, body = std::move(thread)] { return watched([&] { run_grid(config, body); }); });
  return cudaSuccess;
}

// Where SAMEBITS_SHIM_LAUNCHES names a file, it gets a line for each kernel that is launched: its place in the addon.
void note_launch(const void* kernel) {
  static std::set<const void*> known;
  const char* path = std::getenv("SAMEBITS_SHIM_LAUNCHES");
  Dl_info addon;
  if (path == nullptr || !known.insert(kernel).second || dladdr(kernel, &addon) == 0) return;
  if (std::FILE* file = std::fopen(path, "a")) {
    const auto place = static_cast<const char*>(kernel) - static_cast<const char*>(addon.dli_fbase);
    std::fprintf(file, "%zx\n", static_cast<size_t>(place));
    std::fclose(file);
  }
}

}  // namespace shim

void __syncthreads() {
  shim::Fiber& fiber = *shim::running;
  fiber.waits = true;
  shim::switch_to(fiber.control, shim::scheduler);
}

int __syncthreads_or(int predicate) {
  shim::block.predicate_next |= predicate != 0;
  __syncthreads();
  return shim::block.predicate_before;
}

// As PTX has it of red.global.add.f32: subnormal operands and results become zeros of their sign.
static float flushed(float value) {
  return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value) : value;
}

float atomicAdd(float* target, float value) {
  if (shim::recorder != nullptr) shim::recorder->added(target);
  const float before = *target;
  *target = flushed(flushed(before) + flushed(value));
  return before;
}
