// When work of the CPU was done.
#pragma once

#include <chrono>
#include <new>
#include <vector>

#include "core/status.h"

namespace samebits {

class ClockMarks {
 public:
  Status mark() noexcept {
    try {
      times_.push_back(std::chrono::steady_clock::now());
    } catch (const std::bad_alloc&) {
      return refuse(StatusCode::kMemory, "mark: expected memory, got none");
    }
    return {};
  }

  Status between(std::vector<double>* seconds) noexcept {
    try {
      for (size_t i = 1; i < times_.size(); ++i)
        seconds->push_back(std::chrono::duration<double>(times_[i] - times_[i - 1]).count());
    } catch (const std::bad_alloc&) {
      return refuse(StatusCode::kMemory, "marks: expected memory, got none");
    }
    times_.clear();
    return {};
  }

 private:
  std::vector<std::chrono::steady_clock::time_point> times_;
};

}  // namespace samebits
