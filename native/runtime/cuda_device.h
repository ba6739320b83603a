// The CUDA device: one stream that orders all work, a memory pool that keeps what is freed, and pinned memory between.
// Nothing here waits for the device but read() and finish(), and write() where all of its pinned memory is under way.
// Calls of a multi-tensor kernel are gathered until something else is asked for (cuda_group.h); memory that is let go meanwhile
// goes back behind them.
// With SAMEBITS_CUDA_CHECK=1 in the environment when it is opened it waits behind each launch, so that a fault is told of the
// kernel that made it, and each block is an allocation of its own that ends with its last byte, for compute-sanitizer.
#pragma once

#include <cuda_runtime.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "runtime/cuda_faults.h"
#include "runtime/cuda_group.h"
#include "runtime/cuda_marks.h"
#include "runtime/cuda_pinned.h"
#include "runtime/device.h"
#include "simt/launch.h"

namespace samebits {

class CudaDevice final : public Device, public simt::DeviceContext, public std::enable_shared_from_this<CudaDevice> {
 public:
  CudaDevice() = default;
  ~CudaDevice() override;
  Status open() noexcept;

  std::shared_ptr<Block> take(size_t bytes, Status* why) noexcept override;
  void trim() noexcept override { cudaMemPoolTrimTo(pool_, 0); }
  size_t in_use() const noexcept override { return in_use_; }
  size_t held() const noexcept override;
  size_t blocks_in_use() const noexcept override { return blocks_; }

  Status write(void* device, const void* host, size_t bytes) noexcept override {
    const Lock lock(mutex_);
    const Status status = run_group();
    return status.ok() ? pinned_.write(device, host, bytes, stream_) : status;
  }
  Status read(const Transfer* parts, int count) noexcept override {
    const Lock lock(mutex_);
    const Status status = run_group();
    return status.ok() ? pinned_.read(parts, count, stream_) : status;
  }
  Status run(const Kernel& kernel, Call call, Mode mode) noexcept override;
  Status finish() noexcept override;
  Status mark() noexcept override {
    const Lock lock(mutex_);
    const Status status = run_group();
    return status.ok() ? marks_.mark(stream_) : status;
  }
  Status between_marks(std::vector<double>* seconds) noexcept override {
    const Lock lock(mutex_);
    ++waits_;
    return marks_.between(seconds);
  }
  DeviceCounts counts() const noexcept override { return {launches_, waits_ + pinned_.waits()}; }

  cudaStream_t stream() const noexcept override { return stream_; }
  Status launched(int64_t blocks, int threads) const noexcept override;
  void* scratch(size_t bytes) noexcept override;
  int workers() const noexcept override { return 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
  }

 private:
  using Lock = std::lock_guard<std::recursive_mutex>;  // scratch memory goes back within a call

  struct GiveBack;
  cudaError_t allocate(void** data, size_t bytes) noexcept;
  void release(void* data) noexcept;
  void release_now(void* data) noexcept;
  Status run_now(const Kernel& kernel, Call call, Mode mode) noexcept;
  void start_group() noexcept;
  Status run_group() noexcept;

  const bool checks_ = asked_to_check();
  std::recursive_mutex mutex_;  // one call at a time; others wait
  cudaStream_t stream_ = nullptr;
  cudaMemPool_t pool_ = nullptr;
  PinnedMemory pinned_;
  Marks marks_;
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  Status scratch_refused_;                       // why it got none, the first time
  CallGroup group_;                              // calls that are not started yet
  Status group_refused_;                         // what went wrong with those before, until it is told
  std::vector<void*> let_go_;                    // memory that goes back when they are
  mutable std::atomic<uint64_t> launches_{0};
  std::atomic<uint64_t> waits_{0};  // beside those of pinned memory
  std::atomic<size_t> in_use_{0}, blocks_{0};
};

}  // namespace samebits
