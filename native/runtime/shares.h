// The tasks of a loop, dealt out to workers. By place: each worker begins with its share of neighbouring tasks, the same part
// of every loop, and finds in its own caches what it left there in the loop before; the caches of another core may be as slow
// as memory. A worker that is done takes tasks from the shares of others. By arrival: all come from one queue, in order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace samebits {

enum class Deal { kByPlace, kByArrival };

class Shares {
 public:
  explicit Shares(int workers) : shares_(static_cast<size_t>(workers)) {}

  void deal(int64_t tasks, Deal how) noexcept {
    const int64_t count = how == Deal::kByPlace ? static_cast<int64_t>(shares_.size()) : 1;
    for (int64_t i = 0; i < static_cast<int64_t>(shares_.size()); ++i) {
      Share& share = shares_[static_cast<size_t>(i)];
      share.next.store(i < count ? tasks * i / count : tasks, std::memory_order_relaxed);
      share.end = i < count ? tasks * (i + 1) / count : tasks;
    }
  }

  // The next task for this worker; negative when all are taken.
  int64_t take(int worker) noexcept {
    for (size_t i = 0; i < shares_.size(); ++i) {
      Share& share = shares_[(static_cast<size_t>(worker) + i) % shares_.size()];
      if (share.next.load(std::memory_order_relaxed) >= share.end) continue;
      const int64_t task = share.next.fetch_add(1, std::memory_order_relaxed);
      if (task < share.end) return task;
    }
    return -1;
  }

 private:
  struct alignas(64) Share {
    std::atomic<int64_t> next{0};
    int64_t end = 0;
  };
  std::vector<Share> shares_;
};

}  // namespace samebits
