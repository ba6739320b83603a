// The loops of relu, forward and backward; compiled once per instruction set.

static inline constexpr int64_t kGrain = 16384;  // elements per task: enough to outweigh handing it out

static Status relu_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const int64_t n = call.tensors[0].size();
  call.context->parallel(ceil_div(n, kGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kGrain);
    int64_t i = task * kGrain;
    for (; i + 16 <= end; i += 16) store(y + i, relu(load(x + i)));
    if (i < end) store_partial(y + i, relu(load_partial(x + i, static_cast<int>(end - i))), static_cast<int>(end - i));
  });
  return {};
}

static Status relu_input_gradient(const Call& call) noexcept {
  const float* y = call.tensors[0].f32();
  const float* dy = call.tensors[1].f32();
  float* dx = call.tensors[2].f32();
  const int64_t n = call.tensors[0].size();
  call.context->parallel(ceil_div(n, kGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kGrain);
    for (int64_t i = task * kGrain; i < end; i += 16) {
      const int left = static_cast<int>(least(16, end - i));
      const F32x16 out = load_partial(y + i, left);
      store_partial(dx + i, select(less(zero(), out), load_partial(dy + i, left), zero()), left);
    }
  });
  return {};
}

inline constexpr ModePair k_relu_forward{{relu_forward, relu_forward}};
inline constexpr ModePair k_relu_input_gradient{{relu_input_gradient, relu_input_gradient}};
