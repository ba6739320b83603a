// The CUDA kernels of binary_crossentropy, forward and backward.
#include "ops/binary_crossentropy/binary_crossentropy.h"

#include "simt/lanes.h"

namespace samebits {

using binary_crossentropy_contract::kHighest;
using binary_crossentropy_contract::kLowest;

__device__ static float bce_value(float p, float t) {
  const float low = p < kLowest ? kLowest : p;
  const float clipped = low > kHighest ? kHighest : low;
  return -(t * numerics::log(clipped) + (1.0f - t) * numerics::log(1.0f - clipped));
}

__device__ static float bce_logit_value(float z, float t) {
  const float positive = z < 0.0f ? 0.0f : z;
  return (positive - z * t) + numerics::log1p(numerics::exp(z < 0.0f ? z : -z));
}

__device__ static float bce_gradient(float p, float t, bool from_logits, float count, float upstream) {
  if (from_logits) return (numerics::sigmoid(p) - t) / count * upstream;
  // +0 whatever the upstream; NaN is not clipped: it reaches the gradient.
  if (p < kLowest || p > kHighest) return 0.0f;
  return ((p - t) / (p * (1.0f - p))) / count * upstream;
}

template <Mode mode>
static Status bce_forward(const Call& call) noexcept {
  const float* p = call.tensors[0].f32();
  const float* t = call.tensors[1].f32();
  const bool from_logits = call.as<binary_crossentropy_contract::Settings>().from_logits != 0;
  const int64_t samples = call.tensors[0].shape[0], values = call.tensors[0].size() / samples;
  return simt::batch_mean<mode>(call, samples, values, call.tensors[2].f32(),
                          [=] __device__(int64_t sample, int64_t i) {
                            const int64_t at = sample * values + i;
                            return from_logits ? bce_logit_value(p[at], t[at]) : bce_value(p[at], t[at]);
                          });
}

static Status bce_input_gradient(const Call& call) noexcept {
  const float* p = call.tensors[0].f32();
  const float* t = call.tensors[1].f32();
  const float* upstream = call.tensors[2].f32();
  float* dp = call.tensors[3].f32();
  const bool from_logits = call.as<binary_crossentropy_contract::Settings>().from_logits != 0;
  const float count = static_cast<float>(call.tensors[0].size());
  return simt::each(call, call.tensors[0].size(),
                    [=] __device__(int64_t i) { dp[i] = bce_gradient(p[i], t[i], from_logits, count, *upstream); });
}

static constexpr CudaRow kRows[] = {
    {"binary_crossentropy.forward", {{bce_forward<Mode::kDeterministic>, bce_forward<Mode::kAtomic>}}},
    {"binary_crossentropy.inputGradient", {{bce_input_gradient, bce_input_gradient}}},
};

extern const CudaColumn binary_crossentropy_cuda;
const CudaColumn binary_crossentropy_cuda = cuda_column(kRows);

}  // namespace samebits
