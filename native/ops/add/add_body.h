// The loop of add; compiled once per instruction set.

static Status add_forward(const Call& call) noexcept {
  const float* a = call.tensors[0].f32();
  const float* b = call.tensors[1].f32();
  float* y = call.tensors[2].f32();
  elementwise(*call.context, call.tensors[0].size(),
              [=](int64_t i, int n) { store_some(y + i, add(load_some(a + i, n), load_some(b + i, n)), n); });
  return {};
}

inline constexpr ModePair k_add_forward{{add_forward, add_forward}};
