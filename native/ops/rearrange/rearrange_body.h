// The loop of rearrange; compiled once per instruction set.

using rearrange::Axes;
using rearrange::Axis;

static inline void rearrange_fill(float* y, int64_t from, int64_t to, float fill) {
  for (int64_t i = from; i < to; ++i) y[i] = fill;
}

// Places `from` to `to` of the fastest axis; x is what its place `first` reads.
static inline void rearrange_row(const Axis& axis, const float* x, float fill, float* y, int64_t from, int64_t to) {
  const int64_t begin = least(most(from, axis.first), to), end = most(least(to, axis.first + axis.span), begin);
  rearrange_fill(y, from, begin, fill);
  rearrange_fill(y, end, to, fill);
  if (axis.every > 1) {
    rearrange_fill(y, begin, end, fill);
    for (int64_t k = ceil_div(begin - axis.first, axis.every); axis.first + k * axis.every < end; ++k)
      y[axis.first + k * axis.every] = x[k * axis.stride];
  } else if (axis.stride == 1) {
    __builtin_memcpy(y + begin, x + (begin - axis.first), static_cast<size_t>(end - begin) * sizeof(float));
  } else {
    for (int64_t i = begin; i < end; ++i) y[i] = x[(i - axis.first) * axis.stride];
  }
}

// Goes to a row of y, given by its number among all; false where some axis does not read there.
static inline bool rearrange_at(const Axes& axes, int64_t row, int64_t& at) {
  for (int a = axes.count - 2; a >= 0; --a) {
    const Axis& axis = axes.list[a];
    const int64_t i = row % axis.size;
    if (!axis.reads(i)) return false;
    at += axis.step(i);
    row /= axis.size;
  }
  return true;
}

static Status rearrange_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const int64_t values = call.tensors[1].size();
  if (values == 0) return {};
  const Axes axes = rearrange::axes_of(call);
  const float fill = call.as<Rearrange>().fill;
  const int64_t offset = call.as<Rearrange>().offset, width = axes.inner().size, rows = values / width;
  row_pieces(*call.context, rows, width, [&](int64_t row, int64_t from, int64_t to) {
    int64_t at = offset;
    if (rearrange_at(axes, row, at))
      rearrange_row(axes.inner(), x + at, fill, y + row * width, from, to);
    else
      rearrange_fill(y + row * width, from, to, fill);
  });
  return {};
}

inline constexpr ModePair k_rearrange_forward{{rearrange_forward, rearrange_forward}};
