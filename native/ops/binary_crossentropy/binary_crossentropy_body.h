// The loops of binary_crossentropy; compiled once per instruction set.

static inline float bce_clip(float p) {
  const float low = p < binary_crossentropy_contract::kLowest ? binary_crossentropy_contract::kLowest : p;
  return low > binary_crossentropy_contract::kHighest ? binary_crossentropy_contract::kHighest : low;
}

static inline float bce_value(float p, float t, bool from_logits) {
  if (from_logits) {
    const float positive = p < 0.0f ? 0.0f : p;
    return (positive - p * t) + numerics::log1p(numerics::exp(p < 0.0f ? p : -p));
  }
  const float clipped = bce_clip(p);
  return -(t * numerics::log(clipped) + (1.0f - t) * numerics::log(1.0f - clipped));
}

static inline float bce_slope(float p, float t, bool from_logits, float count) {
  if (from_logits) return (numerics::sigmoid(p) - t) / count;
  // NaN is not clipped: it reaches the gradient.
  if (p < binary_crossentropy_contract::kLowest || p > binary_crossentropy_contract::kHighest) return 0.0f;
  return ((p - t) / (p * (1.0f - p))) / count;
}

template <Mode mode>
static Status bce_forward(const Call& call) noexcept {
  const float* p = call.tensors[0].f32();
  const float* t = call.tensors[1].f32();
  const bool from_logits = call.as<binary_crossentropy_contract::Settings>().from_logits != 0;
  const int64_t samples = call.tensors[0].shape[0], values = call.tensors[0].size() / samples;
  const bool done = batch_mean<mode>(*call.context, samples, values, call.tensors[2].f32(),
                                     [=](int64_t i) { return bce_value(p[i], t[i], from_logits); });
  if (!done) return refuse(StatusCode::kMemory, "binary_crossentropy: expected scratch memory, got none");
  return {};
}

static Status bce_input_gradient(const Call& call) noexcept {
  const float* p = call.tensors[0].f32();
  const float* t = call.tensors[1].f32();
  const float upstream = call.tensors[2].f32()[0];
  float* dp = call.tensors[3].f32();
  const bool from_logits = call.as<binary_crossentropy_contract::Settings>().from_logits != 0;
  const int64_t size = call.tensors[0].size();
  const float count = static_cast<float>(size);
  elementwise(*call.context, size, [=](int64_t i, int n) {
    for (int k = 0; k < n; ++k) dp[i + k] = upstream * bce_slope(p[i + k], t[i + k], from_logits, count);
  });
  return {};
}

inline constexpr ModePair k_bce_forward{{bce_forward<Mode::kDeterministic>, bce_forward<Mode::kAtomic>}};
inline constexpr ModePair k_bce_input_gradient{{bce_input_gradient, bce_input_gradient}};
