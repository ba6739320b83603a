// The loops of resize_bilinear, forward and backward; compiled once per instruction set.
using bilinear::Tap;

static inline constexpr int64_t kBandRows = 16;  // output rows per task

struct Pictures {
  int64_t samples, height, width, channels;
};
static inline Pictures pictures_of(const View& x) { return {x.shape[0], x.shape[1], x.shape[2], x.shape[3]}; }

static inline void put(float* y, float value) { *y = value; }
static inline void put(uint8_t* y, float value) { *y = resize_bilinear::round_half_even(value); }

template <int kChannels, class From, class To>
static void resize_row(const From* top, const From* bottom, float ty, const Tap* columns, const Pictures& out, To* y) {
  const int64_t channels = kChannels > 0 ? kChannels : out.channels;
  for (int64_t ox = 0; ox < out.width; ++ox) {
    const int64_t left = columns[ox].low * channels, right = columns[ox].high * channels;
    for (int64_t c = 0; c < channels; ++c) {
      float value;
      bilinear::blend<1>(top + left + c, top + right + c, bottom + left + c, bottom + right + c, columns[ox].t, ty, 1, &value);
      put(y + ox * channels + c, value);
    }
  }
}

// Column taps are the same for every row: made once.
static inline Tap* column_taps(const Call& call, int64_t size, int64_t out_size) {
  Tap* taps = call.context->scratch_of<Tap>(static_cast<size_t>(out_size));
  if (taps != nullptr)
    for (int64_t i = 0; i < out_size; ++i) taps[i] = bilinear::resize_tap(i, size, out_size);
  return taps;
}

static inline constexpr int64_t kPiece = 240;  // values of a row that are blended at once: whole vectors, and whole pixels of three

// Halves to even, for 0 to 255: floats of this size are whole numbers.
static inline F32x16 whole(F32x16 x) { return sub(add(x, set1(8388608.0f)), set1(8388608.0f)); }
static inline F32x16 blended(F32x16 a, F32x16 b, F32x16 t) { return add(a, mul(sub(b, a), t)); }

static inline void put_piece(float* y, const F32x16& value, int64_t at, int64_t count) {
  store_some(y + at, value, static_cast<int>(least(16, count - at)));
}
static inline void put_piece(uint8_t* y, const F32x16& value, int64_t at, int64_t count) {
  if (at + 16 <= count) return store_u8(y + at, whole(value));
  uint8_t bytes[16];
  store_u8(bytes, whole(value));
  for (int64_t i = at; i < count; ++i) y[i] = bytes[i - at];
}

// A row out of bytes: the four neighbours of a piece's values are laid side by side first, so that sixteen are blended at once.
// On a pixel exactly the arithmetic moves a byte, too. `along` has the column's t of each value, and fifteen behind the last.
template <int kChannels, class To>
static void resize_bytes_row(const uint8_t* top, const uint8_t* bottom, float ty, const Tap* columns, const float* along, int64_t values, To* y) {
  alignas(64) uint8_t beside[4][kPiece] = {};
  const F32x16 down = set1(ty);
  for (int64_t begin = 0; begin < values; begin += kPiece) {
    const int64_t count = least(kPiece, values - begin), pixels = count / kChannels;
    const Tap* taps = columns + begin / kChannels;
    for (int64_t i = 0; i < pixels; ++i) {
      const int64_t left = int64_t{taps[i].low} * kChannels, right = int64_t{taps[i].high} * kChannels;
      __builtin_memcpy(beside[0] + i * kChannels, top + left, kChannels);
      __builtin_memcpy(beside[1] + i * kChannels, top + right, kChannels);
      __builtin_memcpy(beside[2] + i * kChannels, bottom + left, kChannels);
      __builtin_memcpy(beside[3] + i * kChannels, bottom + right, kChannels);
    }
    for (int64_t at = 0; at < count; at += 16) {
      const F32x16 t = load(along + begin + at);
      const F32x16 upper = blended(load_u8(beside[0] + at), load_u8(beside[1] + at), t);
      const F32x16 lower = blended(load_u8(beside[2] + at), load_u8(beside[3] + at), t);
      put_piece(y + begin, blended(upper, lower, down), at, count);
    }
  }
}

// The rows of all pictures in bands: row(top, bottom, ty, y) for each.
template <class From, class To, class Row>
static void resize_bands(const Call& call, const Row& row) {
  const Pictures in = pictures_of(call.tensors[0]), out = pictures_of(call.tensors[1]);
  const From* x = static_cast<const From*>(call.tensors[0].data);
  To* y = static_cast<To*>(call.tensors[1].data);
  const int64_t bands = ceil_div(out.height, kBandRows), stride = in.width * in.channels;
  call.context->parallel(in.samples * bands, [&](int64_t task, int) {
    const int64_t sample = task / bands, begin = task % bands * kBandRows, end = least(out.height, begin + kBandRows);
    const From* base = x + sample * in.height * stride;
    for (int64_t oy = begin; oy < end; ++oy) {
      const Tap tap = bilinear::resize_tap(oy, in.height, out.height);
      row(base + tap.low * stride, base + tap.high * stride, tap.t, y + (sample * out.height + oy) * out.width * out.channels);
    }
  });
}

