// Faults in what all kernels share: the law of order, elementary functions, random numbers: [text that is replaced, by what,
// what is wrong then].
export default {
  'native/core/order.h': [
    [
      'inline constexpr int64_t kPositionChunk = 256;',
      'inline constexpr int64_t kPositionChunk = 128;',
      'chunks of positions of another size',
    ],
    [
      'inline constexpr int64_t kMemoryChunk = 4096;',
      'inline constexpr int64_t kMemoryChunk = 8192;',
      'chunks of memory of another size',
    ],
    [
      'while (left * 2 < n) left *= 2;',
      'while (left * 2 <= n) left *= 2;',
      'a power of two of items has nothing on its right',
    ],
    [
      'for (int64_t n = index + 1; (n & 1) == 0; n >>= 1) ++joins;',
      'for (int64_t n = index; (n & 1) != 0 && joins < 1; n >>= 1) ++joins;',
      'at most one join behind an item',
    ],
    [
      'while ((int64_t{1} << (levels - 1)) < n) ++levels;',
      'while ((int64_t{1} << levels) < n) ++levels;',
      'room for one subtree too few',
    ],
  ],
  'native/core/exact_fma.h': [
    [
      '(lost > 0.0) == (sum > 0.0) ? 1 : ~uint64_t{0};',
      '(lost > 0.0) == (sum > 0.0) ? 1 : 1;',
      'rounding to odd goes away from zero always',
    ],
    [
      'if ((lost < 0.0 || lost > 0.0) && (bits & 1) == 0) bits',
      'if (lost > 0.0 && (bits & 1) == 0) bits',
      'what is lost below is not seen',
    ],
  ],
  'native/core/numerics.h': [
    [
      'if (!(x >= 0.0f)) return from_bits(kNan);',
      'if (x < 0.0f) return from_bits(kNan);',
      'the root of NaN',
      { equivalent: 'the root of a NaN is a NaN, and every NaN is one value in a digest' },
    ],
    [
      'y = choose(bits == 0x3c413d3au, 0xc08e158fu, y);',
      '',
      'one of the inputs of log that lie at a middle is not listed',
    ],
    [
      'y = choose(bits == 0x3efd81adu, 0x3ecdeee1u, y);',
      '',
      'one of the inputs of log1p that lie at a middle is not listed',
    ],
    ['y = choose(bits == 0xbf800000u, kInfinity | kSign, y);', '', 'log1p of -1 is another value'],
    [
      'y = choose(bits > kInfinity, kNan, y);\n  return choose',
      'return choose',
      'log of a negative number is a number',
    ],
    [
      'return unless_nan(magnitude, choose(magnitude == 0, sign, y));',
      'return unless_nan(magnitude, y);',
      'expm1 of -0 is +0',
    ],
    [
      'y = choose(to_bits(x) == 0x33a06c99u, 0x3f000001u, y);',
      '',
      'an input of normal_cdf that lies at a middle is not listed',
    ],
    [
      'choose(sign != 0, to_bits(static_cast<float>(tail)), static_cast<float>(1.0 - tail));',
      'choose(sign != 0, to_bits(static_cast<float>(1.0 - tail)), static_cast<float>(tail));',
      'normal_cdf counts from above',
    ],
    [
      'const double a = within(magnitude, 0, 0x41640000u);',
      'const double a = within(magnitude, 0, 0x41400000u);',
      'normal_cdf stops at 12',
    ],
    [
      'const double t = detail::expm1_double(2.0 * within(magnitude, 0, 0x41200000u));',
      'const double t = detail::expm1_double(2.0 * within(magnitude, 0, 0x40a00000u));',
      'tanh stops at 5',
    ],
    [
      'from_bits(to_bits(static_cast<float>(t / (t + 2.0))) | sign)',
      'static_cast<float>(t / (t + 2.0))',
      'tanh loses its sign',
    ],
    [
      'return unless_nan(magnitude, choose(to_bits(x) == 0xba928601u, 0x3effdb5fu, y));',
      'return unless_nan(magnitude, y);',
      'the input of sigmoid that lies at a middle is not listed',
    ],
    [
      'choose(magnitude < 0x39800000u, to_bits(near), far);',
      'choose(magnitude < 0x3f800000u, to_bits(near), far);',
      'sigmoid is a line up to 1',
    ],
    [
      'if (magnitude > 0x3f490fdau) r = reduce_pi(magnitude);',
      'if (magnitude > 0x3fc90fdau) r = reduce_pi(magnitude);',
      'sin and cos take pi/2 for small',
    ],
    ['return (quadrant & 2u) != 0 ? -y : y;', 'return y;', 'sin and cos have no sign'],
    [
      '{high, (exact - high) + inexact, (w0 + 0x20000000u) >> 30}',
      '{high, 0.0, (w0 + 0x20000000u) >> 30}',
      'the remainder of an angle is one double',
    ],
    [
      'if (magnitude == 0x46199998u) y = from_bits(0xbeb1fa5du);',
      '',
      'the input of sin that lies at a middle is not listed',
    ],
    [
      'horner(z, 0.5, 0x1.5555555555556p-5,',
      'horner(z, 0.5, 0x1.5555555555756p-5,',
      'a coefficient of exp is off in its last bits',
    ],
    [
      '0x1.5555555555555p-1, 0x1.9999999999d57p-2,',
      '0x1.5555555555555p-1, 0x1.9999999979d57p-2,',
      'a coefficient of log is off in its last bits',
    ],
  ],
  'native/core/philox.h': [
    ['for (uint32_t i = 0; i < 10; ++i) counter', 'for (uint32_t i = 0; i < 9; ++i) counter', 'nine rounds'],
    [
      'for (int turn = 0; turn < 10; ++turn) {',
      'for (int turn = 0; turn < 9; ++turn) {',
      'nine rounds where sixteen blocks go at once',
    ],
    [
      'words[1][i] = static_cast<uint32_t>(block >> 32);',
      'words[1][i] = 0;',
      'beyond 2^32 blocks the counter begins anew',
      { equivalent: 'needs a tensor of 2^34 values: 64 GiB' },
    ],
    ['key1 += 0xbb67ae85u;', 'key1 += 0xbb67ae86u;', 'another key'],
    [
      '{ return static_cast<float>(word >> 8) * 0x1p-24f; }',
      '{ return static_cast<float>(word >> 9) * 0x1p-23f; }',
      'uniform numbers of 23 bits',
    ],
    [
      'const float u1 = static_cast<float>((w0 >> 8) + 1) * 0x1p-24f;',
      'const float u1 = static_cast<float>((w0 >> 8) | 1) * 0x1p-24f;',
      'normal numbers from another uniform one',
    ],
    [
      'return {r * numerics::cos(t), r * numerics::sin(t)};',
      'return {r * numerics::sin(t), r * numerics::cos(t)};',
      'the numbers of a pair are exchanged',
    ],
  ],
  'native/core/elementwise.h': [
    [
      'if (call.tensors[i].given() && call.tensors[i].size() != values)',
      'if (call.tensors[i].given() && call.tensors[i].size() < values)',
      'the check lets longer tensors pass',
    ],
    [
      'for (int i = 1; i < call.tensor_count; ++i)',
      'for (int i = 1; i + 1 < call.tensor_count; ++i)',
      'the check forgets the last tensor',
    ],
  ],
  'native/core/fused.h': [
    ['return x < s.threshold ? below', 'return x <= s.threshold ? below', 'a value at the threshold is below it'],
    ['s.slope == 0.0f ? 0.0f : s.slope * (x - s.threshold)', 's.slope * (x - s.threshold)', 'relu of -Infinity is NaN'],
    ['return x >= s.ceiling ? 0.0f', 'return x > s.ceiling ? 0.0f', 'the slope at the ceiling is that below'],
    [
      'h > 0.0f && h < 1.0f ? dy / 6.0f',
      'h >= 0.0f && h < 1.0f ? dy / 6.0f',
      'hard sigmoid has a slope where it is flat',
    ],
    ['? h + x / 6.0f : h', '? h : h', 'the slope of hard swish forgets that of its gate'],
  ],
  'native/core/pow.h': [
    ['power = choose(base == kOne, kOne, power);', '', '1 to an infinite power is not 1'],
    [
      'l = detail::choose_double(base == 0, kInfinity64 | kSign64, l);',
      '',
      'a power of 0 is that of some other number',
    ],
    [
      'l = detail::choose_double(base == kInfinity, kInfinity64, l);',
      '',
      'a power of Infinity is that of some other number',
    ],
    [
      'const uint32_t odd = static_cast<uint32_t>(whole) & (0u',
      'const uint32_t odd = 1u & (0u',
      'an even power of a negative number is negative',
    ],
    ['(sign != 0) & !is_whole &', '!is_whole &', 'a power that is not whole of a positive number is NaN'],
    [
      'static_cast<uint64_t>(magnitude > k200 ? k200 : magnitude) | sign',
      'static_cast<uint64_t>(sign == 0 && magnitude > k200 ? k200 : magnitude) | sign',
      'a small power wraps around and is large',
    ],
    [
      'choose((base > kInfinity) | (exponent > kInfinity), kNan',
      'choose(base > kInfinity, kNan',
      'a NaN exponent passes for a number',
    ],
    ['choose((to_bits(x) == kOne) | (exponent == 0), kOne', 'choose(exponent == 0, kOne', '1 to the NaN is NaN'],
    [
      'return choose((to_bits(y) & ~kSign) == 0, 0, dz * (y * pow(x, y - 1.0f)));',
      'return dz * (y * pow(x, y - 1.0f));',
      'the gradient of 0 to the 0 is NaN',
    ],
    [
      'return choose(((to_bits(x) & ~kSign) == 0) & from_zero, 0, dz * (pow(x, y) * log(x)));',
      'return dz * (pow(x, y) * log(x));',
      'the gradient by an exponent of 0 is NaN',
    ],
  ],
};
