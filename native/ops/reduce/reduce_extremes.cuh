// The CUDA kernels of the largest and the smallest value over axes: threads choose among some elements each, then among choices.
#pragma once

#include "ops/reduce/reduce_extremes.h"
#include "ops/reduce/reduce_walk.cuh"

namespace samebits {

// The elements of the outputs, and which of two is the better one.
struct Extremes {
  Walk kept, reduced;
  const float* x;
  int64_t outputs, count;
  bool least;

  __device__ float value(int64_t output, int64_t index) const { return x[kept.offset(output) + reduced.offset(index)]; }
  // The better of two elements of an output, -1 being none; of equals the first.
  __device__ int better(int64_t output, int a, int b) const {
    if (a < 0 || b < 0) return a < 0 ? b : a;
    const float u = value(output, a), v = value(output, b);
    if (u != u || v != v) return u != u && (v == v || a < b) ? a : b;
    if (u == v) return a < b ? a : b;
    return (least ? u < v : u > v) ? a : b;
  }
};

inline constexpr int kChoices = 256;  // elements that a thread chooses among; then choices

// Choices [parts, outputs]: thread (part, output) among the elements from `stride` to `stride` of its part.
__global__ static void extremes_choose_kernel(Extremes of, simt::WideDivider by_outputs, int64_t parts, bool along, int* found) {
  const int64_t at = simt::thread_number();
  if (at >= parts * of.outputs) return;
  // Where the last axis is reduced neighbouring threads take neighbouring elements, sixteen to a chunk.
  const int64_t row = along ? at / simt::kLanes : at, team = by_outputs.quotient(row), output = row - team * of.outputs;
  const int64_t part = along ? team * simt::kLanes + at % simt::kLanes : team, step = along ? simt::kLanes : 1;
  const int64_t first = along ? team * simt::kLanes * kChoices + at % simt::kLanes : part * kChoices;
  const int64_t end = simt::least(of.count, first + step * kChoices);
  int best = -1;
  for (int64_t i = first; i < end; i += step) best = of.better(output, best, static_cast<int>(i));
  found[part * of.outputs + output] = best;
}

__global__ static void extremes_join_kernel(Extremes of, simt::WideDivider by_outputs, int64_t choices, int64_t parts,
                                            const int* found, int* joined) {
  const int64_t at = simt::thread_number();
  if (at >= parts * of.outputs) return;
  const int64_t part = by_outputs.quotient(at), output = at - part * of.outputs;
  const int64_t end = simt::least(choices, (part + 1) * kChoices);
  int best = -1;
  for (int64_t i = part * kChoices; i < end; ++i) best = of.better(output, best, found[i * of.outputs + output]);
  joined[at] = best;
}

static Status reduce_extremes(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Extremes>();
  const reduce_contract::Layout layout = reduce_contract::layout_of(call.tensors[0], settings.axes);
  if (layout.outputs == 0) return {};
  Extremes of = {{}, {}, call.tensors[0].f32(), layout.outputs, layout.count, settings.least != 0};
  Status status = walk_of(layout, Over::kKept, &of.kept);
  if (status.ok()) status = walk_of(layout, Over::kReduced, &of.reduced);
  const bool along = layout.runs > 0 && layout.reduced[layout.runs - 1];
  const int64_t most = along ? simt::kLanes * kChoices : kChoices;
  int64_t choices = ceil_div(layout.count, most) * (along ? simt::kLanes : 1);
  int* found = call.context->scratch_of<int>(static_cast<size_t>(choices * layout.outputs));
  int* joined = call.context->scratch_of<int>(static_cast<size_t>(ceil_div(choices, kChoices) * layout.outputs));
  if (status.ok() && (found == nullptr || joined == nullptr)) return simt::out_of_memory("reduce");
  const simt::WideDivider by_outputs(layout.outputs);
  if (status.ok())
    status = simt::launch(call, extremes_choose_kernel, ceil_div(choices * layout.outputs, simt::kThreads), simt::kThreads, 0, of,
                          by_outputs, choices, along, found);
  while (status.ok() && choices > 1) {
    const int64_t parts = ceil_div(choices, kChoices);
    status = simt::launch(call, extremes_join_kernel, ceil_div(parts * layout.outputs, simt::kThreads), simt::kThreads, 0, of,
                          by_outputs, choices, parts, found, joined);
    int* next = found;
    found = joined;
    joined = next;
    choices = parts;
  }
  if (!status.ok()) return status;
  float* y = call.tensors[1].f32();
  int32_t* index = call.tensors[2].i32();
  return simt::each(call, layout.outputs, [=] __device__(int64_t output) {
    if (y != nullptr) y[output] = of.value(output, found[output]);
    if (index != nullptr) index[output] = found[output];
  });
}

static Status reduce_extremes_gradient(const Call& call) noexcept {
  const auto& settings = call.as<reduce_contract::Extremes>();
  Walk walk;
  const Status status = walk_of(reduce_contract::layout_of(call.tensors[0], settings.axes), Over::kAll, &walk);
  if (!status.ok()) return status;
  const float *x = call.tensors[0].f32(), *y = call.tensors[1].f32(), *dy = call.tensors[2].f32(), *ties = call.tensors[3].f32();
  float* dx = call.tensors[4].f32();
  return simt::each(call, call.tensors[0].size(), [=] __device__(int64_t i) {
    const int64_t output = walk.offset(i);
    const float v = x[i], best = y[output];
    const bool tie = v == best || (v != v && best != best);
    dx[i] = !tie ? 0.0f : dy == nullptr ? 1.0f : dy[output] / ties[output];
  });
}

}  // namespace samebits
