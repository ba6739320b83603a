// The CUDA kernel of sgd.
#include "ops/sgd/sgd.h"

#include "simt/launch.h"

namespace samebits {

static Status sgd_update(const Call& call) noexcept {
  const auto settings = call.as<sgd_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* v = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const float step = settings.learning_rate * g[i];
    if (v == nullptr) {
      w[i] = w[i] - step;
      return;
    }
    const float velocity = settings.momentum * v[i] - step;
    v[i] = velocity;
    w[i] = settings.nesterov != 0 ? (w[i] + settings.momentum * velocity) - step : w[i] + velocity;
  });
}

static constexpr CudaRow kRows[] = {{"sgd.update", {{sgd_update, sgd_update}}}};

extern const CudaColumn sgd_cuda;
const CudaColumn sgd_cuda = cuda_column(kRows);

}  // namespace samebits
