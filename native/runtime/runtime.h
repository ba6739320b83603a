// One place to compute: an instruction set, a mode, its threads and its memory. Two runtimes share nothing.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/kernel.h"
#include "runtime/device.h"
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
  // With a device, memory and kernels are its own; the processor only starts them.
  explicit Runtime(const Target& target, std::shared_ptr<Device> device = nullptr)
      : target_(target), pool_(target.threads), memory_(std::make_shared<MemoryPool>()), device_(std::move(device)) {}

  const Target& target() const noexcept { return target_; }

  std::shared_ptr<Block> take(size_t bytes) noexcept { return device_ ? device_->take(bytes) : memory_->take(bytes); }
  void trim() noexcept { device_ ? device_->trim() : memory_->trim(); }
  size_t in_use() const noexcept { return device_ ? device_->in_use() : memory_->in_use(); }
  size_t held() const noexcept { return device_ ? device_->held() : memory_->held(); }
  size_t blocks_in_use() const noexcept { return device_ ? device_->blocks_in_use() : memory_->blocks_in_use(); }
  Status write(void* memory, const void* from, size_t bytes) noexcept;
  Status read(void* to, const void* memory, size_t bytes) noexcept;

  // Checks and runs one kernel in the known floating-point environment. One call at a time; others wait.
  Status run(const Kernel& kernel, Call call) noexcept;

 private:
  int workers() const noexcept override { return pool_.threads(); }
  void parallel(int64_t tasks, Body body, void* state) noexcept override { pool_.run(tasks, body, state); }
  void* scratch(size_t bytes) noexcept override;

  Target target_;
  ThreadPool pool_;
  std::shared_ptr<MemoryPool> memory_;
  std::shared_ptr<Device> device_;               // null: the CPU
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  std::mutex mutex_;
};

}  // namespace samebits
