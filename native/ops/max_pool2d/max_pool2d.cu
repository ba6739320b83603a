// The CUDA kernels of max_pool2d, forward and backward: a thread per output, per input for the gradient.
#include "ops/max_pool2d/max_pool2d.h"

#include "simt/join.h"
#include "simt/windows.h"

namespace samebits {

using simt::Place;
using simt::Span;
using simt::Windows;

static constexpr int kNoTap = 255;  // of a window that relu lets nothing through

struct Best {
  float value;
  int64_t row, column;
};

// The window's largest input: ascending, a later v replaces it when v > best, or when v is NaN and best is not.
__device__ static Best best_of(const Windows& g, const float* x, const Place& p, int64_t oh, int64_t ow) {
  const Span rows = g.h.covered(oh), columns = g.w.covered(ow);
  Best best{x[g.input(p, rows.begin, columns.begin)], rows.begin, columns.begin};
  for (int64_t row = rows.begin; row < rows.end; ++row)
    for (int64_t column = columns.begin; column < columns.end; ++column) {
      const float v = x[g.input(p, row, column)];
      if (v > best.value || (v != v && best.value == best.value)) best = {v, row, column};
    }
  return best;
}

// The number of an input within window (oh, ow): kh * kernelW + kw.
__device__ static int64_t tap_of(const Windows& g, int64_t oh, int64_t ow, int64_t row, int64_t column) {
  return (row - oh * g.h.stride + g.h.pad) * g.w.kernel + column - ow * g.w.stride + g.w.pad;
}

static Status max_pool2d_forward(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  uint8_t* choice = call.tensors[2].u8();
  const bool relu = call.as<Pool2d>().relu != 0;
  return simt::each(call, g.outputs(), [=] __device__(int64_t i) {
    const Place p = g.output_place(i);
    const Best best = best_of(g, x, p, p.row, p.column);
    y[i] = best.value;
    if (choice == nullptr) return;
    const bool passes = !relu || best.value > 0.0f;
    choice[i] = static_cast<uint8_t>(passes ? tap_of(g, p.row, p.column, best.row, best.column) : kNoTap);
  });
}

// Where the gradient learns which tap a window took: from what forward noted, or from x again.
struct Winners {
  const float* x;
  const uint8_t* choice;
  bool relu;

  // -1 where nothing passes.
  __device__ int64_t of(const Windows& g, const Place& p, int64_t oh, int64_t ow) const {
    if (choice != nullptr) {
      const int noted = choice[g.output(p, oh, ow)];
      return noted == kNoTap ? -1 : noted;
    }
    const Best best = best_of(g, x, p, oh, ow);
    return relu && !(best.value > 0.0f) ? -1 : tap_of(g, oh, ow, best.row, best.column);
  }
};

static Winners winners_of(const Call& call) {
  return {call.tensors[0].f32(), call.tensors[1].u8(), call.as<Pool2d>().relu != 0};
}

static Status max_pool2d_input_gradient(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[3], call.tensors[2]);
  const Winners winners = winners_of(call);
  const float* dy = call.tensors[2].f32();
  float* dx = call.tensors[3].f32();
  return simt::each(call, g.inputs(), [=] __device__(int64_t i) {
    const Place p = g.input_place(i);
    const Span rows = g.h.covering(p.row), columns = g.w.covering(p.column);
    float sum = 0.0f;
    for (int64_t oh = rows.begin; oh < rows.end; ++oh)
      for (int64_t ow = columns.begin; ow < columns.end; ++ow)
        if (winners.of(g, p, oh, ow) == tap_of(g, oh, ow, p.row, p.column)) sum = sum + dy[g.output(p, oh, ow)];
    dx[i] = sum;
  });
}

static Status max_pool2d_input_gradient_atomic(const Call& call) noexcept {
  const Windows g = simt::windows_of(call.as<Pool2d>(), call.tensors[3], call.tensors[2]);
  if (!g.overlap()) return max_pool2d_input_gradient(call);
  const Winners winners = winners_of(call);
  const float* dy = call.tensors[2].f32();
  float* dx = call.tensors[3].f32();
  const Status status = simt::clear(call, dx, g.inputs());
  if (!status.ok()) return status;
  return simt::each(call, g.outputs(), [=] __device__(int64_t i) {
    const Place p = g.output_place(i);
    const int64_t tap = winners.of(g, p, p.row, p.column);
    if (tap < 0) return;
    const int64_t row = p.row * g.h.stride - g.h.pad + tap / g.w.kernel;
    atomicAdd(dx + g.input(p, row, p.column * g.w.stride - g.w.pad + tap % g.w.kernel), dy[i]);
  });
}

static constexpr CudaRow kRows[] = {
    {"max_pool2d.forward", {{max_pool2d_forward, max_pool2d_forward}}},
    {"max_pool2d.inputGradient", {{max_pool2d_input_gradient, max_pool2d_input_gradient_atomic}}},
};

extern const CudaColumn max_pool2d_cuda;
const CudaColumn max_pool2d_cuda = cuda_column(kRows);

}  // namespace samebits
