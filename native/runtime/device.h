// A place to compute that is not the CPU: its memory, the way there and back, and its kernels. All its work happens in
// the order it was asked for; only read() and finish() wait for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/kernel.h"
#include "runtime/memory.h"

namespace samebits {

// Bytes of the device, and where they go on the host.
struct Transfer {
  void* host;
  const void* device;
  size_t bytes;
};

// What was done since the device was opened: kernels started, and waits until it was done with something.
struct DeviceCounts {
  uint64_t launches = 0, waits = 0;
};

class Device {
 public:
  virtual ~Device() = default;

  // Null when the device has no memory left or does not answer; `why` says which.
  virtual std::shared_ptr<Block> take(size_t bytes, Status* why) noexcept = 0;
  virtual void trim() noexcept = 0;
  virtual size_t in_use() const noexcept = 0;
  virtual size_t held() const noexcept = 0;
  virtual size_t blocks_in_use() const noexcept = 0;

  virtual Status write(void* device, const void* host, size_t bytes) noexcept = 0;
  virtual Status read(const Transfer* parts, int count) noexcept = 0;
  virtual Status run(const Kernel& kernel, Call call, Mode mode) noexcept = 0;  // after its check
  virtual Status finish() noexcept = 0;                                         // waits until all work is done

  virtual DeviceCounts counts() const noexcept = 0;

  // Notes on the device's own clock when all work asked for so far is done.
  virtual Status mark() noexcept = 0;
  // The seconds between each mark and the one before it, waited for; forgets them.
  virtual Status between_marks(std::vector<double>* seconds) noexcept = 0;
};

// The CUDA device of this process; a refusal with the reason where there is none.
Status open_cuda(std::shared_ptr<Device>& device) noexcept;

}  // namespace samebits
