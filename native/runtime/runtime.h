// One place to compute: an instruction set, a mode, its threads and its memory. Two runtimes share nothing.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/kernel.h"
#include "runtime/memory.h"
#include "runtime/thread_pool.h"

namespace samebits {

struct Target {
  Isa isa = Isa::kScalar;
  Mode mode = Mode::kDeterministic;
  int threads = 1;
};

class Runtime final : private Context {
 public:
  explicit Runtime(const Target& target) : target_(target), pool_(target.threads), memory_(std::make_shared<MemoryPool>()) {}

  const Target& target() const noexcept { return target_; }
  MemoryPool& memory() noexcept { return *memory_; }

  // Checks and runs one kernel in the known floating-point environment. One call at a time; others wait.
  Status run(const Kernel& kernel, Call call) noexcept;

 private:
  int workers() const noexcept override { return pool_.threads(); }
  void parallel(int64_t tasks, Body body, void* state) noexcept override { pool_.run(tasks, body, state); }
  void* scratch(size_t bytes) noexcept override;

  Target target_;
  ThreadPool pool_;
  std::shared_ptr<MemoryPool> memory_;
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  std::mutex mutex_;
};

}  // namespace samebits
