#include "runtime/arrival.h"

#include <new>
#include <utility>

#include "core/philox.h"

namespace samebits {
namespace {

constexpr uint32_t kArrivalStream = 6;  // lib/random/streams.ts

// Words of one sequence, one after another.
class Words {
 public:
  explicit Words(const ArrivalPlace& place)
      : sequence_(philox::sequence(place.seed, kArrivalStream + 256 * place.loop, place.step)),
        first_(uint64_t{place.call} << 32) {}

  // An integer below n, 1 <= n < 2^32, each equally likely (Lemire 2019).
  uint32_t below(uint32_t n) {
    const uint32_t rejected = (0u - n) % n;  // 2^32 mod n
    for (;;) {
      const uint64_t product = uint64_t{next()} * n;
      if (static_cast<uint32_t>(product) >= rejected) return static_cast<uint32_t>(product >> 32);
    }
  }

 private:
  uint32_t next() {
    const uint64_t index = taken_++;
    if (index % 4 == 0) block_ = philox::block_at(sequence_, first_ + index / 4);
    return block_.word[index % 4];
  }

  philox::Sequence sequence_;
  uint64_t first_, taken_ = 0;
  philox::Block block_{};
};

}  // namespace

bool draw_arrival(const ArrivalPlace& place, int64_t tasks, std::vector<int64_t>& order) noexcept {
  try {
    order.resize(static_cast<size_t>(tasks));
  } catch (const std::exception&) {
    return false;
  }
  for (int64_t task = 0; task < tasks; ++task) order[task] = task;
  Words words(place);
  for (int64_t last = tasks - 1; last > 0; --last) std::swap(order[last], order[words.below(static_cast<uint32_t>(last + 1))]);
  return true;
}

void ArrivalWatch::arm(std::shared_ptr<Block> block, const float* element) noexcept {
  block_ = std::move(block);
  element_ = element;
  log_.clear();
}

void ArrivalWatch::disarm() noexcept {
  block_.reset();
  element_ = nullptr;
}

bool ArrivalWatch::make_room(int64_t tasks) noexcept {
  try {
    log_.reserve(log_.size() + static_cast<size_t>(tasks));
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

void ArrivalWatch::note(int loop, int64_t task) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  float value;
  __atomic_load(element_, &value, __ATOMIC_RELAXED);  // another thread may be adding to it
  log_.push_back({loop, task, value});
}

}  // namespace samebits
