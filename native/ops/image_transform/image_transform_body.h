// The loops of image_transform, forward, backward and the draws; compiled once per instruction set.
using bilinear::Tap;

static inline constexpr int64_t kBandRows = 16;  // output rows per task

struct Picture {
  int64_t samples, height, width, channels;
  int64_t pixels() const { return height * width; }
};
static inline Picture picture_of(const View& x) { return {x.shape[0], x.shape[1], x.shape[2], x.shape[3]}; }

struct Affine {
  const float* m;
  float x(float ox, float oy) const { return (m[0] * ox + m[1] * oy) + m[2]; }
  float y(float ox, float oy) const { return (m[3] * ox + m[4] * oy) + m[5]; }
  // Without a shear, rows go to rows and columns to columns: flips and zooms.
  bool separable() const { return m[1] == 0.0f && m[3] == 0.0f; }
};

// A sample read as rows of pixels; positions -1 give the fill pixel.
template <int kChannels>
struct Reader {
  const float* base;
  const float* fill;
  int64_t width, channels;
  const float* pixel(int32_t row, int32_t column) const {
    if (row < 0 || column < 0) return fill;
    return base + (row * width + column) * (kChannels > 0 ? kChannels : channels);
  }
  void copy_row(int32_t row, const Tap* columns, float* y) const {
    const int64_t n = kChannels > 0 ? kChannels : channels;
    const float* from = pixel(row, 0);
    for (int64_t ox = 0; ox < width; ++ox)
      for (int64_t c = 0; c < n; ++c) y[ox * n + c] = from[columns[ox].low * n + c];
  }
  void read(const Tap& row, const Tap& column, float* y) const {
    // Two pixels side by side, neither of them the fill value; on a pixel exactly, blend below moves the value.
    if constexpr (kChannels == 3) {
      const bool between = column.t != 0.0f || row.t != 0.0f;
      if (between && column.high > column.low && (column.low | row.low | row.high) >= 0) {
        bilinear::blend_rgb(pixel(row.low, column.low), pixel(row.high, column.low), column.t, row.t, y);
        return;
      }
    }
    bilinear::blend<kChannels>(pixel(row.low, column.low), pixel(row.low, column.high), pixel(row.high, column.low),
                               pixel(row.high, column.high), column.t, row.t, channels, y);
  }
};

// Whether the 16 outputs from `ox` on are read inside the picture: coordinates go up or down along a row, so the first
// and the last of them tell.
static inline bool block_inside(const Affine& map, const Picture& p, float ox, float oy) {
  const float x0 = map.x(ox, oy), x1 = map.x(ox + 15.0f, oy), y0 = map.y(ox, oy), y1 = map.y(ox + 15.0f, oy);
  const float right = static_cast<float>(p.width - 1), bottom = static_cast<float>(p.height - 1);
  return x0 >= 0.0f && x1 >= 0.0f && x0 <= right && x1 <= right && y0 >= 0.0f && y1 >= 0.0f && y0 <= bottom && y1 <= bottom;
}

// floor of values in [0, 2^22], by rounding to an integer and stepping back.
static inline F32x16 floor_16(F32x16 v) {
  const F32x16 shift = set1(8388608.0f);
  const F32x16 rounded = sub(add(v, shift), shift);
  return select(less(v, rounded), sub(rounded, set1(1.0f)), rounded);
}

