// The loop of dropout, sixteen Philox blocks at a time; compiled once per instruction set.

static Status dropout_forward(const Call& call) noexcept {
  const auto& settings = call.as<dropout_contract::Settings>();
  const philox::Sequence sequence =
      philox::sequence(settings.seed, static_cast<uint32_t>(settings.stream), static_cast<uint32_t>(settings.step));
  const float* x = call.tensors[0].f32();
  float* y = call.tensors[1].f32();
  const int64_t n = call.tensors[0].size();
  const F32x16 rate = set1(settings.rate), scale = set1(1.0f / (1.0f - settings.rate));
  call.context->parallel(ceil_div(n, kElementwiseGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kElementwiseGrain);
    for (int64_t i = task * kElementwiseGrain; i < end; i += 64) {
      uint32_t words[4][16];
      float u[64];
      philox::sixteen_blocks(sequence, static_cast<uint64_t>(i) / 4, words);
      for (int block = 0; block < 16; ++block)
        for (int word = 0; word < 4; ++word) u[4 * block + word] = philox::uniform(words[word][block]);
      for (int64_t k = 0; k < 64 && i + k < end; k += 16) {
        const int count = static_cast<int>(least(16, end - i - k));
        const F32x16 kept = mul(load_some(x + i + k, count), scale);
        store_some(y + i + k, select(less(load(u + k), rate), zero(), kept), count);
      }
    }
  });
  return {};
}

inline constexpr ModePair k_dropout_forward{{dropout_forward, dropout_forward}};
