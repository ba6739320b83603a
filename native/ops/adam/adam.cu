// The CUDA kernel of adam.
#include "ops/adam/adam.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adam_update(const Call& call) noexcept {
  const auto settings = call.as<adam_contract::Settings>();
  return simt::each_of_calls<5>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *m = t[2], *v = t[3], *a = t[4];
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float mean = m[i] + (gradient - m[i]) * settings.first_share;
    m[i] = mean;
    float spread = v[i] + (gradient * gradient - v[i]) * settings.second_share;
    v[i] = spread;
    if (a != nullptr) {
      spread = numerics::larger(a[i], spread);
      a[i] = spread;
    }
    const float step = (mean * settings.step_size) / (numerics::sqrt(spread) + settings.epsilon);
    w[i] = simt::decayed_weight(settings.decay, weight) - step;
  });
}

static constexpr CudaRow kRows[] = {{"adam.update", {{adam_update, adam_update}}}};

extern const CudaColumn adam_cuda;
const CudaColumn adam_cuda = cuda_column(kRows);

}  // namespace samebits
