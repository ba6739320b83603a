#include "runtime/runtime.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "runtime/by_sample.h"
#include "runtime/float_environment.h"
#include "runtime/sample_row.h"

namespace samebits {

Status Runtime::run(const Kernel& kernel, Call call) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const FloatEnvironment environment;
  const Status settled = settle_locked();
  return settled.ok() ? run_alone(kernel, call) : settled;
}

Status Runtime::run_alone(const Kernel& kernel, Call call) noexcept {
  const Status checked = kernel.check(call);
  if (!checked.ok()) return checked;
  const Mode mode = mode_of(kernel);
  if (device_ != nullptr) return device_->run(kernel, call, mode);
  const KernelFn fn = kernel.cpu[static_cast<int>(target_.isa)].fn[static_cast<int>(mode)];
  if (fn == nullptr)
    return refuse(StatusCode::kDevice, "%s: expected a kernel for cpu/%s, got none in this build", kernel.name,
                  kIsaNames[static_cast<int>(target_.isa)]);
  call.context = this;
  const bool arrives = mode == Mode::kAtomic && joins_sums(kernel);
  deal_ = arrives ? Deal::kByArrival : Deal::kByPlace;
  seeded_ = arrives && target_.arrival_seed.has_value();
  controlled_ = seeded_ || watch_.armed();
  exhausted_ = false;
  loops_ = 0;
  const Status status = fn(call);
  scratch_.clear();
  if (seeded_) ++calls_;
  watch_.disarm();
  if (exhausted_) return refuse(StatusCode::kMemory, "%s: expected memory to control its arrivals, got none", kernel.name);
  return status;
}

Status Runtime::gather(std::vector<SampleCall> calls, std::shared_ptr<void> keep) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (device_ != nullptr || target_.mode != Mode::kDeterministic || !target_.atomic.empty())
    return refuse(StatusCode::kDevice, "run by sample: expected the CPU in deterministic mode, got another target");
  const Status checked = check_by_sample(calls);
  if (!checked.ok()) return checked;
  try {
    const Status settled = goes_behind(gathered_, calls) ? Status{} : settle_locked();
    if (!settled.ok()) return settled;
    gathered_keep_.push_back(std::move(keep));
    gathered_.insert(gathered_.end(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run by sample: expected memory, got none");
  }
  return {};
}

Status Runtime::settle() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  return settle_locked();
}

Status Runtime::settle_locked() noexcept {
  if (gathered_.empty()) return {};
  const FloatEnvironment environment;
  if (gathered_.size() > 1) let_pass(gathered_);
  const int* passing = gathered_[0].passing;
  const bool alone = gathered_.size() == 1 && std::all_of(passing, passing + kMaxTensors, [](int number) { return number == 0; });
  if (!alone) {
    deal_ = Deal::kByPlace;
    seeded_ = controlled_ = false;
  }
  const Status status = alone ? run_alone(*gathered_[0].kernel, gathered_[0].call) : run_by_sample(*this, target_.isa, gathered_);
  scratch_.clear();
  gathered_.clear();
  gathered_keep_.clear();
  return status;
}

Mode Runtime::mode_of(const Kernel& kernel) const noexcept {
  if (target_.atomic.empty()) return target_.mode;
  const bool named = std::find(target_.atomic.begin(), target_.atomic.end(), &kernel) != target_.atomic.end();
  return named ? Mode::kAtomic : target_.mode;
}

void Runtime::parallel_controlled(int64_t tasks, Body body, void* state) noexcept {
  struct Noted {
    Body body;
    void* state;
    ArrivalWatch* watch;
    int loop;
  } noted{body, state, &watch_, loops_++};
  if (tasks <= 0) return;
  if (watch_.armed()) {
    exhausted_ = exhausted_ || !watch_.make_room(tasks);
    body = [](void* of, int64_t task, int worker) {
      const Noted& n = *static_cast<Noted*>(of);
      n.body(n.state, task, worker);
      n.watch->note(n.loop, task);
    };
    state = &noted;
  }
  std::vector<int64_t> order;
  if (seeded_ && !exhausted_) {
    const ArrivalPlace place{*target_.arrival_seed, step_, calls_, static_cast<uint32_t>(noted.loop)};
    exhausted_ = !draw_arrival(place, tasks, order);
  }
  if (exhausted_) return;  // run() refuses; what the kernel wrote is not read
  if (!seeded_) return pool_.run(tasks, body, state, deal_);
  struct Ordered {
    Body body;
    void* state;
    const std::vector<int64_t>* order;
  } ordered{body, state, &order};
  // To the pool they are one task, so they stay on the calling thread.
  pool_.run(
      1,
      [](void* of, int64_t, int worker) {
        const Ordered& o = *static_cast<Ordered*>(of);
        for (const int64_t task : *o.order) o.body(o.state, task, worker);
      },
      &ordered);
}

void Runtime::begin_step(uint32_t step, int workers) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  step_ = step;
  seeded_workers_ = workers;
  calls_ = 0;
}

void Runtime::watch(std::shared_ptr<Block> block, const float* element) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  settle_locked();  // a refusal of memory comes again with the call that is watched
  watch_.arm(std::move(block), element);
}

std::optional<std::vector<Arrival>> Runtime::arrivals() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (watch_.armed()) return {};
  return watch_.take();
}

Status Runtime::write(void* memory, const void* from, size_t bytes) noexcept {
  const Status settled = settle();
  if (!settled.ok()) return settled;
  if (device_ != nullptr) return device_->write(memory, from, bytes);
  std::memcpy(memory, from, bytes);
  return {};
}

Status Runtime::read(void* to, const void* memory, size_t bytes) noexcept {
  const Status settled = settle();
  if (!settled.ok()) return settled;
  if (device_ != nullptr) return device_->read(to, memory, bytes);
  std::memcpy(to, memory, bytes);
  return {};
}

void Runtime::trim() noexcept {
  if (device_ != nullptr) return device_->trim();
  memory_->trim();
  scratch_memory_->trim();
}

void* Runtime::scratch(size_t bytes) noexcept {
  std::shared_ptr<Block> block = scratch_memory_->take(bytes);
  if (block == nullptr) return nullptr;
  try {
    scratch_.push_back(block);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return block->data;
}

}  // namespace samebits
