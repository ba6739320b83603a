// The loops of the probe, compiled once per instruction set. Counts are multiples of 64; pointers are 64-byte aligned.

// As many chains as the registers hold beside two operands: more than latency times ports on every processor known.
inline constexpr int kChains = kRegisters * kNativeLanes < 64 ? 1 : (kRegisters - 4) * kNativeLanes / 16;

static float total(F32x16 x) {
  float lanes[16], sum = 0.0f;
  store(lanes, x);
  for (float lane : lanes) sum += lane;
  return sum;
}

// Every lane starts elsewhere and no value is known beforehand, or the compiler would keep only one of two equal chains.
static float probe_fma(int64_t rounds, float seed) {
  const F32x16 a = set1(seed), b = set1(seed * 0.001f);
  float start[16 * kChains];
  for (int i = 0; i < 16 * kChains; ++i) start[i] = seed * static_cast<float>(i);
  F32x16 chain[kChains];
#pragma GCC unroll 32
  for (int i = 0; i < kChains; ++i) chain[i] = load(start + 16 * i);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 32
    for (int i = 0; i < kChains; ++i) chain[i] = fma(a, b, chain[i]);
  }
  F32x16 sum = zero();
#pragma GCC unroll 32
  for (int i = 0; i < kChains; ++i) sum = add(sum, chain[i]);
  return total(sum);
}

static float probe_read(const float* from, int64_t count) {
  F32x16 sum[4] = {zero(), zero(), zero(), zero()};
  for (int64_t i = 0; i < count; i += 64) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) sum[j] = add(sum[j], load(from + i + 16 * j));
  }
  return total(add(add(sum[0], sum[1]), add(sum[2], sum[3])));
}

static void probe_write(float* to, int64_t count) {
  const F32x16 one = set1(1.0f);
  for (int64_t i = 0; i < count; i += 16) stream(to + i, one);
}

static void probe_copy(float* to, const float* from, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) stream(to + i, load(from + i));
}

static void probe_triad(float* to, const float* a, const float* b, int64_t count) {
  const F32x16 three = set1(3.0f);
  for (int64_t i = 0; i < count; i += 16) stream(to + i, fma(three, load(b + i), load(a + i)));
}

inline constexpr Probe k_probe{probe_fma, int64_t{2} * 16 * kChains, probe_read, probe_write, probe_copy, probe_triad};
