// The CUDA device: one stream that orders all work, a memory pool that keeps what is freed, and pinned memory between.
// Nothing here waits for the device but read() and finish(), and write() where its pinned memory is still under way.
// With SAMEBITS_CUDA_CHECK=1 in the environment when it is opened it waits behind each launch, so that a fault is told of the
// kernel that made it, and each block is an allocation of its own that ends with its last byte, for compute-sanitizer.
#include <cuda_runtime.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include "runtime/cuda_column.h"
#include "runtime/cuda_faults.h"
#include "runtime/cuda_marks.h"
#include "runtime/cuda_pinned.h"
#include "runtime/detect.h"
#include "runtime/device.h"
#include "simt/launch.h"

namespace samebits {
namespace {

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
    const std::lock_guard<std::mutex> lock(mutex_);
    return pinned_.write(device, host, bytes, stream_);
  }
  Status read(void* host, const void* device, size_t bytes) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return pinned_.read(host, device, bytes, stream_);
  }
  Status run(const Kernel& kernel, Call call, Mode mode) noexcept override;
  Status finish() noexcept override { return simt::check_cuda("the end of all work", cudaStreamSynchronize(stream_)); }
  Status mark() noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return marks_.mark(stream_);
  }
  Status between_marks(std::vector<double>* seconds) noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return marks_.between(seconds);
  }

  cudaStream_t stream() const noexcept override { return stream_; }
  Status launched(int64_t blocks, int threads) const noexcept override;
  void* scratch(size_t bytes) noexcept override;
  int workers() const noexcept override { return 1; }
  void parallel(int64_t tasks, Body body, void* state) noexcept override {
    for (int64_t task = 0; task < tasks; ++task) body(state, task, 0);
  }

 private:
  struct GiveBack;
  cudaError_t allocate(void** data, size_t bytes) noexcept;
  void release(void* data) noexcept;

  const bool checks_ = asked_to_check();
  std::mutex mutex_;  // one call at a time; others wait
  cudaStream_t stream_ = nullptr;
  cudaMemPool_t pool_ = nullptr;
  PinnedMemory pinned_;
  Marks marks_;
  std::vector<std::shared_ptr<Block>> scratch_;  // of the call that runs
  Status scratch_refused_;                       // why it got none, the first time
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
  return status.ok() ? pinned_.open() : status;
}

CudaDevice::~CudaDevice() {
  if (stream_ != nullptr) cudaStreamSynchronize(stream_);
  marks_.close();
  pinned_.close();
  if (pool_ != nullptr) cudaMemPoolDestroy(pool_);
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
}

// Memory goes back in the order of the stream, so a block may be freed while a kernel that was started before still
// uses it.
struct CudaDevice::GiveBack {
  std::shared_ptr<CudaDevice> device;

  void operator()(Block* block) const noexcept {
    device->release(block->data);
    device->in_use_ -= block->capacity;
    --device->blocks_;
    delete block;
  }
};

cudaError_t CudaDevice::allocate(void** data, size_t bytes) noexcept {
  if (checks_) return cudaMalloc(data, bytes);
  cudaError_t error = cudaMallocFromPoolAsync(data, bytes, pool_, stream_);
  if (error != cudaErrorMemoryAllocation) return error;
  // What the pool keeps may be too small or not yet given back: it is empty once all work is done.
  cudaGetLastError();
  error = cudaStreamSynchronize(stream_);
  if (error == cudaSuccess) error = cudaMemPoolTrimTo(pool_, 0);
  return error == cudaSuccess ? cudaMallocFromPoolAsync(data, bytes, pool_, stream_) : error;
}

void CudaDevice::release(void* data) noexcept {
  if (checks_)
    cudaFree(data);
  else
    cudaFreeAsync(data, stream_);
}

std::shared_ptr<Block> CudaDevice::take(size_t bytes, Status* why) noexcept {
  const auto out_of_memory = [&] {
    *why = refuse(StatusCode::kMemory, "cuda: expected %zu bytes of memory, got none; the device is out of memory", bytes);
  };
  if (bytes > size_t{1} << 46) return out_of_memory(), nullptr;
  const size_t least = std::max(bytes, size_t{1}), capacity = checks_ ? least : (least + 255) / 256 * 256;
  void* data = nullptr;
  const cudaError_t error = allocate(&data, capacity);
  if (error != cudaSuccess) {
    cudaGetLastError();  // being out of memory is no lasting fault
    if (error == cudaErrorMemoryAllocation)
      out_of_memory();
    else
      *why = refuse(StatusCode::kDevice, "cuda: expected an allocation of %zu bytes to succeed, got %s", bytes,
                    cudaGetErrorString(error));
    return nullptr;
  }
  Block* block = new (std::nothrow) Block{data, bytes, capacity};
  if (block == nullptr) return release(data), out_of_memory(), nullptr;
  // From here on the block is given back by its pointer alone, also where that cannot be made.
  in_use_ += capacity;
  ++blocks_;
  try {
    return std::shared_ptr<Block>(block, GiveBack{shared_from_this()});
  } catch (const std::bad_alloc&) {
    return out_of_memory(), nullptr;
  }
}

size_t CudaDevice::held() const noexcept {
  uint64_t bytes = 0;
  cudaMemPoolGetAttribute(pool_, cudaMemPoolAttrReservedMemCurrent, &bytes);
  return static_cast<size_t>(bytes);
}

void* CudaDevice::scratch(size_t bytes) noexcept {
  Status why;
  std::shared_ptr<Block> block = take(bytes, &why);
  if (block == nullptr) {
    if (scratch_refused_.ok()) scratch_refused_ = why;
    return nullptr;
  }
  try {
    scratch_.push_back(block);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
  return block->data;
}

Status CudaDevice::launched(int64_t blocks, int threads) const noexcept {
  if (!checks_) return {};
  const cudaError_t error = cudaStreamSynchronize(stream_);
  if (error == cudaSuccess) return {};
  return refuse(StatusCode::kDevice, "cuda: expected a launch of %lld blocks of %d threads to end well, got %s",
                static_cast<long long>(blocks), threads, cudaGetErrorString(error));
}

Status CudaDevice::run(const Kernel& kernel, Call call, Mode mode) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const KernelFn fn = cuda_kernel(kernel.name, mode);
  if (fn == nullptr)
    return refuse(StatusCode::kDevice, "%s: expected a CUDA kernel, got none in this build", kernel.name);
  call.context = this;
  scratch_refused_ = {};
  const Status status = fn(call);
  scratch_.clear();
  if (status.code == StatusCode::kDevice) return told_of(kernel, call, status);
  if (status.code == StatusCode::kMemory && !scratch_refused_.ok())
    return told_of(kernel, call, scratch_refused_);
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
