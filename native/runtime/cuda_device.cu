// How the CUDA device does what its header says.
#include "runtime/cuda_device.h"

#include <algorithm>
#include <new>
#include <utility>

#include "runtime/cuda_column.h"
#include "runtime/detect.h"

namespace samebits {

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
  for (void* data : let_go_) release_now(data);  // nobody is left who could see what is not started yet
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
  start_group();
  ++waits_;
  error = cudaStreamSynchronize(stream_);
  if (error == cudaSuccess) error = cudaMemPoolTrimTo(pool_, 0);
  return error == cudaSuccess ? cudaMallocFromPoolAsync(data, bytes, pool_, stream_) : error;
}

void CudaDevice::release(void* data) noexcept {
  const Lock lock(mutex_);
  if (!group_.empty()) {
    try {
      return let_go_.push_back(data);
    } catch (const std::bad_alloc&) {
      start_group();
    }
  }
  release_now(data);
}

void CudaDevice::release_now(void* data) noexcept {
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
  ++launches_;
  if (!checks_) return {};
  const cudaError_t error = cudaStreamSynchronize(stream_);
  if (error == cudaSuccess) return {};
  return refuse(StatusCode::kDevice, "cuda: expected a launch of %lld blocks of %d threads to end well, got %s",
                static_cast<long long>(blocks), threads, cudaGetErrorString(error));
}

Status CudaDevice::run(const Kernel& kernel, Call call, Mode mode) noexcept {
  const Lock lock(mutex_);
  if (!group_.takes(kernel, call, mode)) {
    const Status status = run_group();
    if (!status.ok()) return status;
  }
  if (!kernel.multi_tensor) return run_now(kernel, call, mode);
  group_.add(kernel, call, mode);
  return {};
}

// Starts the calls gathered so far; a refusal comes with whatever is asked for next.
void CudaDevice::start_group() noexcept {
  const Lock lock(mutex_);
  if (group_.empty()) return;
  const Call call = group_.joined();
  group_.clear();
  const Status status = run_now(group_.kernel(), call, group_.mode());
  if (group_refused_.ok()) group_refused_ = status;
  for (void* data : let_go_) release_now(data);
  let_go_.clear();
}

Status CudaDevice::run_group() noexcept {
  start_group();
  return std::exchange(group_refused_, {});
}

Status CudaDevice::finish() noexcept {
  const Lock lock(mutex_);
  const Status status = run_group();
  if (!status.ok()) return status;
  ++waits_;
  return simt::check_cuda("the end of all work", cudaStreamSynchronize(stream_));
}

Status CudaDevice::run_now(const Kernel& kernel, Call call, Mode mode) noexcept {
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
