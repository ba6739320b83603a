// Faults in the walk over two arrays: [text that is replaced, by what, what is wrong then].
export default {
  'native/divergence/walk.cc': [
    ['std::min(kBlock, length - from)', 'std::min(kBlock, length)', 'the last block reads behind the arrays'],
    ['> kInfinityBits ? kNanBits', '>= kInfinityBits ? kNanBits', 'an infinity counts as a NaN'],
    ['bits < 0 ? -(bits & kMagnitude) : bits', 'bits', 'ulp distances across zero are those of the bits'],
    ['(q == kNanBits ? 1 : 0)', '0', 'a NaN in the second array is as far as its bits say'],
    ['terms.ulp[i] == 0.0 ? 0.0 : apart', 'apart', 'two NaNs are infinitely far from each other'],
    ['size_x > size_y ? size_x : size_y', 'size_x', 'relative to the first value, not to the larger one'],
    ['difference < kInfinity ? difference : kInfinity', 'difference', 'a NaN beside a number makes sums NaN'],
    ['((a[i] > 0) & (b[i] < 0))', '0', 'signs that flip downwards are not counted'],
    [
      'squares += terms.absolute[i] * terms.absolute[i];',
      'squares += terms.absolute[i];',
      'l2 is the sum of differences',
    ],
    ['static_cast<int64_t>(from + i)', 'static_cast<int64_t>(i)', 'the first difference behind a block is misplaced'],
    ['if (first < 0) first', 'first', 'the last difference is given for the first'],
    ['byte < 4', 'byte < 3', 'bits of the highest byte are not counted'],
  ],
};
