// The loops of max_pool2d, forward and backward; compiled once per instruction set.
#include "simd/gate.h"
#include "simd/windows.h"

// The largest input of a window for sixteen channels, and its tap, kh * kernelW + kw as a float (exact: windows hold
// fewer than 2^24 inputs).
struct Best {
  F32x16 value, winner;
};

// `behind` where it beats `best`, which comes before it.
static inline Best better(const Best& best, const Best& behind) {
  const Mask16 beaten = beats(behind.value, best.value);
  return {select(beaten, behind.value, best.value), select(beaten, behind.winner, best.winner)};
}

// Of a span that a window covers, from the first place that it reads.
static inline Windows::Span read_from(Windows::Span covered, int64_t first, int64_t dilation) {
  if (covered.begin == first || dilation == 1) return covered;
  return {first + ceil_div(covered.begin - first, dilation) * dilation, covered.end};
}
static inline Windows::Span rows_read(const Windows& g, int64_t oh) {
  return read_from(g.rows(oh), oh * g.s->stride_h - g.s->pad_top, g.s->dilation_h);
}
static inline Windows::Span columns_read(const Windows& g, int64_t ow) {
  return read_from(g.columns(ow), ow * g.s->stride_w - g.s->pad_left, g.s->dilation_w);
}

// kSide is 2 or 3 for a window of that size that lies inside, whose loops then have no bounds to look up; 0 for any window.
template <int kSide>
static inline Best best_of(const Windows& g, const float* first, int64_t rows, int64_t columns, int64_t tap, int lanes) {
  const int64_t height = kSide == 0 ? rows : kSide, width = kSide == 0 ? columns : kSide;
  const int64_t down = kSide == 0 ? g.s->dilation_h : 1, across = kSide == 0 ? g.s->dilation_w : 1;
  Best best;
#pragma GCC unroll 3
  for (int64_t row = 0; row < height; row += down) {
    // Rows apart, then their best ones: shorter chains of comparisons, and the first of equals is the same.
    Best of_row;
#pragma GCC unroll 3
    for (int64_t column = 0; column < width; column += across) {
      const int64_t number = kSide == 0 ? tap + row * g.s->kernel_w + column : row * kSide + column;
      const Best input{load_some(first + (row * g.w + column) * g.c, lanes), set1(static_cast<float>(number))};
      of_row = column == 0 ? input : better(of_row, input);
    }
    best = row == 0 ? of_row : better(best, of_row);
  }
  return best;
}

// Whether a window is square, of this side, has no gaps, and lies inside.
static inline bool inside(const Windows& g, Windows::Span rows, Windows::Span columns, int64_t side) {
  return g.s->kernel_h == side && g.s->kernel_w == side && g.s->dilation_h == 1 && g.s->dilation_w == 1 &&
         rows.end - rows.begin == side && columns.end - columns.begin == side;
}

// The number of the window's first input that is not padding.
static inline int64_t first_tap(const Windows& g, int64_t oh, int64_t ow, Windows::Span rows, Windows::Span columns) {
  return (rows.begin - oh * g.s->stride_h + g.s->pad_top) * g.s->kernel_w + columns.begin - ow * g.s->stride_w + g.s->pad_left;
}

// The winner, or `none` where relu lets nothing pass: 255 in a noted choice, and otherwise -1, which is no tap either.
static inline F32x16 passed_winner(const Windows& g, const Best& best, float none) {
  return g.s->relu != 0 ? select(less(zero(), best.value), best.winner, set1(none)) : best.winner;
}

static inline void store_choice(uint8_t* to, F32x16 winner, int lanes) {
  if (lanes == 16) return store_u8(to, winner);
  uint8_t all[16];
  store_u8(all, winner);
  for (int i = 0; i < lanes; ++i) to[i] = all[i];
}

static inline F32x16 load_choice(const uint8_t* from, int lanes) {
  if (lanes == 16) return load_u8(from);
  uint8_t all[16] = {};
  for (int i = 0; i < lanes; ++i) all[i] = from[i];
  return load_u8(all);
}

template <int kSide>
static inline void pool_window(const Windows& g, const float* first, float* y, uint8_t* choice, int64_t rows, int64_t columns, int64_t tap) {
  const int64_t below = kSide * g.w * g.c;  // the rows that the windows below read first
  each_sixteen(g.c, [&](int64_t channel, int lanes) {
    for (int64_t at = 0; at < 4 && kSide > 0; ++at) fetch_ahead(first + below + ((at >> 1) * g.w + (at & 1)) * g.c + channel);
    const Best best = best_of<kSide>(g, first + channel, rows, columns, tap, lanes);
    store_some(y + channel, best.value, lanes);
    if (choice != nullptr) store_choice(choice + channel, passed_winner(g, best, 255.0f), lanes);
  });
}

