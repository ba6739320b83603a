// The CUDA kernels of relu, forward and backward.
#include "ops/relu/relu.h"

#include "simt/launch.h"

namespace samebits {

static Status relu_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = x[i] < 0.0f ? 0.0f : x[i]; });
}

static Status relu_input_gradient(const Call& call) noexcept {
  const float* y = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { dx[i] = y[i] > 0.0f ? dy[i] : 0.0f; });
}

static constexpr CudaRow kRows[] = {{"relu.forward", {{relu_forward, relu_forward}}},
                                    {"relu.inputGradient", {{relu_input_gradient, relu_input_gradient}}}};

extern const CudaColumn relu_cuda;
const CudaColumn relu_cuda = cuda_column(kRows);

}  // namespace samebits
