// The loops of the functions of two tensors that broadcast; compiled once per instruction set.

// Where an operand's row begins, and its sixteen values from place i on.
struct BinaryRow {
  const float* values;
  bool one;  // the same value in the whole row

  F32x16 at(int64_t i, int n) const { return one ? set1(*values) : load_some(values + i, n); }
};

// f(i, n, a, b) for n values of the result from place i on.
template <class F>
static inline void binary_each(const Call& call, F f) {
  const View& y = call.tensors[2];
  const int64_t values = y.size();
  if (values == 0) return;
  const BroadcastAxes axes = broadcast_axes(call.tensors, 2, y);
  const float* operands[2] = {call.tensors[0].f32(), call.tensors[1].f32()};
  const int inner = axes.count - 1;
  const int64_t width = axes.width();
  row_pieces(*call.context, values / width, width, [&](int64_t row, int64_t from, int64_t to) {
    int64_t begin[2] = {0, 0};
    int64_t rest = row;
    for (int a = inner - 1; a >= 0; --a) {
      const int64_t at = rest % axes.size[a];
      rest /= axes.size[a];
      for (int t = 0; t < 2; ++t) begin[t] += at * axes.stride[t][a];
    }
    const BinaryRow a = {operands[0] + begin[0], axes.stride[0][inner] == 0};
    const BinaryRow b = {operands[1] + begin[1], axes.stride[1][inner] == 0};
    for (int64_t i = from; i < to; i += 16) {
      const int n = static_cast<int>(least(16, to - i));
      f(row * width + i, n, a.at(i, n), b.at(i, n));
    }
  });
}

template <class F>
static inline Status binary_forward(const Call& call, F f) noexcept {
  float* y = call.tensors[2].f32();
  binary_each(call, [=](int64_t i, int n, F32x16 a, F32x16 b) { store_some(y + i, f(a, b), n); });
  return {};
}

// wins(a, b): where the result is b.
template <class F>
static inline Status binary_choice_gradient(const Call& call, F wins) noexcept {
  const float* dy = call.tensors[2].f32();
  float *da = call.tensors[3].f32(), *db = call.tensors[4].f32();
  binary_each(call, [=](int64_t i, int n, F32x16 a, F32x16 b) {
    const F32x16 gradient = load_some(dy + i, n);
    const Mask16 second = wins(a, b);
    if (da != nullptr) store_some(da + i, select(second, zero(), gradient), n);
    if (db != nullptr) store_some(db + i, select(second, gradient, zero()), n);
  });
  return {};
}

static inline Mask16 binary_larger(F32x16 a, F32x16 b) { return beats(b, a); }
static inline Mask16 binary_smaller(F32x16 a, F32x16 b) {
  return both(negate(either(less(a, b), equal(a, b))), negate(unordered(a)));
}

static Status binary_add(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return add(a, b); });
}
static Status binary_subtract(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return sub(a, b); });
}
static Status binary_multiply(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return mul(a, b); });
}
static Status binary_divide(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return div(a, b); });
}
static Status binary_maximum(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return select(binary_larger(a, b), b, a); });
}
static Status binary_minimum(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) { return select(binary_smaller(a, b), b, a); });
}
static Status binary_divide_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[2].f32();
  float* db = call.tensors[3].f32();
  binary_each(call, [=](int64_t i, int n, F32x16 a, F32x16 b) {
    const F32x16 slope = div(div(mul(a, set1(-1.0f)), b), b);
    store_some(db + i, mul(load_some(dy + i, n), slope), n);
  });
  return {};
}
static Status binary_maximum_gradient(const Call& call) noexcept { return binary_choice_gradient(call, binary_larger); }
static Status binary_minimum_gradient(const Call& call) noexcept { return binary_choice_gradient(call, binary_smaller); }

// f(a, b, c) of sixteen times three numbers. What lanes without a value hold is never stored.
template <class F>
static inline F32x16 binary_each_value(F32x16 a, F32x16 b, F32x16 c, F f) {
  float first[16], second[16], third[16], results[16];
  store(first, a);
  store(second, b);
  store(third, c);
  for (int k = 0; k < 16; ++k) results[k] = f(first[k], second[k], third[k]);
  return load(results);
}
static Status binary_power(const Call& call) noexcept {
  return binary_forward(call, [](F32x16 a, F32x16 b) {
    return binary_each_value(a, b, zero(), [](float x, float exponent, float) { return numerics::pow(x, exponent); });
  });
}
static Status binary_power_gradient(const Call& call) noexcept {
  const float* dy = call.tensors[2].f32();
  float *da = call.tensors[3].f32(), *db = call.tensors[4].f32();
  const auto by_base = [](float x, float y, float dz) { return numerics::pow_base_gradient(x, y, dz); };
  const auto by_exponent = [](float x, float y, float dz) { return numerics::pow_exponent_gradient(x, y, dz); };
  binary_each(call, [=](int64_t i, int n, F32x16 a, F32x16 b) {
    const F32x16 gradient = load_some(dy + i, n);
    if (da != nullptr) store_some(da + i, binary_each_value(a, b, gradient, by_base), n);
    if (db != nullptr) store_some(db + i, binary_each_value(a, b, gradient, by_exponent), n);
  });
  return {};
}

inline constexpr ModePair k_binary_add{{binary_add, binary_add}};
inline constexpr ModePair k_binary_subtract{{binary_subtract, binary_subtract}};
inline constexpr ModePair k_binary_multiply{{binary_multiply, binary_multiply}};
inline constexpr ModePair k_binary_divide{{binary_divide, binary_divide}};
inline constexpr ModePair k_binary_maximum{{binary_maximum, binary_maximum}};
inline constexpr ModePair k_binary_minimum{{binary_minimum, binary_minimum}};
inline constexpr ModePair k_binary_power{{binary_power, binary_power}};
inline constexpr ModePair k_binary_power_gradient{{binary_power_gradient, binary_power_gradient}};
inline constexpr ModePair k_binary_divide_gradient{{binary_divide_gradient, binary_divide_gradient}};
inline constexpr ModePair k_binary_maximum_gradient{{binary_maximum_gradient, binary_maximum_gradient}};
inline constexpr ModePair k_binary_minimum_gradient{{binary_minimum_gradient, binary_minimum_gradient}};
