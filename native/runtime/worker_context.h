// The context that kernels get from a thread which takes one sample through them.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "core/kernel.h"

namespace samebits {

// One worker's context: loops run where they are, and scratch memory taken for one sample serves the next. When others have no
// samples left they take tasks of its loops.
class WorkerContext final : public Context {
 public:
  WorkerContext(Context& whole, std::mutex& mutex, int id) : whole_(whole), mutex_(mutex), id_(id) {}

  int workers() const noexcept override { return shared_ ? whole_.workers() : 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    if (!shared_ || tasks < 2) {
      for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
      return;
    }
    body_ = body;
    state_ = state;
    tasks_ = tasks;
    next_.store(0, std::memory_order_relaxed);
    open_.store(true);
    take_tasks(0);
    open_.store(false);
    while (helpers_.load() != 0) std::this_thread::yield();
  }
  // Takes tasks of the loop that is open, if one is, as the worker `id`.
  void help(int id) noexcept {
    if (!open_.load()) return;
    // Looked at once more behind the count: whoever closes a loop waits for those that may have seen it open. All of these are
    // locked instructions where stores may be streamed, which puts the streamed ones in order too.
    helpers_.fetch_add(1);
    if (open_.load()) take_tasks(id == 0 ? id_ : id);  // to its kernels the owner is worker 0
    helpers_.fetch_sub(1);
  }
  void* scratch(size_t bytes) noexcept override {
    if (used_ < parts_.size() && parts_[used_].bytes >= bytes) return parts_[used_++].data;
    const std::lock_guard<std::mutex> lock(mutex_);
    const Part part{bytes, whole_.scratch(bytes)};
    if (part.data == nullptr) return nullptr;
    try {
      parts_.insert(parts_.begin() + static_cast<std::ptrdiff_t>(used_), part);
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    ++used_;
    return part.data;
  }
  void begin_sample() noexcept { used_ = 0; }
  // Whether other workers may take tasks of the kernel that comes next.
  void share(bool shared) noexcept { shared_ = shared; }

  Status status;  // the first refusal

 private:
  struct Part {
    size_t bytes;
    void* data;
  };
  void take_tasks(int worker) noexcept {
    for (int64_t task = next_.fetch_add(1); task < tasks_; task = next_.fetch_add(1)) body_(state_, task, worker);
  }

  Context& whole_;
  std::mutex& mutex_;
  const int id_;
  bool shared_ = false;
  Body body_ = nullptr;
  void* state_ = nullptr;
  int64_t tasks_ = 0;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> open_{false};
  std::atomic<int> helpers_{0};
  std::vector<Part> parts_;
  size_t used_ = 0;
};

}  // namespace samebits
