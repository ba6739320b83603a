// The context that kernels get from a thread which takes one sample through them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "core/kernel.h"
#include "runtime/guarded.h"
#include "runtime/memory.h"

namespace samebits {

// One worker's context: loops run where they are, and scratch memory taken for one kernel serves the next. When others have no
// samples left they take tasks of its loops.
class WorkerContext final : public Context {
 public:
  WorkerContext(Context& whole, std::mutex& mutex, int id)
      : Context(whole.conditions()), whole_(whole), mutex_(mutex), id_(id) {}

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
    // open_ is read again after helpers_ was counted up: who closes the loop waits for everybody counted, so nobody enters a loop
    // that is closed. On x86 these are locked instructions, which also order the streamed stores of the tasks.
    helpers_.fetch_add(1);
    if (open_.load()) take_tasks(id == 0 ? id_ : id);  // to its kernels the owner is worker 0
    helpers_.fetch_sub(1);
  }
  void* scratch(size_t bytes) noexcept override {
    if constexpr (kGuarded) {
      const std::lock_guard<std::mutex> lock(mutex_);
      return whole_.scratch(bytes);
    }
    const size_t taken = (bytes + 63) / 64 * 64;
    while (slab_ < slabs_.size() && slabs_[slab_].bytes - used_ < taken) {
      ++slab_;
      used_ = 0;
    }
    if (slab_ == slabs_.size() && !add_slab(taken)) return nullptr;
    std::byte* data = slabs_[slab_].data + used_;
    used_ += taken;
    if (conditions().poisoned) poison(data, taken);
    return data;
  }
  // Before every kernel; with `shared` other workers may take tasks of it.
  void begin_kernel(bool shared) noexcept {
    shared_ = shared;
    slab_ = used_ = 0;
  }

  Status status;  // the first refusal

 private:
  // One size for all: otherwise later steps, in which other kernels happen to be shared, would take more memory.
  static constexpr size_t kSlab = size_t{4} << 20;
  struct Slab {
    std::byte* data;
    size_t bytes;
  };
  bool add_slab(size_t least) noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    const size_t bytes = std::max(least, kSlab);
    auto* data = static_cast<std::byte*>(whole_.scratch(bytes));
    if (data == nullptr) return false;
    try {
      slabs_.push_back({data, bytes});
    } catch (const std::bad_alloc&) {
      return false;
    }
    return true;
  }
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
  std::vector<Slab> slabs_;
  size_t slab_ = 0, used_ = 0;  // where free memory begins
};

}  // namespace samebits
