// The CUDA kernel of add.
#include "ops/add/add.h"

#include "simt/launch.h"

namespace samebits {

static Status add_forward(const Call& call) noexcept {
  const float* a = call.tensors[0].f32();
  const float* b = call.tensors[1].f32();
  float* y = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = a[i] + b[i]; });
}

static constexpr CudaRow kRows[] = {{"add.forward", {{add_forward, add_forward}}}};

extern const CudaColumn add_cuda;
const CudaColumn add_cuda = cuda_column(kRows);

}  // namespace samebits
