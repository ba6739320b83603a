// The loops of gather; compiled once per instruction set.

static Status gather_forward(const Call& call) noexcept {
  const float* x = call.tensors[0].f32();
  const int32_t* index = call.tensors[1].i32();
  float* y = call.tensors[2].f32();
  if (call.tensors[2].size() == 0) return {};
  const gather::Sizes s = gather::sizes_of(call, call.tensors[0], call.tensors[1]);
  row_pieces(*call.context, s.rows * s.count, s.width, [=](int64_t row, int64_t from, int64_t to) {
    const int64_t place = gather::inside(index[row % s.count], s.length);
    const float* of_place = x + (row / s.count * s.length + place) * s.width;
    __builtin_memcpy(y + row * s.width + from, of_place + from, static_cast<size_t>(to - from) * sizeof(float));
  });
  return {};
}

static Status gather_input_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  const int32_t *order = call.tensors[2].i32(), *starts = call.tensors[3].i32();
  float* dx = call.tensors[4].f32();
  if (call.tensors[4].size() == 0) return {};
  const gather::Sizes s = gather::sizes_of(call, call.tensors[4], call.tensors[1]);
  row_pieces(*call.context, s.rows * s.length, s.width, [=](int64_t row, int64_t from, int64_t to) {
    const int64_t place = row % s.length, end = gather::inside(starts[place + 1], s.count + 1);
    const float* of_row = dy + row / s.length * s.count * s.width;
    for (int64_t i = from; i < to; i += 16) {
      const int n = static_cast<int>(least(16, to - i));
      F32x16 chain = zero();
      for (int64_t k = gather::inside(starts[place], s.count + 1); k < end; ++k)
        chain = add(chain, load_some(of_row + gather::inside(order[k], s.count) * s.width + i, n));
      store_some(dx + row * s.width + i, chain, n);
    }
  });
  return {};
}

static Status gather_input_gradient_atomic(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  const int32_t* index = call.tensors[1].i32();
  float* dx = call.tensors[4].f32();
  if (call.tensors[4].size() == 0) return {};
  const gather::Sizes s = gather::sizes_of(call, call.tensors[4], call.tensors[1]);
  elementwise(*call.context, call.tensors[4].size(), [=](int64_t i, int n) { store_some(dx + i, zero(), n); });
  call.context->parallel(s.rows * s.count, [=](int64_t row, int) {
    float* to = dx + (row / s.count * s.length + gather::inside(index[row % s.count], s.length)) * s.width;
    for (int64_t i = 0; i < s.width; ++i) atomic_add(to + i, dy[row * s.width + i]);
  });
  return {};
}

inline constexpr ModePair k_gather_forward{{gather_forward, gather_forward}};
inline constexpr ModePair k_gather_input_gradient{{gather_input_gradient, gather_input_gradient_atomic}};
