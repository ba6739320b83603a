// Random numbers of the numeric contract: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), counted, not drawn.
// Element i takes word i mod 4 of block i div 4, so numbers do not depend on threads or on the order of asking.
#pragma once
#include "core/numerics.h"

namespace samebits::philox {

// One sequence of numbers: key = the seed, low word first; `stream` names the purpose, `step` counts its uses.
struct Sequence {
  uint32_t seed_low, seed_high, stream, step;
};
SAMEBITS_HD Sequence sequence(uint64_t seed, uint32_t stream, uint32_t step) {
  return {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32), stream, step};
}
struct Block {
  uint32_t word[4];
};

SAMEBITS_HD Block round(Block c, uint32_t key0, uint32_t key1) {
  const uint64_t p0 = uint64_t{0xd2511f53u} * c.word[0];
  const uint64_t p1 = uint64_t{0xcd9e8d57u} * c.word[2];
  return {{static_cast<uint32_t>(p1 >> 32) ^ c.word[1] ^ key0, static_cast<uint32_t>(p1),
           static_cast<uint32_t>(p0 >> 32) ^ c.word[3] ^ key1, static_cast<uint32_t>(p0)}};
}

// Ten rounds; the key moves on by the golden ratio and sqrt(3) - 1 between them.
SAMEBITS_HD Block philox4x32_10(Block counter, uint32_t key0, uint32_t key1) {
  for (uint32_t i = 0; i < 10; ++i) counter = round(counter, key0 + i * 0x9e3779b9u, key1 + i * 0xbb67ae85u);
  return counter;
}

SAMEBITS_HD Block block_at(const Sequence& s, uint64_t block) {
  return philox4x32_10({{static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), s.stream, s.step}},
                       s.seed_low, s.seed_high);
}

// Sixteen consecutive blocks at once, word w of block i in words[w][i]: loops that a compiler turns into vector code.
SAMEBITS_HD void sixteen_blocks(const Sequence& s, uint64_t first, uint32_t words[4][16]) {
  uint32_t key0 = s.seed_low, key1 = s.seed_high;
  for (int i = 0; i < 16; ++i) {
    const uint64_t block = first + static_cast<uint64_t>(i);
    words[0][i] = static_cast<uint32_t>(block);
    words[1][i] = static_cast<uint32_t>(block >> 32);
    words[2][i] = s.stream;
    words[3][i] = s.step;
  }
  for (int turn = 0; turn < 10; ++turn) {
    for (int i = 0; i < 16; ++i) {
      const Block b = round({{words[0][i], words[1][i], words[2][i], words[3][i]}}, key0, key1);
      for (int w = 0; w < 4; ++w) words[w][i] = b.word[w];
    }
    key0 += 0x9e3779b9u;
    key1 += 0xbb67ae85u;
  }
}

// [0, 1), a multiple of 2^-24.
SAMEBITS_HD float uniform(uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }

struct NormalPair {
  float first, second;
};
// Box and Muller (1958) on one word pair.
SAMEBITS_HD NormalPair normal_pair(uint32_t w0, uint32_t w1) {
  const float u1 = static_cast<float>((w0 >> 8) + 1) * 0x1p-24f;
  const float u2 = static_cast<float>(w1 >> 8) * 0x1p-24f;
  const float r = numerics::sqrt(-2.0f * numerics::log(u1));
  const float t = 6.2831855f * u2;
  return {r * numerics::cos(t), r * numerics::sin(t)};
}

SAMEBITS_HD float uniform_at(const Sequence& s, uint64_t index) {
  return uniform(block_at(s, index >> 2).word[index & 3]);
}
SAMEBITS_HD float normal_at(const Sequence& s, uint64_t index) {
  const Block b = block_at(s, index >> 2);
  const NormalPair n = (index & 2) == 0 ? normal_pair(b.word[0], b.word[1]) : normal_pair(b.word[2], b.word[3]);
  return (index & 1) == 0 ? n.first : n.second;
}

}  // namespace samebits::philox
