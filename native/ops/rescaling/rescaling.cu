// The CUDA kernels of rescaling, forward and backward.
#include "ops/rescaling/rescaling.h"

#include "simt/launch.h"

namespace samebits {

template <class From>
static Status rescaling_from(const Call& call) noexcept {
  const From* x = static_cast<const From*>(call.tensors[0].data);
  float* y = call.tensors[1].f32();
  const float scale = call.as<Rescaling>().scale, offset = call.as<Rescaling>().offset;
  return simt::each(call, call.tensors[0].size(),
                    [=] __device__(int64_t i) { y[i] = static_cast<float>(x[i]) * scale + offset; });
}

static Status rescaling_input_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const float scale = call.as<Rescaling>().scale;
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { dx[i] = dy[i] * scale; });
}

static constexpr CudaRow kRows[] = {
    {"rescaling.forward", {{rescaling_from<float>, rescaling_from<float>}}},
    {"rescaling.fromBytes", {{rescaling_from<uint8_t>, rescaling_from<uint8_t>}}},
    {"rescaling.inputGradient", {{rescaling_input_gradient, rescaling_input_gradient}}},
};

extern const CudaColumn rescaling_cuda;
const CudaColumn rescaling_cuda = cuda_column(kRows);

}  // namespace samebits
