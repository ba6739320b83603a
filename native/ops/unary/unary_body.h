// The loops of the unary functions, forward and backward; compiled once per instruction set.

template <class F>
static inline Status unary_forward(const Call& call, F f) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  elementwise_each(*call.context, call.tensors[0].size(), [=](int64_t i) { y[i] = f(x[i]); });
  return {};
}

// f(value, dy): value is y or x, as the contract's tensors say.
template <class F>
static inline Status unary_gradient(const Call& call, F f) noexcept {
  const float* value = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  elementwise(*call.context, call.tensors[0].size(),
              [=](int64_t i, int n) { store_some(dx + i, f(load_some(value + i, n), load_some(dy + i, n)), n); });
  return {};
}

static Status unary_exp(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return numerics::exp(x); });
}
static Status unary_exp_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 y, F32x16 dy) { return mul(dy, y); });
}
static Status unary_log(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return numerics::log(x); });
}
static Status unary_log_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 x, F32x16 dy) { return div(dy, x); });
}
static Status unary_tanh(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return numerics::tanh(x); });
}
static Status unary_tanh_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 y, F32x16 dy) { return mul(dy, sub(set1(1.0f), mul(y, y))); });
}
static Status unary_sqrt(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return numerics::sqrt(x); });
}
static Status unary_sqrt_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 y, F32x16 dy) { return div(dy, add(y, y)); });
}
static Status unary_negate(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return -x; });
}
static Status unary_abs(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return x > 0.0f ? x : 0.0f - x; });
}
static Status unary_abs_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 x, F32x16 dy) {
    const F32x16 below = select(less(x, zero()), mul(dy, set1(-1.0f)), zero());
    return select(less(zero(), x), dy, below);
  });
}
static Status unary_square(const Call& call) noexcept {
  return unary_forward(call, [](float x) { return x * x; });
}
static Status unary_square_gradient(const Call& call) noexcept {
  return unary_gradient(call, [](F32x16 x, F32x16 dy) { return mul(dy, add(x, x)); });
}

inline constexpr ModePair k_unary_exp{{unary_exp, unary_exp}};
inline constexpr ModePair k_unary_exp_gradient{{unary_exp_gradient, unary_exp_gradient}};
inline constexpr ModePair k_unary_log{{unary_log, unary_log}};
inline constexpr ModePair k_unary_log_gradient{{unary_log_gradient, unary_log_gradient}};
inline constexpr ModePair k_unary_tanh{{unary_tanh, unary_tanh}};
inline constexpr ModePair k_unary_tanh_gradient{{unary_tanh_gradient, unary_tanh_gradient}};
inline constexpr ModePair k_unary_sqrt{{unary_sqrt, unary_sqrt}};
inline constexpr ModePair k_unary_sqrt_gradient{{unary_sqrt_gradient, unary_sqrt_gradient}};
inline constexpr ModePair k_unary_negate{{unary_negate, unary_negate}};
inline constexpr ModePair k_unary_abs{{unary_abs, unary_abs}};
inline constexpr ModePair k_unary_abs_gradient{{unary_abs_gradient, unary_abs_gradient}};
inline constexpr ModePair k_unary_square{{unary_square, unary_square}};
inline constexpr ModePair k_unary_square_gradient{{unary_square_gradient, unary_square_gradient}};
