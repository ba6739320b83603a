// The CUDA kernel of adamax.
#include "ops/adamax/adamax.h"

#include "core/numerics.h"
#include "simt/launch.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adamax_update(const Call& call) noexcept {
  const auto settings = call.as<adamax_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* m = call.tensors[2].f32();
  float* v = call.tensors[3].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float mean = m[i] + (gradient - m[i]) * settings.first_share;
    m[i] = mean;
    const float kept = settings.beta2 * v[i], size = gradient < 0.0f ? 0.0f - gradient : gradient;
    const float norm = numerics::larger(kept, size);
    v[i] = norm;
    const float step = (settings.decay.learning_rate * mean) / (settings.correction * (norm + settings.epsilon));
    w[i] = simt::decayed_weight(settings.decay, weight) - step;
  });
}

static constexpr CudaRow kRows[] = {{"adamax.update", {{adamax_update, adamax_update}}}};

extern const CudaColumn adamax_cuda;
const CudaColumn adamax_cuda = cuda_column(kRows);

}  // namespace samebits
