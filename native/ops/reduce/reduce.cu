// The CUDA kernels of reduce, forward and backward: a thread for each lane of each chunk of each output.
#include "ops/reduce/reduce.h"

#include "simt/lanes.h"

namespace samebits {

using reduce_contract::Layout;

// Where element `index` of the kept (or reduced) axes starts.
__device__ static int64_t offset_of(const Layout& layout, bool reduced, int64_t index) {
  int64_t offset = 0, stride = 1;
  for (int run = layout.runs - 1; run >= 0; --run) {
    if (layout.reduced[run] == reduced) {
      offset += index % layout.length[run] * stride;
      index /= layout.length[run];
    }
    stride *= layout.length[run];
  }
  return offset;
}

// One lane of a chunk: partials [chunks, 16, outputs], or added to y at once. Neighbouring threads take neighbouring
// elements: the lanes of an output where the last axis is reduced, otherwise the outputs of a lane.
template <Mode mode>
__global__ void reduce_kernel(Layout layout, const float* x, int64_t chunks, float* out) {
  const int64_t at = simt::thread_number();
  if (at >= chunks * simt::kLanes * layout.outputs) return;
  const bool along = layout.runs > 0 && layout.reduced[layout.runs - 1];
  const int64_t lane = along ? at % simt::kLanes : at / layout.outputs % simt::kLanes;
  const int64_t output = along ? at / simt::kLanes % layout.outputs : at % layout.outputs;
  const int64_t chunk = at / simt::kLanes / layout.outputs;
  const int64_t end = simt::least(layout.count, (chunk + 1) * kMemoryChunk);
  const float* first = x + offset_of(layout, false, output);
  float chain = 0.0f;
  for (int64_t i = chunk * kMemoryChunk + lane; i < end; i += simt::kLanes)
    chain = chain + first[offset_of(layout, true, i)];
  if constexpr (mode == Mode::kAtomic)
    atomicAdd(out + output, chain);
  else
    out[(chunk * simt::kLanes + lane) * layout.outputs + output] = chain;
}

template <Mode mode>
static Status reduce_forward(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const Layout layout = reduce_contract::layout_of(call.tensors[0], settings.axes);
  if (layout.outputs == 0) return {};
  float* y = call.tensors[1].f32();
  const int64_t chunks = simt::most(1, ceil_div(layout.count, kMemoryChunk)),
                lanes = chunks * simt::kLanes * layout.outputs;
  constexpr bool atomic = mode == Mode::kAtomic;
  float* partials = atomic ? nullptr : call.context->scratch_of<float>(static_cast<size_t>(lanes));
  if (!atomic && partials == nullptr) return simt::out_of_memory("reduce");
  Status status = atomic ? simt::clear(call, y, layout.outputs) : Status{};
  if (status.ok())
    status = simt::launch(call, reduce_kernel<mode>, ceil_div(lanes, simt::kThreads), simt::kThreads, 0, layout,
                          call.tensors[0].f32(), chunks, atomic ? y : partials);
  if (status.ok() && !atomic) {
    const float* joined = nullptr;
    status = simt::join(call, partials, chunks, simt::kLanes, layout.outputs, &joined);
    if (status.ok()) status = simt::join_into(call, joined, 1, chunks, layout.outputs, y);
  }
  if (!status.ok() || settings.mean == 0) return status;
  return simt::divide(call, y, layout.outputs, static_cast<float>(layout.count));
}

static Status reduce_input_gradient(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Settings>();
  const Layout layout = reduce_contract::layout_of(call.tensors[1], settings.axes);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const float count = static_cast<float>(layout.count);
  const bool mean = settings.mean != 0;
  return simt::each(call, call.tensors[1].size(), [=] __device__(int64_t i) {
    int64_t rest = i, output = 0, stride = 1;  // the number of i among the kept axes
    for (int run = layout.runs - 1; run >= 0; --run) {
      if (!layout.reduced[run]) {
        output += rest % layout.length[run] * stride;
        stride *= layout.length[run];
      }
      rest /= layout.length[run];
    }
    dx[i] = mean ? dy[output] / count : dy[output];
  });
}

static constexpr CudaRow kRows[] = {
    {"reduce.forward", {{reduce_forward<Mode::kDeterministic>, reduce_forward<Mode::kAtomic>}}},
    {"reduce.inputGradient", {{reduce_input_gradient, reduce_input_gradient}}},
};

extern const CudaColumn reduce_cuda;
const CudaColumn reduce_cuda = cuda_column(kRows);

}  // namespace samebits