static void pool_row(const Windows& g, const float* x, float* y, uint8_t* choice, int64_t sample, int64_t oh) noexcept {
  const Windows::Span rows = rows_read(g, oh);
  for (int64_t ow = 0; ow < g.ow; ++ow) {
    const Windows::Span columns = columns_read(g, ow);
    const float* first = x + g.input(sample, rows.begin, columns.begin);
    const int64_t at = g.output(sample, oh, ow), tap = first_tap(g, oh, ow, rows, columns);
    uint8_t* chosen = choice == nullptr ? nullptr : choice + at;
    const int64_t height = rows.end - rows.begin, width = columns.end - columns.begin;
    if (inside(g, rows, columns, 2))
      pool_window<2>(g, first, y + at, chosen, height, width, tap);
    else if (inside(g, rows, columns, 3))
      pool_window<3>(g, first, y + at, chosen, height, width, tap);
    else
      pool_window<0>(g, first, y + at, chosen, height, width, tap);
  }
}

static inline constexpr int64_t kPoolRows = 16;  // of one task: neighbours share what they read

static Status max_pool2d_forward(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[0], call.tensors[1]);
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  uint8_t* choice = call.tensors[2].u8();
  const int64_t blocks = ceil_div(g.oh, kPoolRows);
  call.context->parallel(g.n * blocks, [=](int64_t task, int) {
    const int64_t sample = task / blocks, begin = task % blocks * kPoolRows;
    for (int64_t oh = begin; oh < least(g.oh, begin + kPoolRows); ++oh) pool_row(g, x, y, choice, sample, oh);
  });
  return {};
}

// Where the gradient learns which tap a window took: from what forward noted, or from x again.
struct Winners {
  const float* x;
  const uint8_t* choice;

  F32x16 of(const Windows& g, int64_t sample, int64_t oh, int64_t ow, int64_t channel, int lanes) const {
    if (choice == nullptr) {
      const Windows::Span rows = rows_read(g, oh), columns = columns_read(g, ow);
      const float* first = x + g.input(sample, rows.begin, columns.begin) + channel;
      const int64_t tap = first_tap(g, oh, ow, rows, columns);
      return passed_winner(g, best_of<0>(g, first, rows.end - rows.begin, columns.end - columns.begin, tap, lanes), -1.0f);
    }
    return load_choice(choice + g.output(sample, oh, ow) + channel, lanes);
  }
};

// The number that stands for an input that the window covers.
static inline F32x16 tap_of(const Windows& g, int64_t oh, int64_t ow, int64_t row, int64_t column) {
  return set1(static_cast<float>((row - oh * g.s->stride_h + g.s->pad_top) * g.s->kernel_w + column - ow * g.s->stride_w +
                                 g.s->pad_left));
}

// Writes one window's share of dx, from `to` on, where the window is 2 x 2, lies inside and owns nothing else. Its stride may
// be anything: the last window of an axis owns nothing else where the input ends with it.
static inline void spread_2x2(const Windows& g, const Winners& winners, const float* dy, float* to, int64_t sample, int64_t oh,
                              int64_t ow, bool past_cache) {
  const float* from = dy + g.output(sample, oh, ow);
  each_sixteen(g.c, [&](int64_t channel, int lanes) {
    const F32x16 winner = winners.of(g, sample, oh, ow, channel, lanes);
    const F32x16 gradient = add(zero(), load_some(from + channel, lanes));
    for (int tap = 0; tap < 4; ++tap) {
      const F32x16 value = select(equal(winner, set1(static_cast<float>(tap))), gradient, zero());
      store_out(to + ((tap >> 1) * g.w + (tap & 1)) * g.c + channel, value, lanes, past_cache);
    }
  });
}

// Windows that do not overlap: each writes the inputs from its own first row and column to the next window's.
static void spread_row(const Windows& g, const Winners& winners, const float* dy, float* dx, int64_t sample, int64_t oh,
                       bool past_cache) noexcept {
  const int64_t top = oh == 0 ? 0 : oh * g.s->stride_h - g.s->pad_top;
  const int64_t bottom = oh + 1 == g.oh ? g.h : (oh + 1) * g.s->stride_h - g.s->pad_top;
  const Windows::Span rows = g.rows(oh);
  for (int64_t ow = 0; ow < g.ow; ++ow) {
    const int64_t left = ow == 0 ? 0 : ow * g.s->stride_w - g.s->pad_left;
    const int64_t right = ow + 1 == g.ow ? g.w : (ow + 1) * g.s->stride_w - g.s->pad_left;
    const Windows::Span columns = g.columns(ow);
    if (inside(g, rows, columns, 2) && bottom - top == 2 && right - left == 2) {
      spread_2x2(g, winners, dy, dx + g.input(sample, top, left), sample, oh, ow, past_cache);
      continue;
    }
    each_sixteen(g.c, [&](int64_t channel, int lanes) {
      const F32x16 winner = winners.of(g, sample, oh, ow, channel, lanes);
      const F32x16 gradient = add(zero(), load_some(dy + g.output(sample, oh, ow) + channel, lanes));
      for (int64_t row = top; row < bottom; ++row) {
        for (int64_t column = left; column < right; ++column) {
          const bool covered = row >= rows.begin && row < rows.end && column >= columns.begin && column < columns.end;
          const F32x16 value = covered ? select(equal(winner, tap_of(g, oh, ow, row, column)), gradient, zero()) : zero();
          store_out(dx + g.input(sample, row, column) + channel, value, lanes, past_cache);
        }
      }
    });
  }
}

