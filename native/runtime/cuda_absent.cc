// What the CPU build says of CUDA. The CUDA build compiles the device's files in its place.
#include "runtime/cuda_column.h"
#include "runtime/detect.h"
#include "runtime/device.h"

namespace samebits {

Availability cuda_availability() noexcept { return {false, "this build has no CUDA kernels"}; }
const char* cuda_architecture() noexcept { return ""; }
KernelFn cuda_kernel(const char*, Mode) noexcept { return nullptr; }

Status open_cuda(std::shared_ptr<Device>&) noexcept {
  return refuse(StatusCode::kDevice, "createRuntime: expected an available device, got 'cuda'; %s",
                cuda_availability().reason);
}

}  // namespace samebits
