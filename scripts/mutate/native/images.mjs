// Faults in picture kernels: [text that is replaced, by what, what is wrong then].
export default {
  'native/core/bilinear.h': [
    ['if (!(at >= -kFar)) return -kFar;', 'if (at < -kFar) return -kFar;', 'a coordinate that is NaN stays one'],
    [
      'return at < -static_cast<float>(size) ? at + period : -at - 1.0f;',
      'return -at - 1.0f;',
      'reflect: far on the left the second mirror is forgotten',
    ],
    [
      'return at >= static_cast<float>(size) ? period - at - 1.0f : at;',
      'return at > static_cast<float>(size) ? period - at - 1.0f : at;',
      'reflect: the edge itself is not mirrored',
      {
        equivalent:
          'at == size gives period - size - 1 = size - 1, and without it size, which inside() clips to size - 1',
      },
    ],
    [
      'static_cast<float>(static_cast<int64_t>(-at / last) + 1);',
      'static_cast<float>(static_cast<int64_t>(-at / last));',
      'wrap: on the left one length too few',
    ],
    ['if (size == 1) return 0.0f;', '', 'a picture of one pixel divides by zero'],
    ['return static_cast<float>(cut) > at ? cut - 1 : cut;', 'return cut;', 'floor of negative numbers goes up'],
    [
      'return {low, low + 1 < size ? low + 1 : low, at - static_cast<float>(low)};',
      'return {low, low + 1, at - static_cast<float>(low)};',
      'the tap above the last position lies outside',
    ],
    [
      'const auto given = [size](int32_t i) { return i >= 0 && i < size ? i : -1; };',
      'const auto given = [size](int32_t i) { return i >= 0 && i <= size ? i : -1; };',
      'constant: one position behind the last counts as inside',
    ],
    ['rest >= 0.5f ? cut + 1 :', 'rest > 0.5f ? cut + 1 :', 'nearest: halves go down'],
    ['rest <= -0.5f ? cut - 1', 'rest < -0.5f ? cut - 1', 'nearest: negative halves go up'],
    [
      '(static_cast<float>(i) + 0.5f) * scale - 0.5f;',
      'static_cast<float>(i) * scale;',
      'resize takes corners for centres',
    ],
    [
      'return {low < 0 ? 0 : low, high, at - static_cast<float>(low)};',
      'return {low < 0 ? 0 : low, high, low < 0 ? 0.0f : at - static_cast<float>(low)};',
      'resize: at the first border the weight is 0, which infinities and gradients show',
    ],
    ['{ return a + (b - a) * t; }', '{ return a * (1.0f - t) + b * t; }', 'another form of the same line'],
    [
      'if (tx == 0.0f && ty == 0.0f) {',
      'if (false) {',
      'on a pixel exactly the value is computed: NaN of a neighbour spreads',
    ],
    [
      'return Four{v[1], v[2], v[3], v[3]};',
      'return Four{v[0], v[1], v[2], v[3]};',
      "three channels: the right pixel begins with the left one's last channel",
    ],
    [
      'const float weight = wy[i] * wx[j];',
      'const float weight = wy[i] * wx[i];',
      "the gradient's weights are those of the diagonal",
    ],
    [
      'if (weight == 0.0f || ys[i] < 0 || xs[j] < 0) continue;',
      'if (ys[i] < 0 || xs[j] < 0) continue;',
      'a gradient of infinity times a weight of 0 is NaN',
    ],
  ],
  'native/ops/resize_bilinear/resize_bilinear_body.h': [
    ['right = columns[ox].high * channels;', 'right = columns[ox].low * channels;', 'the right pixel is the left one'],
    [
      'row(base + tap.low * stride, base + tap.high * stride, tap.t,',
      'row(base + tap.low * stride, base + tap.low * stride, tap.t,',
      'the lower row is the upper one',
    ],
    [
      'in.channels == 3 ? resize_row<kThree, From, To>',
      'in.channels >= 3 ? resize_row<kThree, From, To>',
      'four channels are taken for three',
    ],
    [
      'return sub(add(x, set1(8388608.0f)), set1(8388608.0f));',
      'return sub(add(x, set1(8388608.5f)), set1(8388608.5f));',
      'bytes: halves go elsewhere than to even',
    ],
    ['return add(a, mul(sub(b, a), t));', 'return fma(sub(b, a), t, a);', 'bytes: blended by one rounding for two'],
    ['bottom + right, kChannels);', 'bottom + left, kChannels);', 'bytes: the lower right pixel is the lower left one'],
    ['load(along + begin + at);', 'load(along + at);', 'bytes: a later piece is blended as the first one'],
    [
      'end = least(out.height, begin + kBandRows);\n    const From* base',
      'end = least(out.height, begin + kBandRows - 1);\n    const From* base',
      'the last row of a band is not written',
    ],
    ['.high + 1 : in.height;', '.high : in.height;', 'a row is added to before it is cleared'],
    [
      'const int64_t needed = oy + 1 < out.height ?',
      'const int64_t needed = true ?',
      'rows that nothing reads are not cleared',
    ],
    [
      'cleared = most(cleared, needed);',
      'cleared = needed;',
      'going back clears a row again',
      { equivalent: 'needed never falls: taps of ascending outputs ascend' },
    ],
    [
      '[dx](int64_t i, float dy, float weight) { dx[i] = fma(dy, weight, dx[i]); });\n    }',
      '[dx](int64_t i, float dy, float weight) { dx[i] = dx[i] + dy * weight; });\n    }',
      'products are rounded before they are added',
    ],
  ],
  'native/ops/image_transform/image_transform_body.h': [
    [
      'float x(float ox, float oy) const { return (m[0] * ox + m[1] * oy) + m[2]; }',
      'float x(float ox, float oy) const { return m[0] * ox + (m[1] * oy + m[2]); }',
      'coordinates are added in another order',
    ],
    [
      'bool separable() const { return m[1] == 0.0f && m[3] == 0.0f; }',
      'bool separable() const { return m[1] == 0.0f; }',
      'a shear down is taken for none',
    ],
    [
      'if (row < 0 || column < 0) return fill;',
      'if (row < 0) return fill;',
      'left of the picture is not the fill value',
    ],
    ['y[ox * n + c] = from[columns[ox].low * n + c];', 'y[ox * n + c] = from[ox * n + c];', 'a flip does not flip'],
    [
      'column.high > column.low && (column.low | row.low | row.high) >= 0',
      '(column.low | row.low | row.high) >= 0',
      'three channels: the last column blends what lies behind it',
    ],
    [
      'x0 >= 0.0f && x1 >= 0.0f && x0 <= right && x1 <= right &&',
      'x0 >= 0.0f && x0 <= right && x1 <= right &&',
      'a block that leaves the picture on the left is taken for one inside',
    ],
    [
      'return select(less(v, rounded), sub(rounded, set1(1.0f)), rounded);',
      'return rounded;',
      'floor rounds up from a half',
    ],
    [
      'if (column + 1 < p.width && row + 1 < p.height &&',
      'if (row + 1 < p.height &&',
      "the last column blends the next row's first pixel",
    ],
    ['columns[ox] = column_at(ox, 0.0f);', 'columns[ox] = column_at(0, 0.0f);', 'all columns are the first'],
    [
      'whole = whole && columns[ox].t == 0.0f && columns[ox].low >= 0;',
      'whole = whole && columns[ox].t == 0.0f;',
      'columns outside are copied from inside',
    ],
    ['if (whole && row.t == 0.0f && row.low >= 0)', 'if (whole && row.low >= 0)', 'rows between pixels are copied'],
    [
      'ox += 16;\n            continue;',
      'ox += 15;\n            continue;',
      'blocks overlap by one',
      {
        equivalent:
          'the value is computed twice, from the same inputs; read_block equals the single way, which is what the next mutants test',
      },
    ],
    [
      '__builtin_memset(dx, 0, static_cast<size_t>(size) * sizeof(float));\n    give',
      'give',
      'the gradient begins with what the memory held',
    ],
    [
      'across = s.a0 != 0.0f && u.first < 0.5f, down',
      'across = s.a0 != 0.0f && u.first <= 0.5f, down',
      'a number of exactly a half flips',
      { equivalent: 'one draw in 2^24' },
    ],
    [
      'down = s.a1 != 0.0f && u.second < 0.5f;',
      'down = s.a1 != 0.0f && u.first < 0.5f;',
      'both flips hang on one number',
    ],
    [
      'm[2] = across ? static_cast<float>(s.width - 1) : 0.0f;',
      'm[2] = across ? static_cast<float>(s.width) : 0.0f;',
      'a flip is moved by a pixel',
    ],
    ['m[1] = -sine;', 'm[1] = sine;', 'a rotation is a reflection'],
    [
      'm[2] = (w - (cosine * w - sine * h)) / 2.0f;',
      'm[2] = (w - (cosine * w + sine * h)) / 2.0f;',
      'a rotation is not about the middle',
    ],
    [
      'const float width = s.tied != 0 ? height :',
      'const float width = s.tied == 0 ? height :',
      'height and width are tied when they are not',
    ],
    [
      'm[5] = (static_cast<float>(s.height - 1) / 2.0f) * (1.0f - height);',
      'm[5] = (static_cast<float>(s.height) / 2.0f) * (1.0f - height);',
      'a zoom is not about the middle',
    ],
  ],
};
