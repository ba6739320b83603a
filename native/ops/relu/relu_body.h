// The loops of relu, forward and backward; compiled once per instruction set.

static Status relu_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  elementwise(*call.context, call.tensors[0].size(),
              [=](int64_t i, int n) { store_some(y + i, relu(load_some(x + i, n)), n); });
  return {};
}

static Status relu_input_gradient(const Call& call) noexcept {
  const float* y = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  elementwise(*call.context, call.tensors[0].size(), [=](int64_t i, int n) {
    store_some(dx + i, select(less(zero(), load_some(y + i, n)), load_some(dy + i, n), zero()), n);
  });
  return {};
}

inline constexpr ModePair k_relu_forward{{relu_forward, relu_forward}};
inline constexpr ModePair k_relu_input_gradient{{relu_input_gradient, relu_input_gradient}};
