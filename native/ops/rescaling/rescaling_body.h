// The loops of rescaling, forward and backward; compiled once per instruction set.

static inline constexpr int64_t kGrain = 16384;  // elements per task: enough to outweigh handing it out

static inline F32x16 load_16(const float* x) { return load(x); }
static inline F32x16 load_16(const uint8_t* x) { return load_u8(x); }

template <class From>
static Status rescale(const Call& call) noexcept {
  const From* x = static_cast<const From*>(call.tensors[0].data);
  float* y = call.tensors[1].f32();
  const int64_t n = call.tensors[0].size();
  const float scale = call.as<Rescaling>().scale, offset = call.as<Rescaling>().offset;
  call.context->parallel(ceil_div(n, kGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kGrain);
    int64_t i = task * kGrain;
    const F32x16 scales = set1(scale), offsets = set1(offset);
    for (; i + 16 <= end; i += 16) store(y + i, add(mul(load_16(x + i), scales), offsets));
    for (; i < end; ++i) y[i] = static_cast<float>(x[i]) * scale + offset;
  });
  return {};
}

static Status rescaling_forward(const Call& call) noexcept { return rescale<float>(call); }
static Status rescaling_from_bytes(const Call& call) noexcept { return rescale<uint8_t>(call); }

static Status rescaling_input_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[0].f32();
  float* dx = call.tensors[1].f32();
  const int64_t n = call.tensors[0].size();
  const float scale = call.as<Rescaling>().scale;
  call.context->parallel(ceil_div(n, kGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kGrain);
    for (int64_t i = task * kGrain; i < end; i += 16) {
      const int left = static_cast<int>(least(16, end - i));
      store_partial(dx + i, mul(load_partial(dy + i, left), set1(scale)), left);
    }
  });
  return {};
}

inline constexpr ModePair k_rescaling_forward{{rescaling_forward, rescaling_forward}};
inline constexpr ModePair k_rescaling_from_bytes{{rescaling_from_bytes, rescaling_from_bytes}};
inline constexpr ModePair k_rescaling_input_gradient{{rescaling_input_gradient, rescaling_input_gradient}};
