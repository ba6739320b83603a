// The CUDA kernel of adagrad.
#include "ops/adagrad/adagrad.h"

#include "core/numerics.h"
#include "simt/launch.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adagrad_update(const Call& call) noexcept {
  const auto settings = call.as<adagrad_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* s = call.tensors[2].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
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
