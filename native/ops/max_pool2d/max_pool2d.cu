// The CUDA kernels of max_pool2d, forward and backward: a thread per output, per input for the gradient.
#include "ops/max_pool2d/max_pool2d.h"

#include "simt/fours.h"
#include "simt/join.h"
#include "simt/windows.h"

namespace samebits {

using simt::Divider;
using simt::Place;
using simt::Span;
using simt::WindowAxis;
using simt::Windows;

static constexpr int kNoTap = 255;  // of a window that relu lets nothing through

// Of N neighbouring channels.
template <int N>
struct Best {
  float value[N];
  int tap[N];
};

// The number of an input within window (oh, ow): kh * kernelW + kw.
__device__ static int tap_of(const Windows& g, int oh, int ow, int row, int column) {
  return (row - g.h.first(oh)) * g.w.kernel + column - g.w.first(ow);
}

// What a window reads of the places that it covers along an axis: all of them, or of a dilated window those that lie a whole
// number of steps behind its first.
template <bool dilated>
struct Taps {
  static constexpr int step = 1;
  explicit Taps(int64_t) noexcept {}
  __device__ Span of(const WindowAxis& axis, int output) const { return axis.covered(output); }
};
template <>
struct Taps<true> {
  int step;
  Divider by_step;
  explicit Taps(int64_t dilation) noexcept : step(static_cast<int>(dilation)), by_step(dilation) {}
  __device__ Span of(const WindowAxis& axis, int output) const {
    const int first = axis.first(output), before = first < 0 ? by_step.quotient(step - 1 - first) * step : 0;
    return {first + before, axis.covered(output).end};
  }
};

template <bool dilated>
struct Window {
  Taps<dilated> rows, columns;
  explicit Window(const Pool2d& s) noexcept : rows(s.dilation_h), columns(s.dilation_w) {}
};

// The largest input of window (oh, ow): ascending, a later v replaces it when v > best, or when v is NaN and best is not.
// `x` is that of the sample.
template <int N, bool dilated>
__device__ static Best<N> best_of(const Windows& g, const Window<dilated>& window, const float* x, int channel, int oh, int ow) {
  const Span rows = window.rows.of(g.h, oh), columns = window.columns.of(g.w, ow);
  Best<N> best;
  simt::read(x + g.x.of(rows.begin, columns.begin, channel), best.value);
  for (int& tap : best.tap) tap = tap_of(g, oh, ow, rows.begin, columns.begin);
  for (int row = rows.begin; row < rows.end; row += window.rows.step)
    for (int column = columns.begin; column < columns.end; column += window.columns.step) {
      const int tap = tap_of(g, oh, ow, row, column);
      float v[N];
      simt::read(x + g.x.of(row, column, channel), v);
#pragma unroll
      for (int i = 0; i < N; ++i)
        if (v[i] > best.value[i] || (v[i] != v[i] && best.value[i] == best.value[i])) {
          best.value[i] = v[i];
          best.tap[i] = tap;
        }
    }
  return best;
}

// Four channels at once, of all of these tensors.
static bool by_fours(const View& like, std::initializer_list<const void*> tensors) noexcept {
  return like.shape[3] % 4 == 0 && simt::begin_at_fours(tensors);
}

// The places of N neighbouring channels.
template <int N>
static simt::Places places_of(const View& of) noexcept {
  return {of.shape[1], of.shape[2], of.shape[3] / N};
}

template <int N, bool dilated>
static Status pool_forward(const Call& call, const Windows& g) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  uint8_t* choice = call.tensors[2].u8();
  const bool relu = call.as<Pool2d>().relu != 0;
  const simt::Places places = places_of<N>(call.tensors[1]);
  const Window<dilated> window(call.as<Pool2d>());
  return simt::each(call, g.outputs / N, [=] __device__(int64_t i) {
    const Place p = places.at(i);
    const Best<N> best = best_of<N>(g, window, x + g.x.first(p.sample), p.channel * N, p.row, p.column);
    simt::write(y + i * N, best.value);
    if (choice == nullptr) return;
    uint8_t noted[N];
#pragma unroll
    for (int k = 0; k < N; ++k) {
      const bool passes = !relu || best.value[k] > 0.0f;
      noted[k] = static_cast<uint8_t>(passes ? best.tap[k] : kNoTap);
    }
    simt::write(choice + i * N, noted);
  });
}

static bool is_dilated(const Pool2d& s) noexcept { return s.dilation_h > 1 || s.dilation_w > 1; }

static Status max_pool2d_forward(const Call& call) noexcept {
  const View &x = call.tensors[0], &y = call.tensors[1];
  const Status status = simt::check_windows("max_pool2d", call.as<Pool2d>(), x, y);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(call.as<Pool2d>(), x, y);
  const bool fours = by_fours(x, {x.data, y.data, call.tensors[2].data});
  if (is_dilated(call.as<Pool2d>())) return fours ? pool_forward<4, true>(call, g) : pool_forward<1, true>(call, g);
  return fours ? pool_forward<4, false>(call, g) : pool_forward<1, false>(call, g);
}

