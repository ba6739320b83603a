// The loops of clip_gradient; compiled once per instruction set.

template <class F>
static inline Status clip_each(const Call& call, float* y, F f) noexcept {
  const float* x = call.tensors[0].f32();
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) { store_some(y + i, f(load_some(x + i, n)), n); });
  return {};
}

static Status clip_gradient_value(const Call& call) noexcept {
  const float limit = call.as<clip_gradient_contract::Settings>().limit;
  const F32x16 high = set1(limit), low = set1(-limit);
  return clip_each(call, call.tensors[1].f32(), [=](F32x16 x) {
    const F32x16 held = select(less(high, x), high, x);
    return select(less(held, low), low, held);
  });
}

static Status clip_gradient_norm(const Call& call) noexcept {
  const float limit = call.as<clip_gradient_contract::Settings>().limit;
  const F32x16 all = set1(limit), norm = set1(numerics::larger(limit, *call.tensors[1].f32()));
  return clip_each(call, call.tensors[2].f32(), [=](F32x16 x) { return div(mul(x, all), norm); });
}

static Status clip_gradient_global_norm(const Call& call) noexcept {
  const float limit = call.as<clip_gradient_contract::Settings>().limit;
  const F32x16 scale = set1(clip_gradient_contract::scale_of(*call.tensors[1].f32(), limit));
  return clip_each(call, call.tensors[2].f32(), [=](F32x16 x) { return mul(x, scale); });
}

inline constexpr ModePair k_clip_gradient_value{{clip_gradient_value, clip_gradient_value}};
inline constexpr ModePair k_clip_gradient_norm{{clip_gradient_norm, clip_gradient_norm}};
inline constexpr ModePair k_clip_gradient_global_norm{{clip_gradient_global_norm, clip_gradient_global_norm}};
