// The CUDA kernel of nadam.
#include "ops/nadam/nadam.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status nadam_update(const Call& call) noexcept {
  const auto settings = call.as<nadam_contract::Settings>();
  return simt::each_of_calls<4>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *m = t[2], *v = t[3];
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float mean = m[i] + (gradient - m[i]) * settings.first_share;
    m[i] = mean;
    const float spread = v[i] + (gradient * gradient - v[i]) * settings.second_share;
    v[i] = spread;
    const float ahead = settings.mean_factor * mean + settings.gradient_factor * gradient;
    const float root = numerics::sqrt(spread / settings.correction);
    w[i] = simt::decayed_weight(settings.decay, weight) - (ahead * settings.decay.learning_rate) / (root + settings.epsilon);
  });
}

static constexpr CudaRow kRows[] = {{"nadam.update", {{nadam_update, nadam_update}}}};

extern const CudaColumn nadam_cuda;
const CudaColumn nadam_cuda = cuda_column(kRows);

}  // namespace samebits
