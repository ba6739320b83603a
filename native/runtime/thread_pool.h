// A fixed set of threads that share out the tasks of one loop at a time. Kernels are written so that who runs which task
// cannot reach a result.
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
  explicit ThreadPool(int threads);  // the calling thread counts as one of them
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const noexcept { return static_cast<int>(helpers_.size()) + 1; }
  void run(int64_t tasks, Context::Body body, void* state, Deal how = Deal::kByPlace) noexcept;

 private:
  void help(int worker) noexcept;
  void work(int worker) noexcept;

  std::vector<std::thread> helpers_;
  int spins_ = 0;  // polls before a wait goes to the kernel; none when threads outnumber cores
  Context::Body body_ = nullptr;
  void* state_ = nullptr;
  Shares shares_;
  alignas(64) std::atomic<uint32_t> round_{0};  // a new value: a new loop, or the end
  alignas(64) std::atomic<int> busy_{0};        // helpers that have not finished this round
  std::atomic<bool> stopping_{false};
};

}  // namespace samebits
