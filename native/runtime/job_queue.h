// The calls that a runtime has not computed yet, in the order in which they came. With several threads a helper computes them
// while the caller goes on; the caller takes part when it waits. With one thread the caller computes many of them at once:
// so its own code and data stay in the caches between two calls. README.md says how this fits together.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "core/status.h"
#include "runtime/sample_call.h"
#include "runtime/thread_pool.h"

namespace samebits {

// One call of a kernel, a fused row of calls, or a few bytes to write. A job does not hold its memory: memory that was freed
// meanwhile is written by its next owner only in a later job.
struct Job {
  std::vector<SampleCall> calls;
  std::vector<std::byte> bytes;
  void* to = nullptr;                       // where the bytes go
  std::vector<std::shared_ptr<void>> keep;  // what else they need
};

class JobQueue {
 public:
  // Computes a job on the thread that drives, whose number as a worker comes along.
  using Run = Status (*)(void* owner, Job& job, int worker) noexcept;

  JobQueue(int threads, Run run, void* owner) : run_(run), owner_(owner), pool_(threads, drive, this) {}
  ~JobQueue();  // drops what has not begun

  ThreadPool& pool() noexcept { return pool_; }
  const ThreadPool& pool() const noexcept { return pool_; }
  // Both give the refusal of an earlier job, if there is one; what came behind that job is dropped, like this one.
  Status post(Job job) noexcept;
  Status finish() noexcept;  // when all is computed

 private:
  static constexpr int kMost = 256, kFew = 32;  // jobs at which the caller begins to wait, and goes on

  static void drive(void* queue, int worker) noexcept;
  bool claim() noexcept;
  void drain(int worker) noexcept;
  void wait_for(int jobs) noexcept;

  Run run_;
  void* owner_;
  std::mutex mutex_;
  std::deque<Job> waiting_;
  bool driven_ = false;  // somebody computes what waits
  Status failure_;
  std::atomic<int> pending_{0};  // jobs that wait or run
  ThreadPool pool_;              // last: its threads use the rest
};

}  // namespace samebits
