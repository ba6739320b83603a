// One place to compute: an instruction set, a mode, its threads and its memory. Two runtimes share nothing.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/kernel.h"
#include "runtime/arrival.h"
#include "runtime/clock_marks.h"
#include "runtime/device.h"
#include "runtime/job_queue.h"
#include "runtime/memory.h"
#include "runtime/sample_call.h"

namespace samebits {

struct Target {
  Isa isa = Isa::kScalar;
  Mode mode = Mode::kDeterministic;
  int threads = 1;
  std::vector<const Kernel*> atomic = {};            // joined as they arrive although the mode is deterministic
  std::optional<uint64_t> arrival_seed = {};         // CPU only: the order of arrival is drawn from it
  Conditions conditions = {};                        // of tests
};

class Runtime final : private Context {
 public:
  // With a device, memory and kernels are its own; the processor only starts them.
  explicit Runtime(const Target& target, std::shared_ptr<Device> device = nullptr)
      : Context(target.conditions), target_(target), device_(std::move(device)), jobs_(target.threads, execute, this) {}

  const Target& target() const noexcept { return target_; }
  bool on_device() const noexcept { return device_ != nullptr; }

  // Null when memory is out; or a device does not answer, which `why` then says.
  std::shared_ptr<Block> take(size_t bytes, Status* why = nullptr) noexcept {
    Status of_device;
    std::shared_ptr<Block> block = device_ ? device_->take(bytes, &of_device) : memory_->take(bytes);
    if (why != nullptr) *why = of_device;
    return block != nullptr && conditions().poisoned ? poisoned(std::move(block)) : block;
  }
  size_t in_use() const noexcept { return device_ ? device_->in_use() : memory_->in_use(); }
  size_t held() const noexcept { return device_ ? device_->held() : memory_->held() + scratch_memory_->held(); }
  DeviceCounts counts() const noexcept { return device_ ? device_->counts() : DeviceCounts{}; }
  size_t blocks_in_use() const noexcept { return device_ ? device_->blocks_in_use() : memory_->blocks_in_use(); }
  // Both after all that was asked for before.
  Status write(void* memory, const void* from, size_t bytes) noexcept;
  Status read(const Transfer* parts, int count) noexcept;  // all of them behind one wait

  // The next four when all is computed: finish() before.
  void trim() noexcept;
  // The training step that the seeded arrivals from here on belong to; its calls are counted from 0.
  // `workers` is what kernels take for the number of threads, which cuts the tasks of some.
  void begin_step(uint32_t step, int workers = kSeededWorkers) noexcept;
  // Logs how an element grows in the next kernel call. CPU only.
  void watch(std::shared_ptr<Block> block, const float* element) noexcept;
  // The log of the call since watch(); nothing while that call is still to come.
  std::optional<std::vector<Arrival>> arrivals() noexcept;

  // What is asked for is checked at once and computed in the order in which it came, some time before finish() or read()
  // return, in the known floating-point environment. `keep` holds what it needs until then, beside memory. A refusal
  // when it is computed, for want of memory, comes with whatever is asked for next.
  Status run(const Kernel& kernel, const Call& call, std::shared_ptr<void> keep = nullptr) noexcept;
  // Calls that go sample by sample, with those gathered before and behind them, until something else is asked for.
  // Deterministic CPU only.
  Status gather(std::vector<SampleCall> calls, std::shared_ptr<void> keep) noexcept;
  // Computes all that was asked for.
  Status finish() noexcept;

  // Notes when all that was asked for so far is computed: a device by its own clock, without waiting.
  Status mark() noexcept;
  // The seconds between each mark and the one before it; forgets them.
  Status between_marks(std::vector<double>* seconds) noexcept;

 private:
  int workers() const noexcept override { return seeded_ ? seeded_workers_ : jobs_.pool().threads(); }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    if (controlled_) [[unlikely]]
      parallel_controlled(tasks, body, state);
    else
      jobs_.pool().run(driver_, tasks, body, state, deal_);
  }
  void* scratch(size_t bytes) noexcept override;

  static Status execute(void* runtime, Job& job, int worker) noexcept;
  Status run_alone(const Kernel& kernel, Call call) noexcept;
  Status close_row() noexcept;
  std::shared_ptr<Block> poisoned(std::shared_ptr<Block> block) noexcept;
  Mode mode_of(const Kernel& kernel) const noexcept;
  void parallel_controlled(int64_t tasks, Body body, void* state) noexcept;

  Target target_;
  std::shared_ptr<MemoryPool> memory_ = std::make_shared<MemoryPool>();
  // Apart from that of tensors: each call finds its scratch memory where the call before had it, so still in the caches.
  std::shared_ptr<MemoryPool> scratch_memory_ = std::make_shared<MemoryPool>();
  std::shared_ptr<Device> device_;               // null: the CPU
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  std::mutex mutex_;

  Job gathered_;

  ClockMarks marks_;
  ArrivalWatch watch_;
  uint32_t step_ = 0, calls_ = 0;  // seeded calls of the step so far
  int seeded_workers_ = kSeededWorkers;
  // Of the call that runs: which worker asks for its loops, how their tasks are dealt out; whether its arrival is drawn, whether
  // that or a watch needs attention, whether memory for either was out; loops so far.
  int driver_ = 0;
  Deal deal_ = Deal::kByPlace;
  bool seeded_ = false, controlled_ = false, exhausted_ = false;
  int loops_ = 0;

  JobQueue jobs_;  // last: what runs uses the rest
};

}  // namespace samebits
