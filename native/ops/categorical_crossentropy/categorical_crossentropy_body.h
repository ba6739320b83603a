// The loops of categorical_crossentropy, forward and backward; compiled once per instruction set.

using categorical_crossentropy_contract::kHighest;
using categorical_crossentropy_contract::kLowest;

static inline float class_sum(const float* p, int64_t classes) {
  return memory_sum(classes, [=](F32x16 lanes, int64_t i, int n) { return add(lanes, load_some(p + i, n)); });
}

// l of one position.
static inline float position_loss(const float* t, const float* p, int64_t classes) {
  const float s = class_sum(p, classes);
  return -memory_sum(classes, [=](F32x16 lanes, int64_t i, int n) {
    float terms[16] = {};
    for (int k = 0; k < n; ++k) {
      float q = p[i + k] / s;
      q = q < kLowest ? kLowest : q;
      q = q > kHighest ? kHighest : q;
      terms[k] = t[i + k] * numerics::log(q);
    }
    return add(lanes, load(terms));
  });
}

// g and q of up to sixteen classes; zeros behind them.
static inline void slopes(const float* t, const float* p, float s, int n, float (&g)[16], float (&q)[16]) {
  for (int k = 0; k < 16; ++k) g[k] = q[k] = 0.0f;
  for (int k = 0; k < n; ++k) {
    q[k] = p[k] / s;
    g[k] = q[k] < kLowest || q[k] > kHighest ? 0.0f : -(t[k] / q[k]);
  }
}

template <Mode mode>
static Status cce_forward(const Call& call) noexcept {
  const View& view = call.tensors[0];
  const float* p = view.f32();
  const float* t = call.tensors[1].f32();
  const int64_t samples = view.shape[0], classes = view.shape[view.rank - 1], rows = view.size() / classes;
  float* losses = call.context->scratch_of<float>(static_cast<size_t>(rows));
  if (losses == nullptr) return refuse(StatusCode::kMemory, "categorical_crossentropy: expected scratch memory, got none");
  const int64_t grain = most(1, kElementwiseGrain / (8 * classes));
  call.context->parallel(ceil_div(rows, grain), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * grain);
    for (int64_t row = task * grain; row < end; ++row)
      losses[row] = position_loss(t + row * classes, p + row * classes, classes);
  });
  const bool done = batch_mean<mode>(*call.context, samples, rows / samples, call.tensors[2].f32(),
                                     [=](int64_t row) { return losses[row]; });
  if (!done) return refuse(StatusCode::kMemory, "categorical_crossentropy: expected scratch memory, got none");
  return {};
}

static Status cce_input_gradient(const Call& call) noexcept {
  const View& view = call.tensors[0];
  const float* p_all = view.f32();
  const float* t_all = call.tensors[1].f32();
  const float upstream = *call.tensors[2].f32();
  float* gradient = call.tensors[3].f32();
  const int64_t classes = view.shape[view.rank - 1], rows = view.size() / classes;
  const float count = static_cast<float>(rows);
  const int64_t grain = most(1, kElementwiseGrain / (4 * classes));
  call.context->parallel(ceil_div(rows, grain), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * grain);
    for (int64_t row = task * grain; row < end; ++row) {
      const float* p = p_all + row * classes;
      const float* t = t_all + row * classes;
      const float s = class_sum(p, classes);
      const float d = memory_sum(classes, [=](F32x16 lanes, int64_t i, int n) {
        float g[16], q[16];
        slopes(t + i, p + i, s, n, g, q);
        return fma(load(g), load(q), lanes);
      });
      for (int64_t i = 0; i < classes; i += 16) {
        const int n = static_cast<int>(least(16, classes - i));
        float g[16], q[16];
        slopes(t + i, p + i, s, n, g, q);
        for (int k = 0; k < n; ++k) gradient[row * classes + i + k] = (((g[k] - d) / s) / count) * upstream;
      }
    }
  });
  return {};
}

inline constexpr ModePair k_cce_forward{{cce_forward<Mode::kDeterministic>, cce_forward<Mode::kAtomic>}};
inline constexpr ModePair k_cce_input_gradient{{cce_input_gradient, cce_input_gradient}};