template <class From, class To>
static Status resize(const Call& call) noexcept {
  const Pictures in = pictures_of(call.tensors[0]), out = pictures_of(call.tensors[1]);
  const Tap* columns = column_taps(call, in.width, out.width);
  if (columns == nullptr) return refuse(StatusCode::kMemory, "resize_bilinear: out of memory");
  constexpr int kThree = sizeof(From) == 1 ? 0 : 3;  // bytes of three channels go another way
  const auto row = in.channels == 3 ? resize_row<kThree, From, To> : resize_row<0, From, To>;
  resize_bands<From, To>(call, [=](const From* top, const From* bottom, float ty, To* y) {
    row(top, bottom, ty, columns, out, y);
  });
  return {};
}

template <int kChannels, class To>
static Status resize_plain_bytes(const Call& call) noexcept {
  const Pictures in = pictures_of(call.tensors[0]), out = pictures_of(call.tensors[1]);
  const int64_t values = out.width * kChannels;
  const Tap* columns = column_taps(call, in.width, out.width);
  float* along = call.context->scratch_of<float>(static_cast<size_t>(values + 15));
  if (columns == nullptr || along == nullptr) return refuse(StatusCode::kMemory, "resize_bilinear: out of memory");
  for (int64_t i = 0; i < values + 15; ++i) along[i] = i < values ? columns[i / kChannels].t : 0.0f;
  resize_bands<uint8_t, To>(call, [=](const uint8_t* top, const uint8_t* bottom, float ty, To* y) {
    resize_bytes_row<kChannels>(top, bottom, ty, columns, along, values, y);
  });
  return {};
}

template <class To>
static Status resize_of_bytes(const Call& call) noexcept {
  const int64_t channels = call.tensors[0].shape[3];
  if (channels == 1) return resize_plain_bytes<1, To>(call);
  return channels == 3 ? resize_plain_bytes<3, To>(call) : resize<uint8_t, To>(call);
}

static Status resize_forward(const Call& call) noexcept { return resize<float, float>(call); }
static Status resize_from_bytes(const Call& call) noexcept { return resize_of_bytes<float>(call); }
static Status resize_bytes(const Call& call) noexcept { return resize_of_bytes<uint8_t>(call); }

// Walks the outputs of some rows of a sample, ascending, and gives each gradient back to its taps.
template <class Add>
static void give_back_rows(const Call& call, const Tap* columns, int64_t sample, int64_t begin, int64_t end, Add&& add) {
  const Pictures out = pictures_of(call.tensors[0]), in = pictures_of(call.tensors[1]);
  const float* dy = call.tensors[0].f32() + (sample * out.height + begin) * out.width * out.channels;
  for (int64_t oy = begin; oy < end; ++oy) {
    const Tap row = bilinear::resize_tap(oy, in.height, out.height);
    for (int64_t ox = 0; ox < out.width; ++ox, dy += out.channels)
      bilinear::give_back(row, columns[ox], in.width, in.channels, dy, add);
  }
}

static inline void clear_rows(const Call& call, int64_t sample, int64_t begin, int64_t end) {
  const Pictures in = pictures_of(call.tensors[1]);
  const int64_t row = in.width * in.channels;
  float* dx = call.tensors[1].f32() + (sample * in.height + begin) * row;
  __builtin_memset(dx, 0, static_cast<size_t>((end - begin) * row) * sizeof(float));
}

// One task owns a sample, so its order of additions is the order of the outputs. Rows are cleared shortly before they are
// added to, so that memory is written once.
static Status resize_input_gradient(const Call& call) noexcept {
  const Pictures out = pictures_of(call.tensors[0]), in = pictures_of(call.tensors[1]);
  const Tap* columns = column_taps(call, in.width, out.width);
  if (columns == nullptr) return refuse(StatusCode::kMemory, "resize_bilinear: out of memory");
  call.context->parallel(in.samples, [&](int64_t sample, int) {
    float* dx = call.tensors[1].f32() + sample * in.height * in.width * in.channels;
    int64_t cleared = 0;
    for (int64_t oy = 0; oy < out.height; ++oy) {
      const int64_t needed = oy + 1 < out.height ? bilinear::resize_tap(oy, in.height, out.height).high + 1 : in.height;
      if (needed > cleared) clear_rows(call, sample, cleared, needed);
      cleared = most(cleared, needed);
      give_back_rows(call, columns, sample, oy, oy + 1,
                     [dx](int64_t i, float dy, float weight) { dx[i] = fma(dy, weight, dx[i]); });
    }
  });
  return {};
}

static Status resize_input_gradient_atomic(const Call& call) noexcept {
  const Pictures out = pictures_of(call.tensors[0]), in = pictures_of(call.tensors[1]);
  const Tap* columns = column_taps(call, in.width, out.width);
  if (columns == nullptr) return refuse(StatusCode::kMemory, "resize_bilinear: out of memory");
  call.context->parallel(in.samples, [&](int64_t sample, int) { clear_rows(call, sample, 0, in.height); });
  const int64_t bands = ceil_div(out.height, kBandRows);
  call.context->parallel(in.samples * bands, [&](int64_t task, int) {
    const int64_t sample = task / bands, begin = task % bands * kBandRows;
    float* dx = call.tensors[1].f32() + sample * in.height * in.width * in.channels;
    give_back_rows(call, columns, sample, begin, least(out.height, begin + kBandRows),
                   [dx](int64_t i, float dy, float weight) { atomic_add(dx + i, dy * weight); });
  });
  return {};
}

inline constexpr ModePair k_resize_forward{{resize_forward, resize_forward}};
inline constexpr ModePair k_resize_from_bytes{{resize_from_bytes, resize_from_bytes}};
inline constexpr ModePair k_resize_bytes{{resize_bytes, resize_bytes}};
inline constexpr ModePair k_resize_input_gradient{{resize_input_gradient, resize_input_gradient_atomic}};
