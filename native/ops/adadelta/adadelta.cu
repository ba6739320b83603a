// The CUDA kernel of adadelta.
#include "ops/adadelta/adadelta.h"

#include "core/numerics.h"
#include "simt/multi_tensor.h"
#include "simt/weight_decay.h"

namespace samebits {

static Status adadelta_update(const Call& call) noexcept {
  const auto settings = call.as<adadelta_contract::Settings>();
  return simt::each_of_calls<4>(call, [=] __device__(float* const* t, int64_t i) {
    const float* g = t[0];
    float *w = t[1], *s = t[2], *x = t[3];
    const float weight = w[i], gradient = simt::decayed_gradient(settings.decay, g[i], weight);
    const float squares = settings.rho * s[i] + settings.share * (gradient * gradient);
    s[i] = squares;
    const float before = x[i];
    const float step = (numerics::sqrt(before + settings.epsilon) * gradient) / numerics::sqrt(squares + settings.epsilon);
    x[i] = settings.rho * before + settings.share * (step * step);
    w[i] = simt::decayed_weight(settings.decay, weight) - settings.decay.learning_rate * step;
  });
}

static constexpr CudaRow kRows[] = {{"adadelta.update", {{adadelta_update, adadelta_update}}}};

extern const CudaColumn adadelta_cuda;
const CudaColumn adadelta_cuda = cuda_column(kRows);

}  // namespace samebits
