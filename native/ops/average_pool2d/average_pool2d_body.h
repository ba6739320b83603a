// The loops of average_pool2d, forward and backward; compiled once per instruction set.
#include "simd/gate.h"
#include "simd/windows.h"

// How many places of an axis a window covers: inputs, and so much of the padding before and behind them.
static inline int64_t places_of(int64_t first, int64_t kernel, int64_t size, int64_t before, int64_t behind) {
  return least(size + behind, first + kernel) - most(-before, first);
}

// What the sum of a window is divided by.
static inline F32x16 counted(const Windows& g, int64_t oh, int64_t ow) {
  const Pool2d& s = *g.s;
  const int64_t rows = places_of(oh * s.stride_h - s.pad_top, s.kernel_h, g.h, s.count_top, s.count_bottom);
  const int64_t columns = places_of(ow * s.stride_w - s.pad_left, s.kernel_w, g.w, s.count_left, s.count_right);
  return set1(static_cast<float>(rows * columns));
}

// Whether windows lie side by side without padding: an input is in one of them, or, behind the last, in none.
static bool side_by_side(const Windows& g) {
  const Pool2d& s = *g.s;
  return s.stride_h == s.kernel_h && s.stride_w == s.kernel_w && s.pad_top == 0 && s.pad_bottom == 0 && s.pad_left == 0 &&
         s.pad_right == 0;
}

// A row of outputs: all sums, then all of them divided.
static void average_row(const Windows& g, const float* x, float* y) noexcept {
  const int64_t width = g.ow * g.c;
  for (int64_t ow = 0; ow < g.ow; ++ow) {
    const float* window = x + ow * g.s->kernel_w * g.c;
    each_sixteen(g.c, [&](int64_t channel, int lanes) {
      F32x16 sum = zero();
      for (int64_t row = 0; row < g.s->kernel_h; ++row)
        for (int64_t column = 0; column < g.s->kernel_w; ++column)
          sum = add(sum, load_some(window + (row * g.w + column) * g.c + channel, lanes));
      store_some(y + ow * g.c + channel, sum, lanes);
    });
  }
  const F32x16 count = counted(g, 0, 0);
  each_sixteen(width, [&](int64_t i, int lanes) { store_some(y + i, div(load_some(y + i, lanes), count), lanes); });
}

// What the inputs of a row of outputs get; `shares` has room for a load behind the row.
static void spread_shares(const Windows& g, const float* dy, float* dx, float* shares) noexcept {
  const F32x16 count = counted(g, 0, 0);
  each_sixteen(g.ow * g.c, [&](int64_t i, int lanes) {
    store_some(shares + i, add(zero(), div(load_some(dy + i, lanes), count)), lanes);
  });
  for (int64_t row = 0; row < g.s->kernel_h; ++row, dx += g.w * g.c) {
    float* to = dx;
    for (int64_t ow = 0; ow < g.ow; ++ow)
      for (int64_t column = 0; column < g.s->kernel_w; ++column, to += g.c)
        each_sixteen(g.c, [&](int64_t channel, int lanes) { store_some(to + channel, load(shares + ow * g.c + channel), lanes); });
    __builtin_memset(to, 0, static_cast<size_t>(dx + g.w * g.c - to) * sizeof(float));
  }
}

static Status spread_side_by_side(Context& context, const Windows& g, const float* dy, float* dx) noexcept {
  const int64_t worker_floats = ceil_div(g.ow * g.c, 16) * 16 + 16;
  float* memory = context.scratch_of<float>(static_cast<size_t>(worker_floats * context.workers()));
  if (memory == nullptr) return refuse(StatusCode::kMemory, "average_pool2d: expected scratch memory, got none");
  context.parallel(g.n * g.oh, [=](int64_t task, int worker) {
    const int64_t sample = task / g.oh, oh = task % g.oh, behind = (oh + 1) * g.s->kernel_h;
    spread_shares(g, dy + g.output(sample, oh, 0), dx + g.input(sample, oh * g.s->kernel_h, 0), memory + worker * worker_floats);
    if (oh + 1 == g.oh) {
      float* to = dx + g.input(sample, behind, 0);
      __builtin_memset(to, 0, static_cast<size_t>((g.h - behind) * g.w * g.c) * sizeof(float));
    }
  });
  return {};
}

