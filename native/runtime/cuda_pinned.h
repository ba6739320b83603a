// The way between the host and a device: pieces of pinned memory that take turns, so that a write needs no wait while one
// is free. There are more of them where writes come faster than the device takes them: one batch while it computes another.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <cstring>

#include "runtime/device.h"
#include "simt/launch.h"

namespace samebits {

class PinnedMemory {
 public:
  Status open() noexcept {
    Status status;
    while (count_ < kFirst && status.ok()) {
      status = make(&pieces_[count_]);
      ++count_;  // also where it was made in part
    }
    return status;
  }

  void close() noexcept {
    for (int i = 0; i < count_; ++i) unmake(&pieces_[i]);
  }

  Status write(void* device, const void* host, size_t bytes, cudaStream_t stream) noexcept {
    Status status;
    for (size_t done = 0; done < bytes && status.ok(); done += kPiece) {
      const size_t size = std::min(kPiece, bytes - done);
      if (used_ + size > kPiece) status = next_turn();
      if (!status.ok()) break;
      const Piece& piece = pieces_[turn_];
      std::byte* pinned = static_cast<std::byte*>(piece.memory) + used_;
      used_ = (used_ + size + kAligned - 1) / kAligned * kAligned;
      std::memcpy(pinned, static_cast<const std::byte*>(host) + done, size);
      status = simt::check_cuda(
          "a copy to the device",
          cudaMemcpyAsync(static_cast<std::byte*>(device) + done, pinned, size, cudaMemcpyHostToDevice, stream));
      if (status.ok()) status = simt::check_cuda("a copy to the device", cudaEventRecord(piece.copied, stream));
    }
    return status;
  }

  // One wait for all that fits into the pieces, behind all that was asked for before, writes that still use them among it.
  Status read(const Transfer* parts, int count, cudaStream_t stream) noexcept {
    size_t bytes = 0;
    for (int i = 0; i < count; ++i) bytes += parts[i].bytes;
    const size_t room = static_cast<size_t>(count_) * kPiece;
    Status status;
    for (size_t begin = 0; begin < bytes && status.ok(); begin += room) {
      const size_t end = std::min(bytes, begin + room);
      each_run(parts, count, begin, end, [&](void* pinned, void*, const void* device, size_t size) {
        if (status.ok())
          status = simt::check_cuda("a copy from the device",
                                    cudaMemcpyAsync(pinned, device, size, cudaMemcpyDeviceToHost, stream));
      });
      // A kernel that went wrong is noticed here, at the first wait after it.
      if (status.ok()) {
        ++waits_;
        status = simt::check_cuda("the work on the device", cudaStreamSynchronize(stream));
      }
      if (!status.ok()) break;
      each_run(parts, count, begin, end,
               [](void* pinned, void* host, const void*, size_t size) { std::memcpy(host, pinned, size); });
    }
    return status;
  }

  uint64_t waits() const noexcept { return waits_; }

 private:
  static constexpr int kFirst = 8, kMost = 64;
  static constexpr size_t kPiece = size_t{1} << 20, kAligned = 64;

  struct Piece {
    void* memory = nullptr;
    cudaEvent_t copied = nullptr;  // from it, when it was last written
  };

  static Status make(Piece* piece) noexcept {
    const Status status = simt::check_cuda("pinned memory", cudaMallocHost(&piece->memory, kPiece));
    if (!status.ok()) return status;
    return simt::check_cuda("an event", cudaEventCreateWithFlags(&piece->copied, cudaEventDisableTiming));
  }
  static void unmake(Piece* piece) noexcept {
    if (piece->copied != nullptr) cudaEventDestroy(piece->copied);
    if (piece->memory != nullptr) cudaFreeHost(piece->memory);
    *piece = {};
  }

  // The next piece, which can be written when this returns: a new one takes its turn where it is still under way, and there is a
  // wait where there are enough of them or no memory for one more.
  Status next_turn() noexcept {
    turn_ = (turn_ + 1) % count_;
    used_ = 0;
    const cudaError_t asked = cudaEventQuery(pieces_[turn_].copied);
    if (asked != cudaErrorNotReady) return simt::check_cuda("a copy to the device", asked);
    cudaGetLastError();  // that is no fault
    if (count_ < kMost) {
      Piece more;
      if (make(&more).ok()) {
        std::move_backward(pieces_ + turn_, pieces_ + count_, pieces_ + count_ + 1);
        pieces_[turn_] = more;
        ++count_;
        return {};
      }
      cudaGetLastError();
      unmake(&more);
    }
    ++waits_;
    return simt::check_cuda("a copy to the device", cudaEventSynchronize(pieces_[turn_].copied));
  }

  // f(pinned, host, device, size) for bytes [begin, end) of all parts one behind the other, cut where a piece ends.
  template <class F>
  void each_run(const Transfer* parts, int count, size_t begin, size_t end, F f) const noexcept {
    size_t first = 0;  // byte of the part, among all
    for (int i = 0; i < count; first += parts[i].bytes, ++i) {
      const size_t last = std::min(end, first + parts[i].bytes);
      for (size_t at = std::max(begin, first); at < last;) {
        const size_t place = at - begin, size = std::min(last - at, kPiece - place % kPiece);
        f(static_cast<std::byte*>(pieces_[place / kPiece].memory) + place % kPiece,
          static_cast<std::byte*>(parts[i].host) + (at - first), static_cast<const std::byte*>(parts[i].device) + (at - first),
          size);
        at += size;
      }
    }
  }

  Piece pieces_[kMost];
  int count_ = 0;
  int turn_ = 0;     // of the piece that writes go to
  size_t used_ = 0;  // bytes of it, so that small writes share one
  uint64_t waits_ = 0;
};

}  // namespace samebits
