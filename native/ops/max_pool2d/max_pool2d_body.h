// The loops of max_pool2d, forward and backward; compiled once per instruction set.
#include "simd/gate.h"
#include "simd/windows.h"

// True where v takes the place of best.
static inline Mask16 beats(F32x16 v, F32x16 best) { return either(less(best, v), both(unordered(v), negate(unordered(best)))); }

static Status max_pool2d_forward(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  call.context->parallel(g.n * g.oh, [=](int64_t task, int) {
    const int64_t sample = task / g.oh, oh = task % g.oh;
    const Windows::Span rows = g.rows(oh);
    for (int64_t ow = 0; ow < g.ow; ++ow) {
      const Windows::Span columns = g.columns(ow);
      const float* first = x + g.input(sample, rows.begin, columns.begin);
      float* to = y + g.output(sample, oh, ow);
      each_sixteen(g.c, [&](int64_t channel, int lanes) {
        F32x16 best = load_some(first + channel, lanes);
        for (int64_t row = 0; row < rows.end - rows.begin; ++row) {
          for (int64_t column = 0; column < columns.end - columns.begin; ++column) {
            const F32x16 v = load_some(first + (row * g.w + column) * g.c + channel, lanes);
            best = select(beats(v, best), v, best);
          }
        }
        store_some(to + channel, best, lanes);
      });
    }
  });
  return {};
}

// The winning tap of one window for sixteen channels, kh * kernelW + kw as a float (exact: windows hold fewer than 2^24
// inputs); -1 where relu lets nothing pass.
static inline F32x16 winner_of(const Windows& g, const float* x, int64_t sample, int64_t oh, int64_t ow, int64_t channel, int lanes) {
  const Windows::Span rows = g.rows(oh), columns = g.columns(ow);
  const int64_t top = oh * g.s->stride_h - g.s->pad_top, left = ow * g.s->stride_w - g.s->pad_left;
  F32x16 best = load_some(x + g.input(sample, rows.begin, columns.begin) + channel, lanes);
  F32x16 winner = set1(static_cast<float>((rows.begin - top) * g.s->kernel_w + columns.begin - left));
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    for (int64_t column = columns.begin; column < columns.end; ++column) {
      const F32x16 v = load_some(x + g.input(sample, row, column) + channel, lanes);
      const Mask16 better = beats(v, best);
      best = select(better, v, best);
      winner = select(better, set1(static_cast<float>((row - top) * g.s->kernel_w + column - left)), winner);
    }
  }
  return g.s->relu != 0 ? select(less(zero(), best), winner, set1(-1.0f)) : winner;
}

// The number winner_of gives an input that the window covers.
static inline F32x16 tap_of(const Windows& g, int64_t oh, int64_t ow, int64_t row, int64_t column) {
  return set1(static_cast<float>((row - oh * g.s->stride_h + g.s->pad_top) * g.s->kernel_w + column - ow * g.s->stride_w +
                                 g.s->pad_left));
}

// Windows that do not overlap: each writes the inputs from its own first row and column to the next window's.
static void spread_row(const Windows& g, const float* x, const float* dy, float* dx, int64_t sample, int64_t oh) noexcept {
  const int64_t top = oh == 0 ? 0 : oh * g.s->stride_h - g.s->pad_top;
  const int64_t bottom = oh + 1 == g.oh ? g.h : (oh + 1) * g.s->stride_h - g.s->pad_top;
  const Windows::Span rows = g.rows(oh);
  for (int64_t ow = 0; ow < g.ow; ++ow) {
    const int64_t left = ow == 0 ? 0 : ow * g.s->stride_w - g.s->pad_left;
    const int64_t right = ow + 1 == g.ow ? g.w : (ow + 1) * g.s->stride_w - g.s->pad_left;
    const Windows::Span columns = g.columns(ow);
    each_sixteen(g.c, [&](int64_t channel, int lanes) {
      const F32x16 winner = winner_of(g, x, sample, oh, ow, channel, lanes);
      const F32x16 gradient = add(zero(), load_some(dy + g.output(sample, oh, ow) + channel, lanes));
      for (int64_t row = top; row < bottom; ++row) {
        for (int64_t column = left; column < right; ++column) {
          const bool covered = row >= rows.begin && row < rows.end && column >= columns.begin && column < columns.end;
          const F32x16 value = covered ? select(equal(winner, tap_of(g, oh, ow, row, column)), gradient, zero()) : zero();
          store_some(dx + g.input(sample, row, column) + channel, value, lanes);
        }
      }
    });
  }
}