static Status average_pool2d_forward(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  if (side_by_side(g)) {
    call.context->parallel(g.n * g.oh, [=](int64_t task, int) {
      const int64_t sample = task / g.oh, oh = task % g.oh;
      average_row(g, x + g.input(sample, oh * g.s->kernel_h, 0), y + g.output(sample, oh, 0));
    });
    return {};
  }
  call.context->parallel(g.n * g.oh, [=](int64_t task, int) {
    const int64_t sample = task / g.oh, oh = task % g.oh;
    const Windows::Span rows = g.rows(oh);
    for (int64_t ow = 0; ow < g.ow; ++ow) {
      const Windows::Span columns = g.columns(ow);
      const F32x16 count = counted(g, oh, ow);
      each_sixteen(g.c, [&](int64_t channel, int lanes) {
        F32x16 sum = zero();
        for (int64_t row = rows.begin; row < rows.end; ++row)
          for (int64_t column = columns.begin; column < columns.end; ++column)
            sum = add(sum, load_some(x + g.input(sample, row, column) + channel, lanes));
        store_some(y + g.output(sample, oh, ow) + channel, div(sum, count), lanes);
      });
    }
  });
  return {};
}

template <bool kAtomic>
static Status average_pool2d_input_gradient(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[1], call.tensors[0]);
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  if (side_by_side(g)) return spread_side_by_side(*call.context, g, dy, dx);
  const auto share = [=](int64_t sample, int64_t oh, int64_t ow, int64_t channel, int lanes) {
    return div(load_some(dy + g.output(sample, oh, ow) + channel, lanes), counted(g, oh, ow));
  };
  if constexpr (kAtomic) {
    if (g.overlap())
      return scatter_windows(*call.context, g, dx,
                             [=](int64_t sample, int64_t oh, int64_t ow, int64_t, int64_t, int64_t channel, int lanes) {
                               return share(sample, oh, ow, channel, lanes);
                             });
  }
  // The shares of the windows over a row of inputs are divided once, not for every input that takes them.
  const int64_t width = g.ow * g.c, worker_floats = ceil_div(g.s->kernel_h, g.s->stride_h) * width;
  float* memory = call.context->scratch_of<float>(static_cast<size_t>(worker_floats * call.context->workers()));
  if (memory == nullptr) return refuse(StatusCode::kMemory, "average_pool2d: expected scratch memory, got none");
  call.context->parallel(g.n * g.h, [=](int64_t task, int worker) {
    const int64_t sample = task / g.h, row = task % g.h;
    const Windows::Span down = g.row_windows(row);
    float* shares = memory + worker * worker_floats;
    for (int64_t oh = down.begin; oh < down.end; ++oh)
      for (int64_t ow = 0; ow < g.ow; ++ow)
        each_sixteen(g.c, [&](int64_t channel, int lanes) {
          store_some(shares + (oh - down.begin) * width + ow * g.c + channel, share(sample, oh, ow, channel, lanes), lanes);
        });
    for (int64_t column = 0; column < g.w; ++column) {
      const Windows::Span across = g.column_windows(column);
      each_sixteen(g.c, [&](int64_t channel, int lanes) {
        F32x16 sum = zero();
        for (int64_t oh = 0; oh < down.end - down.begin; ++oh)
          for (int64_t ow = across.begin; ow < across.end; ++ow)
            sum = add(sum, load_some(shares + oh * width + ow * g.c + channel, lanes));
        store_some(dx + g.input(sample, row, column) + channel, sum, lanes);
      });
    }
  });
  return {};
}

inline constexpr ModePair k_average_pool2d_forward{{average_pool2d_forward, average_pool2d_forward}};
inline constexpr ModePair k_average_pool2d_input_gradient{
    {average_pool2d_input_gradient<false>, average_pool2d_input_gradient<true>}};
