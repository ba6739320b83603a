// Arrival under control: the order in which atomic mode joins partial sums, drawn from a seed instead of left to the
// threads, and a log of how one element grew while its partial sums arrived. docs/sources.md says the same in words.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/context.h"
#include "runtime/memory.h"

namespace samebits {

// What a kernel takes for the number of threads while its arrival is seeded: its tasks, so its partial sums, are then
// those of any machine. One thread runs them all.
inline constexpr int kSeededWorkers = 4;

// The order in which the tasks of one loop arrive: a shuffle by the rule of docs/contract.md, from the sequence (seed,
// stream arrival + 256 * loop, step) at the block 2^32 * call. False when memory is out.
struct ArrivalPlace {
  uint64_t seed;
  uint32_t step, call, loop;
};
bool draw_arrival(const ArrivalPlace& place, int64_t tasks, std::vector<int64_t>& order) noexcept;

// The watched element after a task of a loop of the kernel, loops counted from 0.
struct Arrival {
  int loop;
  int64_t task;
  float value;
};

// Logs the tasks of one kernel call in the order they are done.
class ArrivalWatch {
 public:
  // `block` keeps the element's memory alive.
  void arm(std::shared_ptr<Block> block, const float* element) noexcept;
  bool armed() const noexcept { return element_ != nullptr; }
  void disarm() noexcept;

  bool make_room(int64_t tasks) noexcept;  // before each loop; false when memory is out
  void note(int loop, int64_t task) noexcept;
  std::vector<Arrival> take() noexcept { return std::exchange(log_, {}); }

 private:
  std::shared_ptr<Block> block_;
  const float* element_ = nullptr;
  std::vector<Arrival> log_;
  std::mutex mutex_;
};

}  // namespace samebits
