// The way between the host and a device: pieces of pinned memory that take turns, so that small writes need no wait.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstring>

#include "simt/launch.h"

namespace samebits {

class PinnedMemory {
 public:
  Status open() noexcept {
    Status status;
    for (int turn = 0; turn < kTurns && status.ok(); ++turn) {
      status = simt::check_cuda("pinned memory", cudaMallocHost(&pieces_[turn], kPiece));
      if (status.ok())
        status = simt::check_cuda("an event", cudaEventCreateWithFlags(&copied_[turn], cudaEventDisableTiming));
    }
    return status;
  }

  void close() noexcept {
    for (int turn = 0; turn < kTurns; ++turn) {
      if (copied_[turn] != nullptr) cudaEventDestroy(copied_[turn]);
      if (pieces_[turn] != nullptr) cudaFreeHost(pieces_[turn]);
    }
  }

  // A piece is used again when what was copied from it has gone.
  Status write(void* device, const void* host, size_t bytes, cudaStream_t stream) noexcept {
    Status status;
    for (size_t done = 0; done < bytes && status.ok(); done += kPiece) {
      const int turn = turn_;
      const size_t size = std::min(kPiece, bytes - done);
      status = simt::check_cuda("a copy to the device", cudaEventSynchronize(copied_[turn]));
      if (!status.ok()) break;
      turn_ = (turn + 1) % kTurns;
      std::memcpy(pieces_[turn], static_cast<const std::byte*>(host) + done, size);
      status = simt::check_cuda(
          "a copy to the device",
          cudaMemcpyAsync(static_cast<std::byte*>(device) + done, pieces_[turn], size, cudaMemcpyHostToDevice, stream));
      if (status.ok()) status = simt::check_cuda("a copy to the device", cudaEventRecord(copied_[turn], stream));
    }
    return status;
  }

  // Waits for all that was asked for before, writes that still use a piece among it.
  Status read(void* host, const void* device, size_t bytes, cudaStream_t stream) noexcept {
    Status status;
    for (size_t done = 0; done < bytes && status.ok(); done += kPiece) {
      const size_t size = std::min(kPiece, bytes - done);
      status = simt::check_cuda("a copy from the device",
                                cudaMemcpyAsync(pieces_[0], static_cast<const std::byte*>(device) + done, size,
                                                cudaMemcpyDeviceToHost, stream));
      // A kernel that went wrong is noticed here, at the first wait after it.
      if (status.ok()) status = simt::check_cuda("the work on the device", cudaStreamSynchronize(stream));
      if (status.ok()) std::memcpy(static_cast<std::byte*>(host) + done, pieces_[0], size);
    }
    return status;
  }

 private:
  static constexpr int kTurns = 8;
  static constexpr size_t kPiece = size_t{1} << 20;

  void* pieces_[kTurns] = {};
  cudaEvent_t copied_[kTurns] = {};
  int turn_ = 0;  // of the piece that the next write takes
};

}  // namespace samebits
