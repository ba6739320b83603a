#include "runtime/job_queue.h"

#include <new>
#include <utility>

#include "runtime/float_environment.h"

namespace samebits {

JobQueue::~JobQueue() {
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.clear();
}

Status JobQueue::post(Job job) noexcept {
  bool driven = false;
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_.ok()) return std::exchange(failure_, {});
    waiting_.push_back(std::move(job));
    pending_.fetch_add(1);
    driven = driven_;
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "run: expected memory for a call, got none");
  }
  if (!driven && pool_.threads() > 1) pool_.wake();
  if (pending_.load() >= kMost) wait_for(kFew);
  return {};
}

Status JobQueue::finish() noexcept {
  wait_for(0);
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(failure_, {});
}

// Until at most so many jobs wait or run.
void JobQueue::wait_for(int jobs) noexcept {
  const auto done = [&] { return pending_.load() <= jobs; };
  if (done()) return;
  const FloatEnvironment environment;
  while (!done()) {
    bool claimed = false;
    pool_.take_part([&] { return done() || (claimed = claim()); });
    if (claimed) drain(0);
  }
}

void JobQueue::drive(void* queue, int worker) noexcept {
  auto& self = *static_cast<JobQueue*>(queue);
  if (self.claim()) self.drain(worker);
}

// Whether the calling thread is to compute what waits.
bool JobQueue::claim() noexcept {
  if (pending_.load() == 0) return false;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (driven_ || waiting_.empty()) return false;
  driven_ = true;
  return true;
}

void JobQueue::drain(int worker) noexcept {
  for (;;) {
    Job job;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (waiting_.empty()) {
        driven_ = false;
        break;
      }
      job = std::move(waiting_.front());
      waiting_.pop_front();
    }
    const Status status = run_(owner_, job, worker);
    int ended = 1;
    if (!status.ok()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      failure_ = status;
      ended += static_cast<int>(waiting_.size());
      waiting_.clear();
    }
    if (pending_.fetch_sub(ended) - ended == kFew) pool_.wake();
  }
  pool_.wake();
}

}  // namespace samebits
