// The loops of softmax, forward and backward; compiled once per instruction set.

// f(offset of the row) for every row, several short rows to a task.
template <class F>
static inline void each_row(const Call& call, int64_t length, F f) {
  if (length == 0) return;
  const int64_t rows = call.tensors[0].size() / length;
  const int64_t grain = most(1, kElementwiseGrain / (8 * length));  // exp costs about eight copies
  call.context->parallel(ceil_div(rows, grain), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * grain);
    for (int64_t row = task * grain; row < end; ++row) f(row * length);
  });
}

// The row's largest value. Which of two zeros it is cannot be seen in x - max, and a NaN makes the whole row NaN
// whether it is taken or passed over, so lanes may be compared in any order.
static inline float largest(const float* x, int64_t length) {
  F32x16 lanes = set1(x[0]);
  int64_t i = 0;
  for (; i + 16 <= length; i += 16) {
    const F32x16 v = load(x + i);
    lanes = select(less(lanes, v), v, lanes);
  }
  float best[16];
  store(best, lanes);
  for (int k = 1; k < 16; ++k) best[0] = best[k] > best[0] ? best[k] : best[0];
  for (; i < length; ++i) best[0] = x[i] > best[0] ? x[i] : best[0];
  return best[0];
}

static Status softmax_forward(const Call& call) noexcept {
  const float* x_all = call.tensors[0].f32();
  float* y_all = call.tensors[1].f32();
  const int64_t length = softmax_contract::row_length(call.tensors[0]);
  each_row(call, length, [=](int64_t offset) {
    const float* x = x_all + offset;
    float* y = y_all + offset;
    const float best = largest(x, length);
    for (int64_t i = 0; i < length; ++i) y[i] = numerics::exp(x[i] - best);
    const float sum =
        memory_sum(length, [=](F32x16 lanes, int64_t i, int n) { return add(lanes, load_some(y + i, n)); });
    for (int64_t i = 0; i < length; i += 16) {
      const int n = static_cast<int>(least(16, length - i));
      store_some(y + i, div(load_some(y + i, n), set1(sum)), n);
    }
  });
  return {};
}

static Status softmax_input_gradient(const Call& call) noexcept {
  const float* y_all = call.tensors[0].f32();
  const float* dy_all = call.tensors[1].f32();
  float* dx_all = call.tensors[2].f32();
  const int64_t length = softmax_contract::row_length(call.tensors[0]);
  each_row(call, length, [=](int64_t offset) {
    const float* y = y_all + offset;
    const float* dy = dy_all + offset;
    const F32x16 d = set1(memory_sum(length, [=](F32x16 lanes, int64_t i, int n) {
      return fma(load_some(dy + i, n), load_some(y + i, n), lanes);
    }));
    for (int64_t i = 0; i < length; i += 16) {
      const int n = static_cast<int>(least(16, length - i));
      store_some(dx_all + offset + i, mul(load_some(y + i, n), sub(load_some(dy + i, n), d)), n);
    }
  });
  return {};
}

static Status softmax_log(const Call& call) noexcept {
  const float* x_all = call.tensors[0].f32();
  float* y_all = call.tensors[1].f32();
  const int64_t length = softmax_contract::row_length(call.tensors[0]);
  each_row(call, length, [=](int64_t offset) {
    const float* x = x_all + offset;
    float* y = y_all + offset;
    const float best = largest(x, length);
    for (int64_t i = 0; i < length; ++i) y[i] = x[i] - best;
    const float sum = memory_sum(length, [=](F32x16 lanes, int64_t i, int n) {
      float values[16];
      for (int k = 0; k < n; ++k) values[k] = numerics::exp(y[i + k]);
      return add(lanes, load_some(values, n));
    });
    const float shift = numerics::log(sum);
    for (int64_t i = 0; i < length; ++i) y[i] = y[i] - shift;
  });
  return {};
}

static Status softmax_log_gradient(const Call& call) noexcept {
  const float* y_all = call.tensors[0].f32();
  const float* dy_all = call.tensors[1].f32();
  float* dx_all = call.tensors[2].f32();
  const int64_t length = softmax_contract::row_length(call.tensors[0]);
  each_row(call, length, [=](int64_t offset) {
    const float* y = y_all + offset;
    const float* dy = dy_all + offset;
    const float d =
        memory_sum(length, [=](F32x16 lanes, int64_t i, int n) { return add(lanes, load_some(dy + i, n)); });
    for (int64_t i = 0; i < length; ++i) dx_all[offset + i] = dy[i] - numerics::exp(y[i]) * d;
  });
  return {};
}

inline constexpr ModePair k_softmax_log{{softmax_log, softmax_log}};
inline constexpr ModePair k_softmax_log_gradient{{softmax_log_gradient, softmax_log_gradient}};
inline constexpr ModePair k_softmax_forward{{softmax_forward, softmax_forward}};
inline constexpr ModePair k_softmax_input_gradient{{softmax_input_gradient, softmax_input_gradient}};
