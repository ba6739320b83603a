// The CUDA kernel of rmsprop.
#include "ops/rmsprop/rmsprop.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status rmsprop_update(const Call& call) noexcept {
  const auto settings = call.as<rmsprop_contract::Settings>();
  const float rest = 1.0f - settings.rho;
  return simt::each_of_calls<5>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *v = t[2], *a = t[3], *b = t[4];
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float velocity = settings.rho * v[i] + rest * (gradient * gradient);
    v[i] = velocity;
    float spread = velocity;
    if (a != nullptr) {
      const float average = settings.rho * a[i] + rest * gradient;
      a[i] = average;
      spread = velocity - average * average;
    }
    const float root = settings.epsilon_outside != 0 ? numerics::sqrt(spread) + settings.epsilon
                                                     : numerics::sqrt(spread + settings.epsilon);
    float step = (settings.decay.learning_rate * gradient) / root;
    if (b != nullptr) {
      step = settings.momentum * b[i] + step;
      b[i] = step;
    }
    w[i] = simt::decayed_weight(settings.decay, weight) - step;
  });
}

static constexpr CudaRow kRows[] = {{"rmsprop.update", {{rmsprop_update, rmsprop_update}}}};

extern const CudaColumn rmsprop_cuda;
const CudaColumn rmsprop_cuda = cuda_column(kRows);

}  // namespace samebits
