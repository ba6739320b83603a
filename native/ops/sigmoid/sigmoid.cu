// The CUDA kernels of sigmoid, forward and backward.
#include "ops/sigmoid/sigmoid.h"

#include "simt/launch.h"

namespace samebits {

static Status sigmoid_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = numerics::sigmoid(x[i]); });
}

static Status sigmoid_input_gradient(const Call& call) noexcept {
  const float* y = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(),
                    [=] __device__(int64_t i) { dx[i] = dy[i] * (y[i] * (1.0f - y[i])); });
}

static constexpr CudaRow kRows[] = {{"sigmoid.forward", {{sigmoid_forward, sigmoid_forward}}},
                                    {"sigmoid.inputGradient", {{sigmoid_input_gradient, sigmoid_input_gradient}}}};

extern const CudaColumn sigmoid_cuda;
const CudaColumn sigmoid_cuda = cuda_column(kRows);

}  // namespace samebits
