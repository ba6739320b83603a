// The loops of sigmoid, forward and backward; compiled once per instruction set.

static Status sigmoid_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  elementwise_each(*call.context, call.tensors[0].size(), [=](int64_t i) { y[i] = numerics::sigmoid(x[i]); });
  return {};
}

static Status sigmoid_input_gradient(const Call& call) noexcept {
  const float* y = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    const F32x16 p = load_some(y + i, n);
    store_some(dx + i, mul(load_some(dy + i, n), mul(p, sub(set1(1.0f), p))), n);
  });
  return {};
}

inline constexpr ModePair k_sigmoid_forward{{sigmoid_forward, sigmoid_forward}};
inline constexpr ModePair k_sigmoid_input_gradient{{sigmoid_input_gradient, sigmoid_input_gradient}};
