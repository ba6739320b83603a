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

// The largest logit of a position and the sum of exp(z - largest). Which of two zeros is the largest cannot be seen in
// z - m, and a NaN makes all of the position NaN whether it is taken or passed over.
struct Exponentials {
  float largest, sum;
};
static inline Exponentials exponentials(const float* z, int64_t classes) {
  float largest = z[0];
  for (int64_t i = 1; i < classes; ++i) largest = z[i] > largest ? z[i] : largest;
  const float sum = memory_sum(classes, [=](F32x16 lanes, int64_t i, int n) {
    float terms[16] = {};
    for (int k = 0; k < n; ++k) terms[k] = numerics::exp(z[i + k] - largest);
    return add(lanes, load(terms));
  });
  return {largest, sum};
}

// l of one position of logits.
static inline float position_logit_loss(const float* t, const float* z, int64_t classes) {
  const Exponentials e = exponentials(z, classes);
  const float log_sum = numerics::log(e.sum);
  return memory_sum(classes, [=](F32x16 lanes, int64_t i, int n) {
    float terms[16] = {};
    for (int k = 0; k < n; ++k) terms[k] = t[i + k] * (log_sum - (z[i + k] - e.largest));
    return add(lanes, load(terms));
  });
}

// dp of one position of probabilities, and dz of one of logits.
static inline void position_gradient(const float* t, const float* p, float* dp, int64_t classes, float count,
                                     float upstream) {
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
    for (int k = 0; k < n; ++k) dp[i + k] = (((g[k] - d) / s) / count) * upstream;
  }
}
static inline void position_logit_gradient(const float* t, const float* z, float* dz, int64_t classes, float count,
                                           float upstream) {
  const Exponentials e = exponentials(z, classes);
  for (int64_t i = 0; i < classes; ++i)
    dz[i] = ((numerics::exp(z[i] - e.largest) / e.sum - t[i]) / count) * upstream;
}

template <Mode mode>
static Status cce_forward(const Call& call) noexcept {
  const View& view = call.tensors[0];
  const float* p = view.f32();
  const float* t = call.tensors[1].f32();
  const int64_t samples = view.shape[0], classes = view.shape[view.rank - 1], rows = view.size() / classes;
  const bool from_logits = call.as<categorical_crossentropy_contract::Settings>().from_logits != 0;
  float* losses = call.context->scratch_of<float>(static_cast<size_t>(rows));
  if (losses == nullptr) return refuse(StatusCode::kMemory, "categorical_crossentropy: expected scratch memory, got none");
  const int64_t grain = most(1, kElementwiseGrain / (8 * classes));
  call.context->parallel(ceil_div(rows, grain), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * grain);
    for (int64_t row = task * grain; row < end; ++row) {
      const float *target = t + row * classes, *given = p + row * classes;
      losses[row] = from_logits ? position_logit_loss(target, given, classes) : position_loss(target, given, classes);
    }
  });
  const bool done = batch_mean<mode>(*call.context, samples, rows / samples, call.tensors[2].f32(),
                                     [=](int64_t row) { return losses[row]; });
  if (!done) return refuse(StatusCode::kMemory, "categorical_crossentropy: expected scratch memory, got none");
  return {};
}

static Status cce_input_gradient(const Call& call) noexcept {
  const View& view = call.tensors[0];
  const float* p = view.f32();
  const float* t = call.tensors[1].f32();
  const float upstream = *call.tensors[2].f32();
  float* gradient = call.tensors[3].f32();
  const int64_t classes = view.shape[view.rank - 1], rows = view.size() / classes;
  const float count = static_cast<float>(rows);
  const bool from_logits = call.as<categorical_crossentropy_contract::Settings>().from_logits != 0;
  const int64_t grain = most(1, kElementwiseGrain / (4 * classes));
  call.context->parallel(ceil_div(rows, grain), [=](int64_t task, int) {
    const int64_t end = least(rows, (task + 1) * grain);
    for (int64_t row = task * grain; row < end; ++row) {
      const int64_t at = row * classes;
      if (from_logits)
        position_logit_gradient(t + at, p + at, gradient + at, classes, count, upstream);
      else
        position_gradient(t + at, p + at, gradient + at, classes, count, upstream);
    }
  });
  return {};
}

inline constexpr ModePair k_cce_forward{{cce_forward<Mode::kDeterministic>, cce_forward<Mode::kAtomic>}};
inline constexpr ModePair k_cce_input_gradient{{cce_input_gradient, cce_input_gradient}};
