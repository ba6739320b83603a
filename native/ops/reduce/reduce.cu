// The CUDA kernels of reduce, forward and backward: a thread for each lane of each chunk of each output.
#include "ops/reduce/reduce.h"

#include "simt/divider.h"
#include "simt/lanes.h"

namespace samebits {

using reduce_contract::Layout;

// A layout whose lengths a device divides by.
struct Runs {
  Layout layout;
  simt::WideDivider by_length[kMaxRank], by_outputs;

  explicit Runs(const Layout& of) noexcept : layout(of), by_outputs(simt::most(1, of.outputs)) {
    for (int run = 0; run < of.runs; ++run) by_length[run] = simt::WideDivider(simt::most(1, of.length[run]));
  }
  // Where element `index` of the kept (or reduced) axes starts.
  __device__ int64_t offset_of(bool reduced, int64_t index) const {
    int64_t offset = 0, stride = 1;
    for (int run = layout.runs - 1; run >= 0; --run) {
      if (layout.reduced[run] == reduced) {
        const int64_t rest = by_length[run].quotient(index);
        offset += (index - rest * layout.length[run]) * stride;
        index = rest;
      }
      stride *= layout.length[run];
    }
    return offset;
  }
};

// One lane of a chunk: partials [chunks, 16, outputs], or added to y at once. Neighbouring threads take neighbouring
// elements: the lanes of an output where the last axis is reduced, otherwise the outputs of a lane.
template <Mode mode>
__global__ void reduce_kernel(Runs runs, const float* x, int64_t chunks, float* out) {
  const Layout& layout = runs.layout;
  const int64_t at = simt::thread_number();
  if (at >= chunks * simt::kLanes * layout.outputs) return;
  const bool along = layout.runs > 0 && layout.reduced[layout.runs - 1];
  const int64_t row = along ? at / simt::kLanes : runs.by_outputs.quotient(at);  // of lanes, or of outputs
  const int64_t lane = along ? at % simt::kLanes : row % simt::kLanes;
  const int64_t chunk = along ? runs.by_outputs.quotient(row) : row / simt::kLanes;
  const int64_t output = along ? row - chunk * layout.outputs : at - row * layout.outputs;
  const int64_t end = simt::least(layout.count, (chunk + 1) * kMemoryChunk);
  const float* first = x + runs.offset_of(false, output);
  float chain = 0.0f;
  for (int64_t i = chunk * kMemoryChunk + lane; i < end; i += simt::kLanes)
    chain = chain + first[runs.offset_of(true, i)];
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
    status = simt::launch(call, reduce_kernel<mode>, ceil_div(lanes, simt::kThreads), simt::kThreads, 0, Runs(layout),
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
  const Runs runs(layout);
  return simt::each(call, call.tensors[1].size(), [=] __device__(int64_t i) {
    const Layout& of = runs.layout;
    int64_t rest = i, output = 0, stride = 1;  // the number of i among the kept axes
    for (int run = of.runs - 1; run >= 0; --run) {
      const int64_t before = runs.by_length[run].quotient(rest);
      if (!of.reduced[run]) {
        output += (rest - before * of.length[run]) * stride;
        stride *= of.length[run];
      }
      rest = before;
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