// True where a window's noted choice is `tap`.
static inline Mask16 chose(const uint8_t* choice, uint8_t tap, int lanes) {
  if (lanes == 16) return equal_u8(choice, tap);
  uint8_t all[16] = {};
  for (int i = 0; i < lanes; ++i) all[i] = choice[i];
  return equal_u8(all, tap);
}

// The windows along one axis that cover an input, when they are at most two: the first one and each one's tap.
struct Cover {
  int64_t first;
  int count;
  uint8_t tap[2];
};

static inline Cover cover_of(Windows::Span windows, int64_t input, int64_t stride, int64_t pad) {
  Cover cover{windows.begin, static_cast<int>(windows.end - windows.begin), {}};
  for (int i = 0; i < 2; ++i) cover.tap[i] = static_cast<uint8_t>(input + pad - (windows.begin + i) * stride);
  return cover;
}

// dx of one input: the chain, over down by across windows, of the gradients of those that it won.
template <int kDown, int kAcross>
static inline void gather_input(const Windows& g, const Cover& down, const Cover& across, const uint8_t* choice, const float* dy,
                                float* dx, bool past_cache) {
  uint8_t tap[kDown * kAcross + 1];
  for (int i = 0; i < kDown; ++i)
    for (int j = 0; j < kAcross; ++j) tap[i * kAcross + j] = static_cast<uint8_t>(down.tap[i] * g.s->kernel_w + across.tap[j]);
  each_sixteen(g.c, [&](int64_t channel, int lanes) {
    F32x16 sum = zero();
#pragma GCC unroll 2
    for (int i = 0; i < kDown; ++i) {
#pragma GCC unroll 2
      for (int j = 0; j < kAcross; ++j) {
        const int64_t at = (i * g.ow + j) * g.c + channel;
        sum = select(chose(choice + at, tap[i * kAcross + j], lanes), add(sum, load_some(dy + at, lanes)), sum);
      }
    }
    store_out(dx + channel, sum, lanes, past_cache);
  });
}

// One input whose covering windows are any number.
static void gather_any(const Windows& g, const Winners& winners, const float* dy, float* dx, int64_t sample, int64_t row,
                       int64_t column) noexcept {
  const Windows::Span down = g.row_windows(row), across = g.column_windows(column);
  each_sixteen(g.c, [&](int64_t channel, int lanes) {
    F32x16 sum = zero();
    for (int64_t oh = down.begin; oh < down.end; ++oh) {
      for (int64_t ow = across.begin; ow < across.end; ++ow) {
        const F32x16 winner = winners.of(g, sample, oh, ow, channel, lanes);
        const F32x16 gradient = load_some(dy + g.output(sample, oh, ow) + channel, lanes);
        sum = select(equal(winner, tap_of(g, oh, ow, row, column)), add(sum, gradient), sum);
      }
    }
    store_some(dx + g.input(sample, row, column) + channel, sum, lanes);
  });
}

// A row of dx where windows are three wide and two apart, as networks mostly have them. A window's gradient and choice are read
// once for its first two inputs, and stay in registers for its third, which is the first input of the next window.
template <int kDown>
static void gather_threes(const Windows& g, const Cover& down, const uint8_t* choice, const float* dy, float* dx,
                          bool past_cache) noexcept {
  each_sixteen(g.c, [&](int64_t channel, int lanes) {
    struct {
      Mask16 won;
      F32x16 gradient;
    } third[kDown];
#pragma GCC unroll 2
    for (int i = 0; i < kDown; ++i) third[i] = {less(zero(), zero()), zero()};
    for (int64_t ow = 0; 2 * ow - g.s->pad_left < g.w; ++ow) {
      F32x16 first = zero(), second = zero();
#pragma GCC unroll 2
      for (int i = 0; i < kDown; ++i) {
        first = select(third[i].won, add(first, third[i].gradient), first);
        if (ow == g.ow) continue;
        const int64_t at = (i * g.ow + ow) * g.c + channel;
        const uint8_t tap = static_cast<uint8_t>(down.tap[i] * 3);
        const F32x16 gradient = load_some(dy + at, lanes);
        first = select(chose(choice + at, tap, lanes), add(first, gradient), first);
        second = select(chose(choice + at, static_cast<uint8_t>(tap + 1), lanes), add(second, gradient), second);
        third[i] = {chose(choice + at, static_cast<uint8_t>(tap + 2), lanes), gradient};
      }
      const int64_t column = 2 * ow - g.s->pad_left;
      if (column >= 0) store_out(dx + column * g.c + channel, first, lanes, past_cache);
      if (column >= -1 && column + 1 < g.w) store_out(dx + (column + 1) * g.c + channel, second, lanes, past_cache);
    }
  });
}

