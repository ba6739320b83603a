// The loop of sgd; compiled once per instruction set.

static Status sgd_update(const Call& call) noexcept {
  const auto& settings = call.as<sgd_contract::Settings>();
  const float* g = call.tensors[0].f32();
  float* w = call.tensors[1].f32();
  float* v = call.tensors[2].f32();
  const F32x16 rate = set1(settings.learning_rate), momentum = set1(settings.momentum);
  const bool nesterov = settings.nesterov != 0;
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 step = mul(rate, load_some(g + i, n)), weight = load_some(w + i, n);
    if (v == nullptr) {
      store_some(w + i, sub(weight, step), n);
      return;
    }
    const F32x16 velocity = sub(mul(momentum, load_some(v + i, n)), step);
    store_some(v + i, velocity, n);
    store_some(w + i, nesterov ? sub(add(weight, mul(momentum, velocity)), step) : add(weight, velocity), n);
  });
  return {};
}

inline constexpr ModePair k_sgd_update{{sgd_update, sgd_update}};
