// The loops of random, sixteen Philox blocks at a time; compiled once per instruction set.

// y[i] = value(element of the 64 that these words are, words) for all i; a task is a whole number of 64.
template <class Value>
static inline void fill_by_blocks(const Call& call, Value value) {
  const philox::Sequence sequence = call.as<random_contract::Settings>().sequence();
  float* y = call.tensors[0].f32();
  const int64_t n = call.tensors[0].size();
  call.context->parallel(ceil_div(n, kElementwiseGrain), [=](int64_t task, int) {
    const int64_t end = least(n, (task + 1) * kElementwiseGrain);
    for (int64_t i = task * kElementwiseGrain; i < end; i += 64) {
      uint32_t words[4][16];
      float made[64];
      philox::sixteen_blocks(sequence, static_cast<uint64_t>(i) / 4, words);
      value(words, made);
      for (int64_t k = 0; k < 64 && i + k < end; k += 16) {
        const F32x16 part = load(made + k);
        store_some(y + i + k, part, static_cast<int>(least(16, end - i - k)));
      }
    }
  });
}

static Status random_uniform(const Call& call) noexcept {
  const auto& settings = call.as<random_contract::Settings>();
  const float low = settings.shift, width = settings.scale - settings.shift;
  fill_by_blocks(call, [=](const uint32_t(&words)[4][16], float* made) {
    for (int block = 0; block < 16; ++block)
      for (int word = 0; word < 4; ++word) made[4 * block + word] = low + width * philox::uniform(words[word][block]);
  });
  return {};
}

static Status random_normal(const Call& call) noexcept {
  const auto& settings = call.as<random_contract::Settings>();
  const float mean = settings.shift, stddev = settings.scale;
  fill_by_blocks(call, [=](const uint32_t(&words)[4][16], float* made) {
    for (int block = 0; block < 16; ++block)
      for (int word = 0; word < 4; word += 2) {
        const philox::NormalPair pair = philox::normal_pair(words[word][block], words[word + 1][block]);
        made[4 * block + word] = mean + stddev * pair.first;
        made[4 * block + word + 1] = mean + stddev * pair.second;
      }
  });
  return {};
}

inline constexpr ModePair k_random_uniform{{random_uniform, random_uniform}};
inline constexpr ModePair k_random_normal{{random_normal, random_normal}};
