#include "conformance/fma_check.h"

#include <cstdio>

#include "core/exact_fma.h"
#include "core/philox.h"

namespace samebits::conformance {
namespace {

struct Triple {
  float a, b, c;
};

#if defined(__x86_64__)
__attribute__((target("fma"), noinline)) float hardware_fma(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}
bool has_hardware() { return __builtin_cpu_supports("fma"); }
#elif defined(__aarch64__)
__attribute__((noinline)) float hardware_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
bool has_hardware() { return true; }
#else
float hardware_fma(float, float, float c) { return c; }
bool has_hardware() { return false; }
#endif

// The obvious way, which rounds twice: the control, which must be caught.
__attribute__((noinline)) float twice_rounded_fma(float a, float b, float c) {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}

float power(int exponent) {  // 2^exponent, -126 to 127
  return numerics::from_bits(static_cast<uint32_t>(exponent + 127) << 23);
}

// Some bits of a word under fixed others, as a float.
float masked(uint32_t word, uint32_t kept, uint32_t fixed) { return numerics::from_bits((word & kept) | fixed); }

uint32_t same_nan(float x) { return x == x ? numerics::to_bits(x) : numerics::kNan; }

constexpr int kKinds = 5;

// The kinds of triples in turn.
Triple draw(uint64_t i, uint64_t seed) {
  const philox::Block w = philox::block_at(philox::sequence(seed, 0, 0), i);
  const float a = numerics::from_bits(w.word[0]), b = numerics::from_bits(w.word[1]),
              c = numerics::from_bits(w.word[2]);
  const uint32_t extra = w.word[3];
  const float sign = (extra & 1) != 0 ? -1.0f : 1.0f;
  // Two integers of 12 and 13 bits, whose product has up to 25: one bit more than a float.
  const float p = static_cast<float>((w.word[0] & 0xfff) | 0x801),
              q = static_cast<float>((w.word[1] & 0x1fff) | 0x1001);
  switch (i % kKinds) {
    case 0:  // any bits: NaN, infinities, denormals
      return {a, b, c};
    case 1:  // magnitudes near 1, so that product and addend overlap
      return {masked(w.word[0], 0x81ffffff, 0x3e000000), masked(w.word[1], 0x81ffffff, 0x3e000000),
              masked(w.word[2], 0x83ffffff, 0x3c000000)};
    case 2: {  // the addend takes away nearly all of the product
      const float x = masked(w.word[0], 0x807fffff, 0x3f800000), y = masked(w.word[1], 0x807fffff, 0x3f800000);
      return {x, y, numerics::from_bits(numerics::to_bits(-(x * y)) + extra % 5 - 2)};
    }
    case 3:  // a product in the middle between two floats, and an addend too small for a double to keep beside it
      return {p, q, sign * power(-20 - static_cast<int>(extra >> 8) % 100)};
    default: {  // results are denormal, and the product (2^46 - r^2) 2^-196 hardly less than half of their last place
      const float r = static_cast<float>(w.word[0] % 8 * 2 + 1);
      return {(0x1p23f + r) * power(-98), sign * (0x1p23f - r) * power(-98), masked(w.word[2], 0x807fffff, 0)};
    }
  }
}

}  // namespace

int check_fma(uint64_t count, uint64_t seed) {
  if (!has_hardware()) {
    std::fprintf(stderr, "conformance: fma is not compared here: this processor has no fused multiply-add\n");
    return 3;
  }
  uint64_t differing = 0, caught[kKinds] = {};
  for (uint64_t i = 0; i < count; ++i) {
    const Triple t = draw(i, seed);
    const uint32_t want = same_nan(hardware_fma(t.a, t.b, t.c)), got = same_nan(exact_fma(t.a, t.b, t.c));
    if (same_nan(twice_rounded_fma(t.a, t.b, t.c)) != want) ++caught[i % kKinds];
    if (got == want || ++differing > 10) continue;
    std::fprintf(stderr, "conformance: fma(%a, %a, %a): expected 0x%08x, got 0x%08x\n", static_cast<double>(t.a),
                 static_cast<double>(t.b), static_cast<double>(t.c), want, got);
  }
  const auto whole = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("{\"triples\":%llu,\"seed\":%llu,\"differing\":%llu,\"twiceRoundedDiffering\":[", whole(count),
              whole(seed), whole(differing));
  for (int kind = 0; kind < kKinds; ++kind) std::printf("%s%llu", kind > 0 ? "," : "", whole(caught[kind]));
  std::printf("]}\n");
  return differing == 0 ? 0 : 1;
}

}  // namespace samebits::conformance
