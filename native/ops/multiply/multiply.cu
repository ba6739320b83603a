// The CUDA kernel of multiply.
#include "ops/multiply/multiply.h"

#include "simt/launch.h"

namespace samebits {

static Status multiply_forward(const Call& call) noexcept {
  const float* a = call.tensors[0].f32();
  const float* b = call.tensors[1].f32();
  float* y = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = a[i] * b[i]; });
}

static constexpr CudaRow kRows[] = {{"multiply.forward", {{multiply_forward, multiply_forward}}}};

extern const CudaColumn multiply_cuda;
const CudaColumn multiply_cuda = cuda_column(kRows);

}  // namespace samebits
