// The CUDA kernel of sgd.
#include "ops/sgd/sgd.h"

#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status sgd_update(const Call& call) noexcept {
  const auto settings = call.as<sgd_contract::Settings>();
  return simt::each_of_calls<3>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *v = t[2];
    const float gradient = simt::decayed_gradient(settings.decay, g[i], w[i]);
    const float weight = simt::decayed_weight(settings.decay, w[i]);
    const float step = settings.decay.learning_rate * gradient;
    if (v == nullptr) {
      w[i] = weight - step;
      return;
    }
    const float kept = settings.momentum * v[i];
    if (settings.velocity_of_gradients != 0) {
      const float velocity = kept + gradient;
      v[i] = velocity;
      const float along = settings.nesterov != 0 ? gradient + settings.momentum * velocity : velocity;
      w[i] = weight - settings.decay.learning_rate * along;
    } else {
      const float velocity = kept - step;
      v[i] = velocity;
      w[i] = settings.nesterov != 0 ? (weight + settings.momentum * velocity) - step : weight + velocity;
    }
  });
}

static constexpr CudaRow kRows[] = {{"sgd.update", {{sgd_update, sgd_update}}}};

extern const CudaColumn sgd_cuda;
const CudaColumn sgd_cuda = cuda_column(kRows);

}  // namespace samebits