// Where the gradient learns which tap a window took: from what forward noted, or from x again.
template <bool noted, bool dilated>
struct Winners {
  const float* x;
  const uint8_t* choice;
  bool relu;
  Window<dilated> window;

  // The taps of N channels; -1 where nothing passes.
  template <int N>
  __device__ void of(const Windows& g, int64_t sample, int channel, int oh, int ow, int (&taps)[N]) const {
    if constexpr (noted) {
      uint8_t read[N];
      simt::read(choice + g.y.first(sample) + g.y.of(oh, ow, channel), read);
#pragma unroll
      for (int i = 0; i < N; ++i) taps[i] = read[i] == kNoTap ? -1 : read[i];
    } else {
      const Best<N> best = best_of<N>(g, window, x + g.x.first(sample), channel, oh, ow);
#pragma unroll
      for (int i = 0; i < N; ++i) taps[i] = relu && !(best.value[i] > 0.0f) ? -1 : best.tap[i];
    }
  }
};

template <int N, class From>
static Status pool_gather(const Call& call, const Windows& g, const From& winners) noexcept {
  const float* dy = call.tensors[2].f32();
  float* dx = call.tensors[3].f32();
  const simt::Places places = places_of<N>(call.tensors[3]);
  return simt::each(call, g.inputs / N, [=] __device__(int64_t i) {
    const Place p = places.at(i);
    const Span rows = g.h.covering(p.row), columns = g.w.covering(p.column);
    const float* of_dy = dy + g.y.first(p.sample);
    float sum[N];
    for (float& one : sum) one = 0.0f;
    for (int oh = rows.begin; oh < rows.end; ++oh)
      for (int ow = columns.begin; ow < columns.end; ++ow) {
        int taps[N];
        winners.of(g, p.sample, p.channel * N, oh, ow, taps);
        const int tap = tap_of(g, oh, ow, p.row, p.column);
        float gradient[N];
        simt::read(of_dy + g.y.of(oh, ow, p.channel * N), gradient);
#pragma unroll
        for (int k = 0; k < N; ++k)
          if (taps[k] == tap) sum[k] = sum[k] + gradient[k];
      }
    simt::write(dx + i * N, sum);
  });
}

template <class From>
static Status pool_scatter_atomic(const Call& call, const Windows& g, const From& winners) noexcept {
  const float* dy = call.tensors[2].f32();
  float* dx = call.tensors[3].f32();
  const Status status = simt::clear(call, dx, g.inputs);
  if (!status.ok()) return status;
  const simt::Divider by_kernel(g.w.kernel);
  return simt::each(call, g.outputs, [=] __device__(int64_t i) {
    const Place p = g.y.at(i);
    int tap[1];
    winners.of(g, p.sample, p.channel, p.row, p.column, tap);
    if (tap[0] < 0) return;
    const int kh = by_kernel.quotient(tap[0]), row = g.h.first(p.row) + kh;
    const int column = g.w.first(p.column) + tap[0] - kh * g.w.kernel;
    atomicAdd(dx + g.x.first(p.sample) + g.x.of(row, column, p.channel), dy[i]);
  });
}

// Atomic: one addition for each window, as it arrives; where windows do not overlap, nothing is summed in either mode.
template <Mode mode, bool noted, bool dilated>
static Status spread(const Call& call, const Windows& g) noexcept {
  const auto& s = call.as<Pool2d>();
  const Winners<noted, dilated> winners{call.tensors[0].f32(), call.tensors[1].u8(), s.relu != 0, Window<dilated>(s)};
  if constexpr (mode == Mode::kAtomic)
    if (g.overlap()) return pool_scatter_atomic(call, g, winners);
  const View &dy = call.tensors[2], &dx = call.tensors[3];
  const bool fours = by_fours(dx, {winners.x, winners.choice, dy.data, dx.data});
  return fours ? pool_gather<4>(call, g, winners) : pool_gather<1>(call, g, winners);
}

template <Mode mode>
static Status max_pool2d_input_gradient(const Call& call) noexcept {
  const auto& s = call.as<Pool2d>();
  const Status status = simt::check_windows("max_pool2d", s, call.tensors[3], call.tensors[2]);
  if (!status.ok()) return status;
  const Windows g = simt::windows_of(s, call.tensors[3], call.tensors[2]);
  if (call.tensors[1].given()) return spread<mode, true, false>(call, g);
  return is_dilated(s) ? spread<mode, false, true>(call, g) : spread<mode, false, false>(call, g);
}

static constexpr CudaRow kRows[] = {
    {"max_pool2d.forward", {{max_pool2d_forward, max_pool2d_forward}}},
    {"max_pool2d.inputGradient", 
     {{max_pool2d_input_gradient<Mode::kDeterministic>, max_pool2d_input_gradient<Mode::kAtomic>}}},
};

extern const CudaColumn max_pool2d_cuda;
const CudaColumn max_pool2d_cuda = cuda_column(kRows);

}  // namespace samebits
