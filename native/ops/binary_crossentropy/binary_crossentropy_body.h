// The loops of binary_crossentropy; compiled once per instruction set.

static inline float bce_clip(float p) {
  const float low = p < binary_crossentropy_contract::kLowest ? binary_crossentropy_contract::kLowest : p;
  return low > binary_crossentropy_contract::kHighest ? binary_crossentropy_contract::kHighest : low;
}

static inline float bce_value(float p, float t) {
  const float clipped = bce_clip(p);
  return -(t * numerics::log(clipped) + (1.0f - t) * numerics::log(1.0f - clipped));
}

static inline float bce_logit_value(float z, float t) {
  const float positive = z < 0.0f ? 0.0f : z;
  return (positive - z * t) + numerics::log1p(numerics::exp(z < 0.0f ? z : -z));
}

static inline float bce_gradient(float p, float t, bool from_logits, float count, float upstream) {
  if (from_logits) return (numerics::sigmoid(p) - t) / count * upstream;
  // +0 whatever the upstream; NaN is not clipped: it reaches the gradient.
  if (p < binary_crossentropy_contract::kLowest || p > binary_crossentropy_contract::kHighest) return 0.0f;
  return ((p - t) / (p * (1.0f - p))) / count * upstream;
}

template <Mode mode>
static Status bce_forward(const Call& call) noexcept {
  const float* p = call.tensors[0].f32();
  const float* t = call.tensors[1].f32();
  const bool from_logits = call.as<binary_crossentropy_contract::Settings>().from_logits != 0;
  const int64_t samples = call.tensors[0].shape[0], values = call.tensors[0].size() / samples;
  float* loss = call.tensors[2].f32();
  // One loop each, so that a compiler makes vectors of either.
  const bool done =
      from_logits
          ? batch_mean<mode>(*call.context, samples, values, loss, [=](int64_t i) { return bce_logit_value(p[i], t[i]); })
          : batch_mean<mode>(*call.context, samples, values, loss, [=](int64_t i) { return bce_value(p[i], t[i]); });
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
    for (int k = 0; k < n; ++k) dp[i + k] = bce_gradient(p[i + k], t[i + k], from_logits, count, upstream);
  });
  return {};
}

inline constexpr ModePair k_bce_forward{{bce_forward<Mode::kDeterministic>, bce_forward<Mode::kAtomic>}};
inline constexpr ModePair k_bce_input_gradient{{bce_input_gradient, bce_input_gradient}};