// Windows that overlap: the winners of the rows of windows that a block of input rows needs, then each input gathers.
static Status gather_gradient(Context& context, const Windows& g, const float* x, const float* dy, float* dx) noexcept {
  constexpr int64_t kRows = 16;  // input rows of a task
  const int64_t blocks = ceil_div(g.h, kRows), window_rows = (kRows + g.s->kernel_h) / g.s->stride_h + 2;
  const int64_t padded = ceil_div(g.c, 16) * 16;
  float* memory = context.scratch_of<float>(static_cast<size_t>(context.workers() * window_rows * g.ow * padded));
  if (memory == nullptr) return refuse(StatusCode::kMemory, "max_pool2d: expected scratch memory, got none");
  context.parallel(g.n * blocks, [&](int64_t task, int worker) {
    const int64_t sample = task / blocks, begin = task % blocks * kRows, end = least(g.h, begin + kRows);
    const int64_t first = g.row_windows(begin).begin, last = g.row_windows(end - 1).end;
    float* winners = memory + worker * window_rows * g.ow * padded;
    for (int64_t oh = first; oh < last; ++oh)
      for (int64_t ow = 0; ow < g.ow; ++ow)
        each_sixteen(g.c, [&](int64_t channel, int lanes) {
          store(winners + ((oh - first) * g.ow + ow) * padded + channel, winner_of(g, x, sample, oh, ow, channel, lanes));
        });
    for (int64_t row = begin; row < end; ++row) {
      const Windows::Span down = g.row_windows(row);
      for (int64_t column = 0; column < g.w; ++column) {
        const Windows::Span across = g.column_windows(column);
        each_sixteen(g.c, [&](int64_t channel, int lanes) {
          F32x16 sum = zero();
          for (int64_t oh = down.begin; oh < down.end; ++oh) {
            for (int64_t ow = across.begin; ow < across.end; ++ow) {
              const F32x16 winner = load(winners + ((oh - first) * g.ow + ow) * padded + channel);
              const F32x16 gradient = load_some(dy + g.output(sample, oh, ow) + channel, lanes);
              sum = select(equal(winner, tap_of(g, oh, ow, row, column)), add(sum, gradient), sum);
            }
          }
          store_some(dx + g.input(sample, row, column) + channel, sum, lanes);
        });
      }
    }
  });
  return {};
}

template <bool kAtomic>
static Status max_pool2d_input_gradient(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float *x = call.tensors[0].f32(), *dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  if (!g.overlap()) {
    call.context->parallel(g.n * g.oh, [=](int64_t task, int) { spread_row(g, x, dy, dx, task / g.oh, task % g.oh); });
    return {};
  }
  if (!kAtomic) return gather_gradient(*call.context, g, x, dy, dx);
  return scatter_windows(*call.context, g, dx,
                         [&](int64_t sample, int64_t oh, int64_t ow, int64_t row, int64_t column, int64_t channel, int lanes) {
                           const F32x16 winner = winner_of(g, x, sample, oh, ow, channel, lanes);
                           const F32x16 gradient = load_some(dy + g.output(sample, oh, ow) + channel, lanes);
                           return select(equal(winner, tap_of(g, oh, ow, row, column)), gradient, zero());
                         });
}

inline constexpr ModePair k_max_pool2d_forward{{max_pool2d_forward, max_pool2d_forward}};
inline constexpr ModePair k_max_pool2d_input_gradient{{max_pool2d_input_gradient<false>, max_pool2d_input_gradient<true>}};