// Windows that overlap, at most two along an axis at an input, of noted choice: each input of a row gathers.
template <int kDown>
static void gather_noted(const Windows& g, const Cover& down, const Cover* columns, const Winners& winners, const float* dy,
                         float* dx, int64_t sample, bool past_cache) noexcept {
  constexpr int64_t kFewChannels = 64;  // with more, looking up the windows of an input costs little beside its own work
  if constexpr (kDown > 0) {
    if (g.s->kernel_w == 3 && g.s->stride_w == 2 && g.c <= kFewChannels) {
      const int64_t at = g.output(sample, down.first, 0);
      return gather_threes<kDown>(g, down, winners.choice + at, dy + at, dx, past_cache);
    }
  }
  for (int64_t column = 0; column < g.w; ++column) {
    const Cover& across = columns[column];
    const int64_t at = g.output(sample, down.first, across.first);
    const auto gather = across.count == 2   ? gather_input<kDown, 2>
                        : across.count == 1 ? gather_input<kDown, 1>
                                            : gather_input<kDown, 0>;
    gather(g, down, across, winners.choice + at, dy + at, dx + column * g.c, past_cache);
  }
}

template <bool kAtomic>
static Status max_pool2d_input_gradient(const Call& call) noexcept {
  const Windows g = windows_of(call.as<Pool2d>(), call.tensors[3], call.tensors[2]);
  const Winners winners = {call.tensors[0].f32(), call.tensors[1].u8()};
  const float* dy = call.tensors[2].f32();
  float* dx = call.tensors[3].f32();
  const bool past_cache = passes_cache(*call.context, dx, call.tensors[3].extent(), g.c);
  if (!g.overlap()) {
    call.context->parallel(g.n * g.oh,
                           [=](int64_t task, int) { spread_row(g, winners, dy, dx, task / g.oh, task % g.oh, past_cache); });
    return {};
  }
  if constexpr (!kAtomic) {
    const bool noted = winners.choice != nullptr && g.s->kernel_h <= 2 * g.s->stride_h && g.s->kernel_w <= 2 * g.s->stride_w;
    Cover* columns = call.context->scratch_of<Cover>(static_cast<size_t>(g.w));
    if (columns == nullptr) return refuse(StatusCode::kMemory, "max_pool2d: expected scratch memory, got none");
    for (int64_t column = 0; column < g.w && noted; ++column)
      columns[column] = cover_of(g.column_windows(column), column, g.s->stride_w, g.s->pad_left);
    const int64_t blocks = ceil_div(g.h, kPoolRows);
    call.context->parallel(g.n * blocks, [=](int64_t task, int) {
      const int64_t sample = task / blocks, begin = task % blocks * kPoolRows;
      for (int64_t row = begin; row < least(g.h, begin + kPoolRows); ++row) {
        if (!noted) {
          for (int64_t column = 0; column < g.w; ++column) gather_any(g, winners, dy, dx, sample, row, column);
          continue;
        }
        const Cover down = cover_of(g.row_windows(row), row, g.s->stride_h, g.s->pad_top);
        const auto gather = down.count == 2 ? gather_noted<2> : down.count == 1 ? gather_noted<1> : gather_noted<0>;
        gather(g, down, columns, winners, dy, dx + g.input(sample, row, 0), sample, past_cache);
      }
    });
    return {};
  } else {
    return scatter_windows(*call.context, g, dx,
                           [=](int64_t sample, int64_t oh, int64_t ow, int64_t row, int64_t column, int64_t channel, int lanes) {
                             const F32x16 winner = winners.of(g, sample, oh, ow, channel, lanes);
                             const F32x16 gradient = load_some(dy + g.output(sample, oh, ow) + channel, lanes);
                             return select(equal(winner, tap_of(g, oh, ow, row, column)), gradient, zero());
                           });
  }
}

inline constexpr ModePair k_max_pool2d_forward{{max_pool2d_forward, max_pool2d_forward}};
inline constexpr ModePair k_max_pool2d_input_gradient{{max_pool2d_input_gradient<false>, max_pool2d_input_gradient<true>}};
