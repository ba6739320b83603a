// The CUDA kernels of clip_gradient.
#include "ops/clip_gradient/clip_gradient.h"

#include "simt/multi_tensor.h"

namespace samebits {

using namespace clip_gradient_contract;

static Status clip_value(const Call& call) noexcept {
  const float limit = call.as<Settings>().limit;
  return simt::each_of_calls<2>(call, [=] __device__(float* const* t, int64_t i) {
    const float* x = t[0];
    float* y = t[1];
    const float held = limit < x[i] ? limit : x[i];
    y[i] = held < -limit ? -limit : held;
  });
}

static Status clip_norm(const Call& call) noexcept {
  const float limit = call.as<Settings>().limit;
  return simt::each_of_calls<3>(call, [=] __device__(float* const* t, int64_t i) {
    const float *x = t[0], *norm = t[1];
    t[2][i] = (x[i] * limit) / numerics::larger(limit, *norm);
  });
}

static Status clip_global_norm(const Call& call) noexcept {
  const float limit = call.as<Settings>().limit;
  return simt::each_of_calls<3>(call, [=] __device__(float* const* t, int64_t i) {
    const float *x = t[0], *norm = t[1];
    t[2][i] = x[i] * scale_of(*norm, limit);
  });
}

static constexpr CudaRow kRows[] = {
    {"clip_gradient.value", {{clip_value, clip_value}}},
    {"clip_gradient.norm", {{clip_norm, clip_norm}}},
    {"clip_gradient.globalNorm", {{clip_global_norm, clip_global_norm}}},
};

extern const CudaColumn clip_gradient_cuda;
const CudaColumn clip_gradient_cuda = cuda_column(kRows);

}  // namespace samebits
