// The CUDA kernels of softmax, forward and backward: sixteen threads to a row, one for each lane of its sums.
#include "ops/softmax/softmax.h"

#include "simt/lanes.h"

namespace samebits {

using simt::Team;

// Which of two zeros the largest value is cannot be seen in x - max, and a NaN makes the whole row NaN whether it is
// taken or passed over, so the values may be compared in any order.
__device__ static float row_largest(const Team& team, bool mine, const float* x, int64_t first, int64_t length) {
  simt::Shared cells;
  float best = mine ? x[first] : 0.0f;
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) best = x[first + i] > best ? x[first + i] : best;
  cells.put(static_cast<int>(threadIdx.x), best);
  __syncthreads();
  for (int lane = 0; lane < simt::kLanes; ++lane) {
    const float other = cells.get(static_cast<int>(threadIdx.x) - team.lane + lane);
    best = other > best ? other : best;
  }
  __syncthreads();
  return best;
}

__global__ static void softmax_kernel(const float* x, float* y, int64_t rows, int64_t length) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * length : 0;
  const float best = row_largest(team, mine, x, first, length);
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) y[first + i] = numerics::exp(x[first + i] - best);
  // A thread reads no element of y but those it wrote itself.
  const float sum =
      simt::team_sum(team.lane, length, [=](float chain, int64_t i) { return mine ? chain + y[first + i] : 0.0f; });
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) y[first + i] = y[first + i] / sum;
}

__global__ static void softmax_gradient_kernel(const float* y, const float* dy, float* dx, int64_t rows,
                                               int64_t length) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * length : 0;
  const float d = simt::team_sum(team.lane, length, [=](float chain, int64_t i) {
    return mine ? numerics::fma(dy[first + i], y[first + i], chain) : 0.0f;
  });
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) dx[first + i] = y[first + i] * (dy[first + i] - d);
}

__global__ static void softmax_log_kernel(const float* x, float* y, int64_t rows, int64_t length) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * length : 0;
  const float best = row_largest(team, mine, x, first, length);
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) y[first + i] = x[first + i] - best;
  const float shift = numerics::log(simt::team_sum(team.lane, length, [=](float chain, int64_t i) {
    return mine ? chain + numerics::exp(y[first + i]) : 0.0f;
  }));
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes) y[first + i] = y[first + i] - shift;
}

__global__ static void softmax_log_gradient_kernel(const float* y, const float* dy, float* dx, int64_t rows,
                                                   int64_t length) {
  const Team team = simt::team_of_thread();
  const bool mine = team.row < rows;
  const int64_t first = mine ? team.row * length : 0;
  const float d =
      simt::team_sum(team.lane, length, [=](float chain, int64_t i) { return mine ? chain + dy[first + i] : 0.0f; });
  for (int64_t i = team.lane; mine && i < length; i += simt::kLanes)
    dx[first + i] = dy[first + i] - numerics::exp(y[first + i]) * d;
}

static int64_t rows_of(const View& x, int64_t length) noexcept { return length == 0 ? 0 : x.size() / length; }

template <auto kernel>
static Status rows_forward(const Call& call) noexcept {
  const int64_t length = softmax_contract::row_length(call.tensors[0]), rows = rows_of(call.tensors[0], length);
  return simt::launch(call, kernel, ceil_div(rows, simt::kTeams), simt::kThreads, simt::kTeamBytes, call.tensors[0].f32(),
                      call.tensors[1].f32(), rows, length);
}

template <auto kernel>
static Status rows_gradient(const Call& call) noexcept {
  const int64_t length = softmax_contract::row_length(call.tensors[0]), rows = rows_of(call.tensors[0], length);
  return simt::launch(call, kernel, ceil_div(rows, simt::kTeams), simt::kThreads, simt::kTeamBytes, call.tensors[0].f32(),
                      call.tensors[1].f32(), call.tensors[2].f32(), rows, length);
}

static constexpr CudaRow kRows[] = {
    {"softmax.forward", {{rows_forward<softmax_kernel>, rows_forward<softmax_kernel>}}},
    {"softmax.inputGradient", {{rows_gradient<softmax_gradient_kernel>, rows_gradient<softmax_gradient_kernel>}}},
    {"softmax.log", {{rows_forward<softmax_log_kernel>, rows_forward<softmax_log_kernel>}}},
    {"softmax.logGradient", {{rows_gradient<softmax_log_gradient_kernel>, rows_gradient<softmax_log_gradient_kernel>}}},
};

extern const CudaColumn softmax_cuda;
const CudaColumn softmax_cuda = cuda_column(kRows);

}  // namespace samebits
