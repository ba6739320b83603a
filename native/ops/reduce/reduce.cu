// The CUDA kernels of reduce, forward and backward: a thread for each lane of each chunk of each output.
#include "ops/reduce/reduce.h"

#include "ops/reduce/reduce_extremes.cuh"
#include "simt/lanes.h"

namespace samebits {

// Partials [chunks, outputs], divided by a number, or lanes added to y at once. Neighbouring threads take neighbouring elements: the
// lanes of an output where the last axis is reduced, otherwise the outputs of a lane.
template <Mode mode>
__global__ void reduce_kernel(Walk kept, Walk reduced, bool along, int64_t outputs, int64_t count, int64_t chunks, const float* x,
                              float* out, float by) {
  const int thread = static_cast<int>(threadIdx.x), high = thread / simt::kLanes, low = thread % simt::kLanes;
  const int lane = along ? low : high, team = along ? high : low;
  const int64_t first_team = static_cast<int64_t>(blockIdx.x) * simt::kTeams, at = first_team + team;
  const int64_t chunk = at / outputs, output = at - chunk * outputs;
  const bool mine = chunk < chunks;
  const int64_t end = mine ? simt::least(count, (chunk + 1) * kMemoryChunk) : 0;
  const float* first = x + (mine ? kept.offset(output) : 0);
  float chain = 0.0f;
  for (int64_t i = chunk * kMemoryChunk + lane; i < end; i += simt::kLanes) chain = chain + first[reduced.offset(i)];
  if constexpr (mode == Mode::kAtomic) {
    if (mine) atomicAdd(out + output, chain);
  } else {
    simt::Shared cells;
    cells.put(team * simt::kLanes + lane, chain);
    __syncthreads();
    if (thread >= simt::kTeams || first_team + thread >= outputs * chunks) return;
    simt::RunningTree<> lanes;
    for (int k = 0; k < simt::kLanes; ++k) lanes.push(cells.get(thread * simt::kLanes + k));
    const float sum = lanes.joined();
    out[first_team + thread] = by == 1.0f ? sum : sum / by;
  }
}

template <Mode mode>
static Status reduce_forward(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const Layout layout = reduce_contract::layout_of(call.tensors[0], settings.axes);
  if (layout.outputs == 0) return {};
  Walk kept, reduced;
  Status status = walk_of(layout, Over::kKept, &kept);
  if (status.ok()) status = walk_of(layout, Over::kReduced, &reduced);
  if (!status.ok()) return status;
  const float *x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const bool along = layout.runs > 0 && layout.reduced[layout.runs - 1];
  const int64_t chunks = simt::most(1, ceil_div(layout.count, kMemoryChunk)), blocks = ceil_div(chunks * layout.outputs, simt::kTeams);
  const float by = settings.mean != 0 ? static_cast<float>(layout.count) : 1.0f;
  const auto start = [&](float* out, float divided) {
    return simt::launch(call, reduce_kernel<mode>, blocks, simt::kThreads, simt::kTeamBytes, kept, reduced, along, layout.outputs,
                        layout.count, chunks, x, out, divided);
  };
  if constexpr (mode == Mode::kAtomic) {
    status = simt::clear(call, y, layout.outputs);
    if (status.ok()) status = start(y, 1.0f);
    return status.ok() && settings.mean != 0 ? simt::divide(call, y, layout.outputs, by) : status;
  }
  if (chunks == 1) return start(y, by);
  float* partials = call.context->scratch_of<float>(static_cast<size_t>(chunks * layout.outputs));
  if (partials == nullptr) return simt::out_of_memory("reduce");
  status = start(partials, 1.0f);
  return status.ok() ? simt::join_into(call, partials, 1, chunks, layout.outputs, simt::Results{y, by}) : status;
}

static Status reduce_input_gradient(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const Layout layout = reduce_contract::layout_of(call.tensors[1], settings.axes);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const float by = settings.mean != 0 ? static_cast<float>(layout.count) : 1.0f;
  Walk walk;
  const Status status = walk_of(layout, Over::kAll, &walk);
  if (!status.ok()) return status;
  return simt::each(call, call.tensors[1].size(), [=] __device__(int64_t i) {
    const float value = dy[walk.offset(i)];
    dx[i] = by == 1.0f ? value : value / by;
  });
}

static constexpr CudaRow kRows[] = {
    {"reduce.forward", {{reduce_forward<Mode::kDeterministic>, reduce_forward<Mode::kAtomic>}}},
    {"reduce.inputGradient", {{reduce_input_gradient, reduce_input_gradient}}},
    {"reduce.extremes", {{reduce_extremes, reduce_extremes}}},
    {"reduce.extremesGradient", {{reduce_extremes_gradient, reduce_extremes_gradient}}},
};

extern const CudaColumn reduce_cuda;
const CudaColumn reduce_cuda = cuda_column(kRows);

}  // namespace samebits
