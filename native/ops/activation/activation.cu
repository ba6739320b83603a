// The CUDA kernels of the activation functions, forward and backward.
#include "ops/activation/activation.h"

#include "simt/launch.h"

namespace samebits {

template <class F>
static Status activation_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const typename F::Settings s = call.as<typename F::Settings>();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { y[i] = F::value(s, x[i]); });
}

template <class F>
static Status activation_gradient(const Call& call) noexcept {
  const float *x = call.tensors[0].f32(), *dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  const typename F::Settings s = call.as<typename F::Settings>();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) { dx[i] = F::gradient(s, x[i], dy[i]); });
}

using namespace activation_of;

static constexpr CudaRow kRows[] = {
    {"activation.relu", {{activation_forward<Relu>, activation_forward<Relu>}}},
    {"activation.reluGradient", {{activation_gradient<Relu>, activation_gradient<Relu>}}},
    {"activation.elu", {{activation_forward<Elu>, activation_forward<Elu>}}},
    {"activation.eluGradient", {{activation_gradient<Elu>, activation_gradient<Elu>}}},
    {"activation.softplus", {{activation_forward<Softplus>, activation_forward<Softplus>}}},
    {"activation.softplusGradient", {{activation_gradient<Softplus>, activation_gradient<Softplus>}}},
    {"activation.swish", {{activation_forward<Swish>, activation_forward<Swish>}}},
    {"activation.swishGradient", {{activation_gradient<Swish>, activation_gradient<Swish>}}},
    {"activation.hardSigmoid", {{activation_forward<HardSigmoid>, activation_forward<HardSigmoid>}}},
    {"activation.hardSigmoidGradient", {{activation_gradient<HardSigmoid>, activation_gradient<HardSigmoid>}}},
    {"activation.hardSwish", {{activation_forward<HardSwish>, activation_forward<HardSwish>}}},
    {"activation.hardSwishGradient", {{activation_gradient<HardSwish>, activation_gradient<HardSwish>}}},
    {"activation.gelu", {{activation_forward<Gelu>, activation_forward<Gelu>}}},
    {"activation.geluGradient", {{activation_gradient<Gelu>, activation_gradient<Gelu>}}},
    {"activation.geluTanh", {{activation_forward<GeluTanh>, activation_forward<GeluTanh>}}},
    {"activation.geluTanhGradient", {{activation_gradient<GeluTanh>, activation_gradient<GeluTanh>}}},
    {"activation.power", {{activation_forward<Power>, activation_forward<Power>}}},
    {"activation.powerGradient", {{activation_gradient<Power>, activation_gradient<Power>}}},
    {"activation.clip", {{activation_forward<Clip>, activation_forward<Clip>}}},
    {"activation.clipGradient", {{activation_gradient<Clip>, activation_gradient<Clip>}}},
};

extern const CudaColumn activation_cuda;
const CudaColumn activation_cuda = cuda_column(kRows);

}  // namespace samebits
