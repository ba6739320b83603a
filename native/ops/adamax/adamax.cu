// The CUDA kernel of adamax.
#include "ops/adamax/adamax.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adamax_update(const Call& call) noexcept {
  const auto settings = call.as<adamax_contract::Settings>();
  return simt::each_of_calls<4>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *m = t[2], *v = t[3];
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
