// The CUDA device: one stream that orders all work, a memory pool that keeps what is freed, and pinned memory between.
// Nothing here waits for the device but read() and finish(), and write() where its pinned memory is still under way.
#include <cuda_runtime.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include "runtime/cuda_column.h"
#include "runtime/detect.h"
#include "runtime/device.h"
#include "simt/launch.h"

namespace samebits {
namespace {

constexpr size_t kPinned = size_t{4} << 20;  // bytes of each of the two halves that take turns

class CudaDevice final : public Device, public simt::DeviceContext, public std::enable_shared_from_this<CudaDevice> {
 public:
  CudaDevice() = default;
  ~CudaDevice() override;
  Status open() noexcept;

  std::shared_ptr<Block> take(size_t bytes) noexcept override;
  void trim() noexcept override { cudaMemPoolTrimTo(pool_, 0); }
  size_t in_use() const noexcept override { return in_use_; }
  size_t held() const noexcept override;
  size_t blocks_in_use() const noexcept override { return blocks_; }

  Status write(void* device, const void* host, size_t bytes) noexcept override;
  Status read(void* host, const void* device, size_t bytes) noexcept override;
  Status run(const Kernel& kernel, Call call, Mode mode) noexcept override;
  Status finish() noexcept override { return simt::check_cuda("the end of all work", cudaStreamSynchronize(stream_)); }

  cudaStream_t stream() const noexcept override { return stream_; }
  void* scratch(size_t bytes) noexcept override;
  int workers() const noexcept override { return 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
  }

 private:
  std::mutex mutex_;  // one call at a time; others wait
  cudaStream_t stream_ = nullptr;
  cudaMemPool_t pool_ = nullptr;
  void* pinned_[2] = {};
  cudaEvent_t copied_[2] = {};
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  std::atomic<size_t> in_use_{0}, blocks_{0};
};

Status CudaDevice::open() noexcept {
  cudaMemPoolProps props = {};
  props.allocType = cudaMemAllocationTypePinned;
  props.location.type = cudaMemLocationTypeDevice;
  props.location.id = 0;
  uint64_t keep_all = ~uint64_t{0};
  Status status = simt::check_cuda("a stream", cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
  if (status.ok()) status = simt::check_cuda("a memory pool", cudaMemPoolCreate(&pool_, &props));
  if (status.ok())
    status =
        simt::check_cuda("a memory pool", cudaMemPoolSetAttribute(pool_, cudaMemPoolAttrReleaseThreshold, &keep_all));
  for (int half = 0; half < 2 && status.ok(); ++half) {
    status = simt::check_cuda("pinned memory", cudaMallocHost(&pinned_[half], kPinned));
    if (status.ok())
      status = simt::check_cuda("an event", cudaEventCreateWithFlags(&copied_[half], cudaEventDisableTiming));
  }
  return status;
}

CudaDevice::~CudaDevice() {
  if (stream_ != nullptr) cudaStreamSynchronize(stream_);
  for (int half = 0; half < 2; ++half) {
    if (copied_[half] != nullptr) cudaEventDestroy(copied_[half]);
    if (pinned_[half] != nullptr) cudaFreeHost(pinned_[half]);
  }
  if (pool_ != nullptr) cudaMemPoolDestroy(pool_);
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
}

// Memory goes back in the order of the stream, so a block may be freed while a kernel that was started before still
// uses it.
std::shared_ptr<Block> CudaDevice::take(size_t bytes) noexcept {
  if (bytes > size_t{1} << 46) return nullptr;
  const size_t capacity = (std::max(bytes, size_t{1}) + 255) / 256 * 256;
  void* data = nullptr;
  if (cudaMallocFromPoolAsync(&data, capacity, pool_, stream_) != cudaSuccess) {
    cudaGetLastError();  // being out of memory is no lasting fault
    return nullptr;
  }
  try {
    std::shared_ptr<Block> block(new Block{data, bytes, capacity}, [self = shared_from_this()](Block* done) {
      cudaFreeAsync(done->data, self->stream_);
      self->in_use_ -= done->capacity;
      --self->blocks_;
      delete done;
    });
    in_use_ += capacity;
    ++blocks_;
    return block;
  } catch (const std::bad_alloc&) {
    cudaFreeAsync(data, stream_);
    return nullptr;
  }
}

size_t CudaDevice::held() const noexcept {
  uint64_t bytes = 0;
  cudaMemPoolGetAttribute(pool_, cudaMemPoolAttrReservedMemCurrent, &bytes);
  return static_cast<size_t>(bytes);
}

Status CudaDevice::write(void* device, const void* host, size_t bytes) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status status;
  for (size_t done = 0, part = 0; done < bytes && status.ok(); done += kPinned, ++part) {
    const size_t half = part % 2, size = std::min(kPinned, bytes - done);
    status = simt::check_cuda("a copy to the device", cudaEventSynchronize(copied_[half]));
    if (!status.ok()) break;
    std::memcpy(pinned_[half], static_cast<const std::byte*>(host) + done, size);
    status = simt::check_cuda(
        "a copy to the device",
        cudaMemcpyAsync(static_cast<std::byte*>(device) + done, pinned_[half], size, cudaMemcpyHostToDevice, stream_));
    if (status.ok()) status = simt::check_cuda("a copy to the device", cudaEventRecord(copied_[half], stream_));
  }
  return status;
}

Status CudaDevice::read(void* host, const void* device, size_t bytes) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status status;
  for (size_t done = 0; done < bytes && status.ok(); done += kPinned) {
    const size_t size = std::min(kPinned, bytes - done);
    status = simt::check_cuda("a copy from the device",
                              cudaMemcpyAsync(pinned_[0], static_cast<const std::byte*>(device) + done, size,
                                              cudaMemcpyDeviceToHost, stream_));
    // A kernel that went wrong is noticed here, at the first wait after it.
    if (status.ok()) status = simt::check_cuda("the work on the device", cudaStreamSynchronize(stream_));
    if (status.ok()) std::memcpy(static_cast<std::byte*>(host) + done, pinned_[0], size);
  }
  return status;
}

void* CudaDevice::scratch(size_t bytes) noexcept {
  std::shared_ptr<Block> block = take(bytes);
  if (block == nullptr) return nullptr;
  try {
    scratch_.push_back(block);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return block->data;
}

Status CudaDevice::run(const Kernel& kernel, Call call, Mode mode) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const KernelFn fn = cuda_kernel(kernel.name, mode);
  if (fn == nullptr)
    return refuse(StatusCode::kDevice, "%s: expected a CUDA kernel, got none in this build", kernel.name);
  call.context = this;
  const Status status = fn(call);
  scratch_.clear();
  return status;
}

}  // namespace

Status open_cuda(std::shared_ptr<Device>& device) noexcept {
  const Availability availability = cuda_availability();
  if (!availability.available)
    return refuse(StatusCode::kDevice, "createRuntime: expected an available device, got 'cuda'; %s",
                  availability.reason);
  try {
    auto cuda = std::make_shared<CudaDevice>();
    const Status status = cuda->open();
    if (status.ok()) device = std::move(cuda);
    return status;
  } catch (const std::bad_alloc&) {
    return refuse(StatusCode::kMemory, "createRuntime: expected memory for a device, got none");
  }
}

}  // namespace samebits
