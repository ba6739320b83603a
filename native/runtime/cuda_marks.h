// When the work of a stream was done, by the device's own clock.
#pragma once

#include <cuda_runtime.h>

#include <new>
#include <vector>

#include "simt/launch.h"

namespace samebits {

class Marks {
 public:
  Status mark(cudaStream_t stream) noexcept {
    try {
      cudaEvent_t event = nullptr;
      events_.reserve(events_.size() + 1);
      const Status status = simt::check_cuda("an event", cudaEventCreateWithFlags(&event, cudaEventDefault));
      if (!status.ok()) return status;
      events_.push_back(event);
      return simt::check_cuda("an event", cudaEventRecord(event, stream));
    } catch (const std::bad_alloc&) {
      return refuse(StatusCode::kMemory, "mark: expected memory, got none");
    }
  }

  Status between(std::vector<double>* seconds) noexcept {
    Status status;
    if (!events_.empty()) status = simt::check_cuda("the work on the device", cudaEventSynchronize(events_.back()));
    try {
      for (size_t i = 1; i < events_.size() && status.ok(); ++i) {
        float milliseconds = 0;
        status = simt::check_cuda("the time of an event", cudaEventElapsedTime(&milliseconds, events_[i - 1], events_[i]));
        seconds->push_back(static_cast<double>(milliseconds) / 1000);
      }
    } catch (const std::bad_alloc&) {
      status = refuse(StatusCode::kMemory, "marks: expected memory, got none");
    }
    close();
    return status;
  }

  void close() noexcept {
    for (const cudaEvent_t event : events_) cudaEventDestroy(event);
    events_.clear();
  }

 private:
  std::vector<cudaEvent_t> events_;
};

}  // namespace samebits
