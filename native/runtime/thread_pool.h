// A fixed set of threads that share out the tasks of one loop at a time. Kernels are written so that who runs which task
// cannot reach a result. One thread at a time drives: it asks for the loops. The others take part as they come, and no loop
// waits for one that does not.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/context.h"
#include "runtime/shares.h"

namespace samebits {

class ThreadPool {
 public:
  // What a helper does whenever it is woken: it drives, if there is something to drive and nobody does.
  using Drive = void (*)(void* state, int worker) noexcept;

  ThreadPool(int threads, Drive drive, void* state);  // the calling thread counts as one of them, worker 0
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept { return static_cast<int>(helpers_.size()) + 1; }
  // From the thread that drives, whose number as a worker is `driver`.
  void run(int driver, int64_t tasks, Context::Body body, void* state, Deal how) noexcept;
  // Helpers look for something to drive, and whoever takes part looks whether it is done.
  void wake() noexcept;
  // The calling thread takes part as worker 0 until `done`, which is asked whenever it was woken.
  template <class Done>
  void take_part(Done done) noexcept {
    for (;;) {
      const uint32_t seen = round_.load(std::memory_order_acquire);
      if (done()) return;
      join(0);
      if (done()) return;
      wait_beyond(seen);
    }
  }

 private:
  void help(int worker) noexcept;
  void join(int worker) noexcept;
  void work(int worker) noexcept;
  void wait_beyond(uint32_t seen) noexcept;

  std::vector<std::thread> helpers_;
  int spins_ = 0;  // polls before a wait goes to the kernel; none when threads outnumber cores
  Drive drive_;
  void* drive_state_;
  Context::Body body_ = nullptr;
  void* state_ = nullptr;
  Shares shares_;
  alignas(64) std::atomic<uint32_t> round_{0};  // a new value: a new loop, or something else to look at
  alignas(64) std::atomic<bool> open_{false};   // the loop may be joined
  alignas(64) std::atomic<int> joined_{0};      // others than the driver that work, or look whether they may
  std::atomic<bool> stopping_{false};
};

}  // namespace samebits
