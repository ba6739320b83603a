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

ThreadPool::ThreadPool(int threads) : shares_(threads) {
  const unsigned cores = std::thread::hardware_concurrency();
  spins_ = cores == 0 || static_cast<unsigned>(threads) <= cores ? kSpins : 0;
  helpers_.reserve(threads > 1 ? threads - 1 : 0);
  for (int worker = 1; worker < threads; ++worker) helpers_.emplace_back([this, worker] { help(worker); });
}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void ThreadPool::run(int64_t tasks, Context::Body body, void* state, Deal how) noexcept {
  if (tasks <= 0) return;
  if (tasks == 1 || helpers_.empty()) {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
    fence();
    return;
  }
  body_ = body;
  state_ = state;
  shares_.deal(tasks, how);
  busy_.store(static_cast<int>(helpers_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  work(0);
  for (int spin = 0; spin < spins_ && busy_.load(std::memory_order_acquire) != 0; ++spin) relax();
  for (int left = busy_.load(std::memory_order_acquire); left != 0; left = busy_.load(std::memory_order_acquire))
    busy_.wait(left, std::memory_order_acquire);
}

void ThreadPool::help(int worker) noexcept {
  const FloatEnvironment environment;
  uint32_t seen = 0;
  for (;;) {
    for (int spin = 0; spin < spins_ && round_.load(std::memory_order_acquire) == seen; ++spin) relax();
    round_.wait(seen, std::memory_order_acquire);
    seen = round_.load(std::memory_order_acquire);
    if (stopping_.load(std::memory_order_relaxed)) return;
    work(worker);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

void ThreadPool::work(int worker) noexcept {
  for (int64_t task = shares_.take(worker); task >= 0; task = shares_.take(worker)) body_(state_, task, worker);
  fence();
}

}  // namespace samebits
