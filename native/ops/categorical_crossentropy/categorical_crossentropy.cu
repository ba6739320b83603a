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

// The largest logit of the team's position and the sum of exp(z - largest), the same in all of its threads.
struct Exponentials {
  float largest, sum;
};
__device__ static Exponentials team_exponentials(const Team& team, const float* z, bool mine, int64_t classes) {
  simt::Shared cells;
  float largest = mine ? z[0] : 0.0f;
  for (int64_t i = team.lane; mine && i < classes; i += simt::kLanes) largest = z[i] > largest ? z[i] : largest;
  cells.put(static_cast<int>(threadIdx.x), largest);
  __syncthreads();
  for (int lane = 0; lane < simt::kLanes; ++lane) {
    const float other = cells.get(static_cast<int>(threadIdx.x) - team.lane + lane);
    largest = other > largest ? other : largest;
  }
  __syncthreads();
  const float sum = simt::team_sum(team.lane, classes, [=](float chain, int64_t i) {
    return mine ? chain + numerics::exp(z[i] - largest) : 0.0f;
  });
  return {largest, sum};
}

__global__ static void position_logit_loss_kernel(const float* z, const float* t, float* losses, int64_t rows,
                                                  int64_t classes) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * classes : 0;
  const Exponentials e = team_exponentials(team, z + first, mine, classes);
  const float log_sum = numerics::log(e.sum);
  const float sum = simt::team_sum(team.lane, classes, [=](float chain, int64_t i) {
    return mine ? chain + t[first + i] * (log_sum - (z[first + i] - e.largest)) : 0.0f;
  });
  if (mine && team.lane == 0) losses[team.row] = sum;
}

__global__ static void logit_slopes_kernel(const float* z, const float* t, const float* upstream, float* dz, int64_t rows,
                                           int64_t classes) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * classes : 0;
  const Exponentials e = team_exponentials(team, z + first, mine, classes);
  const float count = static_cast<float>(rows);
  for (int64_t i = team.lane; mine && i < classes; i += simt::kLanes)
    dz[first + i] = ((numerics::exp(z[first + i] - e.largest) / e.sum - t[first + i]) / count) * *upstream;
}

static bool from_logits(const Call& call) noexcept {
  return call.as<categorical_crossentropy_contract::Settings>().from_logits != 0;
}

template <Mode mode>
static Status cce_forward(const Call& call) noexcept {
  const View& p = call.tensors[0];
  const int64_t samples = p.shape[0], classes = p.shape[p.rank - 1], rows = p.size() / classes,
                positions = rows / samples;
  float* losses = call.context->scratch_of<float>(static_cast<size_t>(rows));
  if (losses == nullptr) return simt::out_of_memory("categorical_crossentropy");
  const auto kernel = from_logits(call) ? position_logit_loss_kernel : position_loss_kernel;
  const Status status = simt::launch(call, kernel, ceil_div(rows, simt::kTeams), simt::kThreads,
                                     simt::kTeamBytes, p.f32(), call.tensors[1].f32(), losses, rows, classes);
  if (!status.ok()) return status;
  return simt::batch_mean<mode>(call, samples, positions, call.tensors[2].f32(),
                          [=] __device__(int64_t sample, int64_t i) { return losses[sample * positions + i]; });
}

static Status cce_input_gradient(const Call& call) noexcept {
  const View& p = call.tensors[0];
  const int64_t classes = p.shape[p.rank - 1], rows = p.size() / classes;
  const auto kernel = from_logits(call) ? logit_slopes_kernel : slopes_kernel;
  return simt::launch(call, kernel, ceil_div(rows, simt::kTeams), simt::kThreads, simt::kTeamBytes, p.f32(),
                      call.tensors[1].f32(), call.tensors[2].f32(), call.tensors[3].f32(), rows, classes);
}

static constexpr CudaRow kRows[] = {
    {"categorical_crossentropy.forward", {{cce_forward<Mode::kDeterministic>, cce_forward<Mode::kAtomic>}}},
    {"categorical_crossentropy.inputGradient", {{cce_input_gradient, cce_input_gradient}}},
};

extern const CudaColumn categorical_crossentropy_cuda;
const CudaColumn categorical_crossentropy_cuda = cuda_column(kRows);

}  // namespace samebits
