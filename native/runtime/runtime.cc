#include "runtime/runtime.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <utility>

#include "runtime/by_sample.h"
#include "runtime/guarded.h"
#include "runtime/sample_row.h"

namespace samebits {

Status Runtime::run(const Kernel& kernel, const Call& call, std::shared_ptr<void> keep) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Status checked = kernel.check(call);
  if (!checked.ok()) return checked;
  if (device_ != nullptr) return device_->run(kernel, call, mode_of(kernel));
  if (kernel.cpu[static_cast<int>(target_.isa)].fn[static_cast<int>(mode_of(kernel))] == nullptr)
    return refuse(StatusCode::kDevice, "%s: expected a kernel for cpu/%s, got none in this build", kernel.name,
                  kIsaNames[static_cast<int>(target_.isa)]);
  const Status closed = close_row();
  if (!closed.ok()) return closed;
  try {
    Job job;
    job.calls.push_back({&kernel, call, {}, {}, {}});
    job.keep.push_back(std::move(keep));
    return jobs_.post(std::move(job));
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "%s: expected memory, got none", kernel.name);
  }
}

// On the thread that drives.
Status Runtime::execute(void* runtime, Job& job, int worker) noexcept {
  auto& self = *static_cast<Runtime*>(runtime);
  self.driver_ = worker;
  if (job.to != nullptr) {
    std::memcpy(job.to, job.bytes.data(), job.bytes.size());
    return {};
  }
  const SampleCall& first = job.calls.front();
  const bool alone = job.calls.size() == 1 && std::all_of(std::begin(first.passing), std::end(first.passing),
                                                          [](int number) { return number == 0; });
  if (alone) return self.run_alone(*first.kernel, first.call);
  self.deal_ = Deal::kByPlace;
  self.seeded_ = self.controlled_ = false;
  const Status status = run_by_sample(self, self.target_.isa, job.calls);
  self.scratch_.clear();
  return status;
}

Status Runtime::run_alone(const Kernel& kernel, Call call) noexcept {
  const Mode mode = mode_of(kernel);
  const KernelFn fn = kernel.cpu[static_cast<int>(target_.isa)].fn[static_cast<int>(mode)];
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
    const Status closed = goes_behind(gathered_.calls, calls) ? Status{} : close_row();
    if (!closed.ok()) return closed;
    gathered_.keep.push_back(std::move(keep));
    gathered_.calls.insert(gathered_.calls.end(), std::make_move_iterator(calls.begin()), std::make_move_iterator(calls.end()));
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run by sample: expected memory, got none");
  }
  return {};
}

// Nothing can be gathered behind what is gathered so far.
Status Runtime::close_row() noexcept {
  if (gathered_.calls.empty()) return {};
  if (gathered_.calls.size() > 1) let_pass(gathered_.calls);
  if constexpr (!kGuarded)
    for (SampleCall& call : gathered_.calls)
      for (std::shared_ptr<Block>& block : call.blocks) block.reset();
  return jobs_.post(std::exchange(gathered_, {}));
}

Status Runtime::finish() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (device_ != nullptr) return device_->finish();
  const Status closed = close_row();
  const Status finished = jobs_.finish();
  return closed.ok() ? finished : closed;
}

Status Runtime::mark() noexcept {
  if (device_ != nullptr) return device_->mark();
  const Status finished = finish();
  if (!finished.ok()) return finished;
  return marks_.mark();
}

Status Runtime::between_marks(std::vector<double>* seconds) noexcept {
  return device_ != nullptr ? device_->between_marks(seconds) : marks_.between(seconds);
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
  if (!seeded_) return jobs_.pool().run(driver_, tasks, body, state, deal_);
  struct Ordered {
    Body body;
    void* state;
    const std::vector<int64_t>* order;
  } ordered{body, state, &order};
  // To the pool they are one task, so they stay on this thread: the kernel's worker 0, whose number workers() may not reach.
  jobs_.pool().run(
      0, 1,
      [](void* of, int64_t, int worker) {
        const Ordered& o = *static_cast<Ordered*>(of);
        for (const int64_t task : *o.order) o.body(o.state, task, worker);
      },
      &ordered, deal_);
}

void Runtime::begin_step(uint32_t step, int workers) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  step_ = step;
  seeded_workers_ = workers;
  calls_ = 0;
}

void Runtime::watch(std::shared_ptr<Block> block, const float* element) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  watch_.arm(std::move(block), element);
}

std::optional<std::vector<Arrival>> Runtime::arrivals() noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (watch_.armed()) return {};
  return watch_.take();
}

// A few bytes, such as a learning rate, are copied twice instead of waiting for calls that may still use the memory.
Status Runtime::write(void* memory, const void* from, size_t bytes) noexcept {
  constexpr size_t kFewBytes = kGuarded ? 0 : 4096;  // where they go may be let go before they go there
  if (device_ != nullptr) return device_->write(memory, from, bytes);
  if (bytes > kFewBytes) {
    const Status finished = finish();
    if (finished.ok()) std::memcpy(memory, from, bytes);
    return finished;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const Status closed = close_row();
  if (!closed.ok()) return closed;
  try {
    const auto* first = static_cast<const std::byte*>(from);
    return jobs_.post({{}, {first, first + bytes}, memory, {}});
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "write: expected memory, got none");
  }
}

Status Runtime::read(const Transfer* parts, int count) noexcept {
  if (device_ != nullptr) return device_->read(parts, count);
  const Status finished = finish();
  for (int i = 0; i < count && finished.ok(); ++i) std::memcpy(parts[i].host, parts[i].device, parts[i].bytes);
  return finished;
}

// Behind the calls that may still use the memory; what is gathered keeps its own. Null where an earlier call was refused.
std::shared_ptr<Block> Runtime::poisoned(std::shared_ptr<Block> block) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  try {
    std::vector<std::byte> bytes(block->capacity);
    poison(bytes.data(), bytes.size());
    const Status filled = device_ ? device_->write(block->data, bytes.data(), bytes.size())
                                  : jobs_.post({{}, std::move(bytes), block->data, {kGuarded ? block : nullptr}});
    return filled.ok() ? block : nullptr;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void Runtime::trim() noexcept {
  if (device_ != nullptr) return device_->trim();
  memory_->trim();
  scratch_memory_->trim();
}

void* Runtime::scratch(size_t bytes) noexcept {
  std::shared_ptr<Block> block = scratch_memory_->take(bytes);
  if (block == nullptr) return nullptr;
  if (conditions().poisoned) poison(block->data, block->capacity);
  try {
    scratch_.push_back(block);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return block->data;
}

}  // namespace samebits
