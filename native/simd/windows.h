// Windows of pooling over NHWC pictures: which inputs a window covers, and which windows cover an input.
struct Windows {
  const Pool2d* s;
  int64_t n, h, w, c, oh, ow;

  struct Span {
    int64_t begin, end;
  };
  static Span inputs(int64_t output, int64_t stride, int64_t pad, int64_t kernel, int64_t size) {
    return {most(0, output * stride - pad), least(size, output * stride - pad + kernel)};
  }
  static Span outputs(int64_t input, int64_t stride, int64_t pad, int64_t kernel, int64_t size) {
    const int64_t first = input + pad - kernel + 1;
    return {first > 0 ? ceil_div(first, stride) : 0, least(size, (input + pad) / stride + 1)};
  }
  Span rows(int64_t output) const { return inputs(output, s->stride_h, s->pad_top, s->kernel_h, h); }
  Span columns(int64_t output) const { return inputs(output, s->stride_w, s->pad_left, s->kernel_w, w); }
  Span row_windows(int64_t row) const { return outputs(row, s->stride_h, s->pad_top, s->kernel_h, oh); }
  Span column_windows(int64_t column) const { return outputs(column, s->stride_w, s->pad_left, s->kernel_w, ow); }
  bool overlap() const { return s->stride_h < s->kernel_h || s->stride_w < s->kernel_w; }

  int64_t input(int64_t sample, int64_t row, int64_t column) const { return ((sample * h + row) * w + column) * c; }
  int64_t output(int64_t sample, int64_t row, int64_t column) const { return ((sample * oh + row) * ow + column) * c; }
};

static inline Windows windows_of(const Pool2d& s, const View& x, const View& y) {
  return {&s, x.shape[0], x.shape[1], x.shape[2], x.shape[3], y.shape[1], y.shape[2]};
}

// Calls visit(channel, lanes) for the channels, sixteen at a time.
template <class Visit>
static inline void each_sixteen(int64_t channels, Visit visit) {
  for (int64_t channel = 0; channel < channels; channel += 16) visit(channel, static_cast<int>(least(16, channels - channel)));
}

// Scatters in the order of arrival: share(sample, row window, column window, row, column, channel, lanes) is added to
// dx at every input the window covers. One gate per input row.
template <class Share>
static Status scatter_windows(Context& context, const Windows& g, float* dx, Share share) noexcept {
  Gate* gates = context.scratch_of<Gate>(static_cast<size_t>(g.n * g.h));
  if (gates == nullptr) return refuse(StatusCode::kMemory, "pooling: expected scratch memory, got none");
  context.parallel(g.n * g.h, [&](int64_t row, int) {
    gates[row] = Gate{0};
    __builtin_memset(dx + row * g.w * g.c, 0, static_cast<size_t>(g.w * g.c) * sizeof(float));
  });
  context.parallel(g.n * g.oh, [&](int64_t task, int) {
    const int64_t sample = task / g.oh, oh = task % g.oh;
    const Windows::Span rows = g.rows(oh);
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      gates[sample * g.h + row].enter();
      for (int64_t ow = 0; ow < g.ow; ++ow) {
        const Windows::Span columns = g.columns(ow);
        for (int64_t column = columns.begin; column < columns.end; ++column) {
          float* to = dx + g.input(sample, row, column);
          each_sixteen(g.c, [&](int64_t channel, int lanes) {
            store_some(to + channel, add(load_some(to + channel, lanes), share(sample, oh, ow, row, column, channel, lanes)), lanes);
          });
        }
      }
      gates[sample * g.h + row].leave();
    }
  });
  return {};
}
