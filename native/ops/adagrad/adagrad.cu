// The CUDA kernel of adagrad.
#include "ops/adagrad/adagrad.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adagrad_update(const Call& call) noexcept {
  const auto settings = call.as<adagrad_contract::Settings>();
  return simt::each_of_calls<3>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *s = t[2];
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float squares = s[i] + gradient * gradient;
    s[i] = squares;
    const float root = settings.epsilon_outside != 0 ? numerics::sqrt(squares) + settings.epsilon
                                                     : numerics::sqrt(squares + settings.epsilon);
    w[i] = simt::decayed_weight(settings.decay, weight) - (settings.decay.learning_rate * gradient) / root;
  });
}

static constexpr CudaRow kRows[] = {{"adagrad.update", {{adagrad_update, adagrad_update}}}};

extern const CudaColumn adagrad_cuda;
const CudaColumn adagrad_cuda = cuda_column(kRows);

}  // namespace samebits
