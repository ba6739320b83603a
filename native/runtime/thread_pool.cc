#include "runtime/thread_pool.h"

#include "runtime/float_environment.h"

namespace samebits {
namespace {

constexpr int kSpins = 20000;  // about 100 microseconds: longer than the gap between two kernels of a training step

inline void relax() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Makes streaming stores of this thread visible before it reports that it is done.
inline void fence() noexcept {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads, Drive drive, void* state) : drive_(drive), drive_state_(state), shares_(threads) {
  const unsigned cores = std::thread::hardware_concurrency();
  spins_ = cores == 0 || static_cast<unsigned>(threads) <= cores ? kSpins : 0;
  helpers_.reserve(threads > 1 ? threads - 1 : 0);
  for (int worker = 1; worker < threads; ++worker) helpers_.emplace_back([this, worker] { help(worker); });
}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  wake();
  for (std::thread& helper : helpers_) helper.join();
}

void ThreadPool::run(int driver, int64_t tasks, Context::Body body, void* state, Deal how) noexcept {
  if (tasks <= 0) return;
  if (tasks == 1 || helpers_.empty()) {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, driver);
    fence();
    return;
  }
  body_ = body;
  state_ = state;
  shares_.deal(tasks, how);
  open_.store(true);
  wake();
  work(driver);
  open_.store(false);
  for (int spin = 0; spin < spins_ && joined_.load() != 0; ++spin) relax();
  for (int left = joined_.load(); left != 0; left = joined_.load()) joined_.wait(left);
}

void ThreadPool::wake() noexcept {
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

void ThreadPool::help(int worker) noexcept {
  const FloatEnvironment environment;
  for (uint32_t seen = 0;;) {
    wait_beyond(seen);
    seen = round_.load(std::memory_order_acquire);
    if (stopping_.load(std::memory_order_relaxed)) return;
    drive_(drive_state_, worker);
    join(worker);
  }
}

// Works with the others, if a loop is open. It is looked at behind the count: the driver closes a loop and then waits for those
// that may have seen it open.
void ThreadPool::join(int worker) noexcept {
  joined_.fetch_add(1);
  if (open_.load()) work(worker);
  if (joined_.fetch_sub(1) == 1) joined_.notify_one();
}

void ThreadPool::work(int worker) noexcept {
  for (int64_t task = shares_.take(worker); task >= 0; task = shares_.take(worker)) body_(state_, task, worker);
  fence();
}

void ThreadPool::wait_beyond(uint32_t seen) noexcept {
  for (int spin = 0; spin < spins_ && round_.load(std::memory_order_acquire) == seen; ++spin) relax();
  round_.wait(seen, std::memory_order_acquire);
}

}  // namespace samebits
