// The loop of concatenate; compiled once per instruction set.

static Status concatenate_forward(const Call& call) noexcept {
  float* y = call.tensors[concatenate::kMost].f32();
  const int64_t values = call.tensors[concatenate::kMost].size(), rows = call.as<Concatenate>().rows;
  if (values == 0) return {};
  const int64_t width = values / rows;
  int64_t column = 0;
  for (int k = 0; k < concatenate::kMost; ++k) {
    if (!call.tensors[k].given()) continue;
    const float* x = call.tensors[k].f32();
    const int64_t wide = call.tensors[k].size() / rows;
    row_pieces(*call.context, rows, wide, [=](int64_t row, int64_t from, int64_t to) {
      __builtin_memcpy(y + (row * width + column + from), x + (row * wide + from), static_cast<size_t>(to - from) * sizeof(float));
    });
    column += wide;
  }
  return {};
}

inline constexpr ModePair k_concatenate_forward{{concatenate_forward, concatenate_forward}};
