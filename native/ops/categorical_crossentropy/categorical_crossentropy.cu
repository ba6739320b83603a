// The CUDA kernels of categorical_crossentropy, forward and backward: sixteen threads to a position, one for each lane
// of its sums over the classes.
#include "ops/categorical_crossentropy/categorical_crossentropy.h"

#include "simt/lanes.h"

namespace samebits {

using categorical_crossentropy_contract::kHighest;
using categorical_crossentropy_contract::kLowest;
using simt::Team;

__global__ static void position_loss_kernel(const float* p, const float* t, float* losses, int64_t rows,
                                            int64_t classes) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * classes : 0;
  const float s =
      simt::team_sum(team.lane, classes, [=](float chain, int64_t i) { return mine ? chain + p[first + i] : 0.0f; });
  const float sum = simt::team_sum(team.lane, classes, [=](float chain, int64_t i) {
    if (!mine) return 0.0f;
    float q = p[first + i] / s;
    q = q < kLowest ? kLowest : q;
    q = q > kHighest ? kHighest : q;
    return chain + t[first + i] * numerics::log(q);
  });
  if (mine && team.lane == 0) losses[team.row] = -sum;
}

struct Slope {
  float g, q;
};
__device__ static Slope slope_of(float t, float p, float s) {
  const float q = p / s;
  return {q < kLowest || q > kHighest ? 0.0f : -(t / q), q};
}

__global__ static void slopes_kernel(const float* p, const float* t, const float* upstream, float* dp, int64_t rows,
                                     int64_t classes) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * classes : 0;
  const float s =
      simt::team_sum(team.lane, classes, [=](float chain, int64_t i) { return mine ? chain + p[first + i] : 0.0f; });
  const float d = simt::team_sum(team.lane, classes, [=](float chain, int64_t i) {
    if (!mine) return 0.0f;
    const Slope slope = slope_of(t[first + i], p[first + i], s);
    return numerics::fma(slope.g, slope.q, chain);
  });
  const float count = static_cast<float>(rows);
  for (int64_t i = team.lane; mine && i < classes; i += simt::kLanes)
    dp[first + i] = (((slope_of(t[first + i], p[first + i], s).g - d) / s) / count) * *upstream;
}

template <Mode mode>
static Status cce_forward(const Call& call) noexcept {
  const View& p = call.tensors[0];
  const int64_t samples = p.shape[0], classes = p.shape[p.rank - 1], rows = p.size() / classes,
                positions = rows / samples;
  float* losses = call.context->scratch_of<float>(static_cast<size_t>(rows));
  if (losses == nullptr) return simt::out_of_memory("categorical_crossentropy");
  const Status status = simt::launch(call, position_loss_kernel, ceil_div(rows, simt::kTeams), simt::kThreads,
                                     simt::kTeamBytes, p.f32(), call.tensors[1].f32(), losses, rows, classes);
  if (!status.ok()) return status;
  return simt::batch_mean(call, mode, samples, positions, call.tensors[2].f32(),
                          [=] __device__(int64_t sample, int64_t i) { return losses[sample * positions + i]; });
}

static Status cce_input_gradient(const Call& call) noexcept {
  const View& p = call.tensors[0];
  const int64_t classes = p.shape[p.rank - 1], rows = p.size() / classes;
  return simt::launch(call, slopes_kernel, ceil_div(rows, simt::kTeams), simt::kThreads, simt::kTeamBytes, p.f32(),
                      call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32(), rows, classes);
}

static constexpr CudaRow kRows[] = {
    {"categorical_crossentropy.forward", {{cce_forward<Mode::kDeterministic>, cce_forward<Mode::kAtomic>}}},
    {"categorical_crossentropy.inputGradient", {{cce_input_gradient, cce_input_gradient}}},
};

extern const CudaColumn categorical_crossentropy_cuda;
const CudaColumn categorical_crossentropy_cuda = {kRows, 2};

}  // namespace samebits