// 16 outputs of three channels that block_inside vouches for: the steps of tap_inside and blend, side by side.
static inline void read_block(const Reader<3>& reader, const Affine& map, const Picture& p, float ox, float oy, float* y) {
  static constexpr float kAscending[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const F32x16 places = add(load(kAscending), set1(ox));
  const auto coordinates = [&](const float* m) {
    return add(add(mul(set1(m[0]), places), set1(m[1] * oy)), set1(m[2]));
  };
  const F32x16 x = coordinates(map.m), x_low = floor_16(x), rows = coordinates(map.m + 3), y_low = floor_16(rows);
  float columns_at[16], columns_t[16], rows_at[16], rows_t[16];
  store(columns_at, x_low);
  store(columns_t, sub(x, x_low));
  store(rows_at, y_low);
  store(rows_t, sub(rows, y_low));
  for (int i = 0; i < 16; ++i, y += 3) {
    const int32_t column = static_cast<int32_t>(columns_at[i]), row = static_cast<int32_t>(rows_at[i]);
    const float* top = reader.base + (row * p.width + column) * 3;
    if (column + 1 < p.width && row + 1 < p.height && (columns_t[i] != 0.0f || rows_t[i] != 0.0f))
      bilinear::blend_rgb(top, top + p.width * 3, columns_t[i], rows_t[i], y);
    else
      reader.read(bilinear::tap_inside(map.y(ox + static_cast<float>(i), oy), p.height),
                  bilinear::tap_inside(map.x(ox + static_cast<float>(i), oy), p.width), y);
  }
}

template <int kChannels>
static void transform_band(const Call& call, const float* fill, Tap* columns, int64_t sample, int64_t band) {
  const ImageTransform& settings = call.as<ImageTransform>();
  const Picture p = picture_of(call.tensors[0]);
  const int64_t size = p.pixels() * p.channels;
  const Reader<kChannels> reader{call.tensors[0].f32() + sample * size, fill, p.width, p.channels};
  const Affine map{call.tensors[1].f32() + sample * 6};
  const bool nearest = settings.nearest != 0, separable = map.separable();
  const auto column_at = [&](int64_t ox, float oy) {
    return bilinear::tap_of(map.x(static_cast<float>(ox), oy), p.width, settings.fill_mode, nearest);
  };
  const auto row_at = [&](int64_t ox, float oy) {
    return bilinear::tap_of(map.y(static_cast<float>(ox), oy), p.height, settings.fill_mode, nearest);
  };
  bool whole = separable;  // all columns fall on pixels, as in a flip
  if (separable)
    for (int64_t ox = 0; ox < p.width; ++ox) {
      columns[ox] = column_at(ox, 0.0f);
      whole = whole && columns[ox].t == 0.0f && columns[ox].low >= 0;
    }
  const int64_t end = least(p.height, (band + 1) * kBandRows);
  for (int64_t oy = band * kBandRows; oy < end; ++oy) {
    float* y = call.tensors[2].f32() + sample * size + oy * p.width * p.channels;
    const float at = static_cast<float>(oy);
    if (separable) {
      const Tap row = row_at(0, at);
      if (whole && row.t == 0.0f && row.low >= 0)
        reader.copy_row(row.low, columns, y);
      else
        for (int64_t ox = 0; ox < p.width; ++ox) reader.read(row, columns[ox], y + ox * p.channels);
    } else {
      for (int64_t ox = 0; ox < p.width;) {
        if constexpr (kChannels == 3)
          if (!nearest && ox + 16 <= p.width && block_inside(map, p, static_cast<float>(ox), at)) {
            read_block(reader, map, p, static_cast<float>(ox), at, y + ox * 3);
            ox += 16;
            continue;
          }
        const int64_t end_of_run = least(p.width, ox + 16);
        for (; ox < end_of_run; ++ox) reader.read(row_at(ox, at), column_at(ox, at), y + ox * p.channels);
      }
    }
  }
}

static Status image_transform_forward(const Call& call) noexcept {
  const Picture p = picture_of(call.tensors[0]);
  const int64_t bands = ceil_div(p.height, kBandRows);
  Tap* columns = call.context->scratch_of<Tap>(static_cast<size_t>(call.context->workers() * p.width));
  float* fill = call.context->scratch_of<float>(static_cast<size_t>(p.channels) + 1);
  if (columns == nullptr || fill == nullptr) return refuse(StatusCode::kMemory, "image_transform: out of memory");
  for (int64_t c = 0; c < p.channels; ++c) fill[c] = call.as<ImageTransform>().fill_value;
  const auto band = p.channels == 3 ? transform_band<3> : p.channels == 1 ? transform_band<1> : transform_band<0>;
  call.context->parallel(p.samples * bands, [&, band](int64_t task, int worker) {
    band(call, fill, columns + worker * p.width, task / bands, task % bands);
  });
  return {};
}

// Walks the outputs of some rows of a sample, ascending, and gives each gradient back to its taps.
template <class Add>
static void give_back_rows(const Call& call, int64_t sample, int64_t begin, int64_t end, Add&& add) {
  const ImageTransform& settings = call.as<ImageTransform>();
  const Picture p = picture_of(call.tensors[0]);
  const Affine map{call.tensors[1].f32() + sample * 6};
  const float* dy = call.tensors[0].f32() + (sample * p.pixels() + begin * p.width) * p.channels;
  for (int64_t oy = begin; oy < end; ++oy)
    for (int64_t ox = 0; ox < p.width; ++ox, dy += p.channels) {
      const float x = static_cast<float>(ox), y = static_cast<float>(oy);
      const Tap row = bilinear::tap_of(map.y(x, y), p.height, settings.fill_mode, settings.nearest != 0);
      const Tap column = bilinear::tap_of(map.x(x, y), p.width, settings.fill_mode, settings.nearest != 0);
      bilinear::give_back(row, column, p.width, p.channels, dy, add);
    }
}

// One task owns a sample, so its order of additions is the order of the outputs.
static Status image_transform_input_gradient(const Call& call) noexcept {
  const Picture p = picture_of(call.tensors[0]);
  const int64_t size = p.pixels() * p.channels;
  call.context->parallel(p.samples, [&](int64_t sample, int) {
    float* dx = call.tensors[2].f32() + sample * size;
    __builtin_memset(dx, 0, static_cast<size_t>(size) * sizeof(float));
    give_back_rows(call, sample, 0, p.height, [dx](int64_t i, float dy, float weight) { dx[i] = fma(dy, weight, dx[i]); });
  });
  return {};
}

static Status image_transform_input_gradient_atomic(const Call& call) noexcept {
  const Picture p = picture_of(call.tensors[0]);
  const int64_t size = p.pixels() * p.channels, bands = ceil_div(p.height, kBandRows);
  float* dx = call.tensors[2].f32();
  call.context->parallel(p.samples, [=](int64_t sample, int) {
    __builtin_memset(dx + sample * size, 0, static_cast<size_t>(size) * sizeof(float));
  });
  call.context->parallel(p.samples * bands, [&](int64_t task, int) {
    const int64_t sample = task / bands, begin = task % bands * kBandRows;
    float* target = dx + sample * size;
    give_back_rows(call, sample, begin, least(p.height, begin + kBandRows),
                   [target](int64_t i, float dy, float weight) { atomic_add(target + i, dy * weight); });
  });
  return {};
}

// A flip happens where its uniform number is below 1/2: the first number decides left-right, the second top-bottom.
static Status flip_matrices(const Call& call) noexcept {
  const TransformDraw& s = call.as<TransformDraw>();
  float* m = call.tensors[0].f32();
  for (int64_t i = 0; i < call.tensors[0].shape[0]; ++i, m += 6) {
    const image_transform::Draws u = image_transform::draws(s, i);
    const bool across = s.a0 != 0.0f && u.first < 0.5f, down = s.a1 != 0.0f && u.second < 0.5f;
    m[0] = across ? -1.0f : 1.0f;
    m[1] = 0.0f;
    m[2] = across ? static_cast<float>(s.width - 1) : 0.0f;
    m[3] = 0.0f;
    m[4] = down ? -1.0f : 1.0f;
    m[5] = down ? static_cast<float>(s.height - 1) : 0.0f;
  }
  return {};
}

// The angle turns the picture about its middle, as keras get_rotation_matrix writes it.
static Status rotation_matrices(const Call& call) noexcept {
  const TransformDraw& s = call.as<TransformDraw>();
  const float w = static_cast<float>(s.width - 1), h = static_cast<float>(s.height - 1);
  float* m = call.tensors[0].f32();
  for (int64_t i = 0; i < call.tensors[0].shape[0]; ++i, m += 6) {
    const float angle = image_transform::between(s.a0, s.a1, image_transform::draws(s, i).first);
    const float sine = numerics::sin(angle), cosine = numerics::cos(angle);
    m[0] = cosine;
    m[1] = -sine;
    m[2] = (w - (cosine * w - sine * h)) / 2.0f;
    m[3] = sine;
    m[4] = cosine;
    m[5] = (h - (sine * w + cosine * h)) / 2.0f;
  }
  return {};
}

// Zooms about the middle, as keras get_zoom_matrix writes it; a zoom above 1 reads further apart, so it shrinks.
static Status zoom_matrices(const Call& call) noexcept {
  const TransformDraw& s = call.as<TransformDraw>();
  float* m = call.tensors[0].f32();
  for (int64_t i = 0; i < call.tensors[0].shape[0]; ++i, m += 6) {
    const image_transform::Draws u = image_transform::draws(s, i);
    const float height = image_transform::between(s.a0, s.a1, u.first);
    const float width = s.tied != 0 ? height : image_transform::between(s.b0, s.b1, u.second);
    m[0] = width;
    m[1] = 0.0f;
    m[2] = (static_cast<float>(s.width - 1) / 2.0f) * (1.0f - width);
    m[3] = 0.0f;
    m[4] = height;
    m[5] = (static_cast<float>(s.height - 1) / 2.0f) * (1.0f - height);
  }
  return {};
}

inline constexpr ModePair k_image_transform_forward{{image_transform_forward, image_transform_forward}};
inline constexpr ModePair k_image_transform_input_gradient{
    {image_transform_input_gradient, image_transform_input_gradient_atomic}};
inline constexpr ModePair k_flip_matrices{{flip_matrices, flip_matrices}};
inline constexpr ModePair k_rotation_matrices{{rotation_matrices, rotation_matrices}};
inline constexpr ModePair k_zoom_matrices{{zoom_matrices, zoom_matrices}};
