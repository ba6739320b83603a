// Faults in dense and batch_norm: [text that is replaced, by what, what is wrong then].
export default {
  'native/ops/normalize/normalize_body.h': [
    [
      'const F32x16 d = sub(load_some(values + i, n), load_some(filled, n));',
      'const F32x16 d = sub(load_some(values + i, n), set1(mean));',
      'lanes that get no value add the square of the mean',
    ],
    [
      'const bool apart = layout.spans > 1 && layout.groups > 1;',
      'const bool apart = false;',
      'groups are read as if they lay together',
    ],
    [
      'fma(sub(load_some(x + at, n), set1(mean)), scale, shift)',
      'fma(load_some(x + at, n), scale, shift)',
      'the mean stays',
    ],
    [
      '1.0f / __builtin_sqrtf(m2 / static_cast<float>(count) + epsilon)',
      '1.0f / __builtin_sqrtf(m2 / static_cast<float>(count))',
      'epsilon is not added',
    ],
    ['gamma.given() ? mul(slope, load_some(gamma.f32() + c, n)) : slope', 'slope', 'the input gradient forgets gamma'],
    [
      'sub(sub(load_some(g + i, n), shift), mul(load_some(xh + i, n), slope))',
      'sub(load_some(g + i, n), shift)',
      'the input gradient forgets the second sum',
    ],
    [
      'float *g = packs + worker * count * 2, *xh = g + count;',
      'float *g = packs, *xh = g + count;',
      'threads write over the row of another',
    ],
    [
      'const int64_t row = sample * layout.groups + (c + k) / layout.width;',
      'const int64_t row = sample * layout.groups;',
      'gradients of gamma take the statistics of the first group',
    ],
    [
      'const int64_t end = least(layout.positions, (chunk + 1) * kPositionChunk);',
      'const int64_t end = layout.positions;',
      'every chunk goes on to the end',
    ],
    ['dbeta = add(dbeta, slope);', 'dbeta = slope;', 'only the last position counts'],
    [
      'join_tree(partials, layout.samples, chunks * 2 * channels, 2 * channels);',
      'join_tree(partials, layout.samples, chunks * 2 * channels, channels);',
      'the gradient of beta is that of the first sample',
    ],
    [
      'if (mode == Mode::kAtomic || items == 0)\n    for (float* sum : sums)',
      'if (items == 0)\n    for (float* sum : sums)',
      'atomic: sums begin with what the memory held',
    ],
  ],
  'native/ops/dense/dense_body.h': [
    [
      'return join_some<N - 1>(begin, count, term);',
      'return join_some<N - 1>(begin - 1, count, term);',
      'fewer than seven samples behind the last subtree begin with one of its own',
    ],
    [
      'int64_t row_begin(int64_t tile) const { return tile * n / row_tiles(); }',
      'int64_t row_begin(int64_t tile) const { return tile * (n / row_tiles()); }',
      'rows that the tiles do not divide are left out',
    ],
    [
      'p.bias + task / p.row_tiles() * kTileColumns, p.fused',
      'p.bias, p.fused',
      'panels behind the first get its bias',
    ],
    [
      'static_cast<int>(least(16, width - v * 16)),\n          load(tile',
      '16,\n          load(tile',
      'the tail of the columns is written whole, over the next row',
    ],
    [
      'load(tile + (r * vectors + v) * 16));',
      'load(tile + (r * kTileVectors + v) * 16));',
      'a panel of one vector is read as one of two',
      { wide: true },
    ],
    [
      'p.packed + panel * kTileColumns * p.terms + begin * vectors * 16',
      'p.packed + panel * kTileColumns * p.terms',
      'atomic: every block of terms takes the first weights',
    ],
    [
      'p.rows + first * p.terms + begin, p.terms',
      'p.rows + first * p.terms, p.terms',
      'atomic: every block of terms takes the first values',
    ],
    [
      'store_some(out, first ? value : add(load_some(out, lanes), value), lanes);',
      'store_some(out, first ? value : load_some(out, lanes), lanes);',
      'atomic: only the first block of terms stays',
    ],
    [
      'if (bias.given()) pack_row(bias.f32(), packed_bias + panel * kTileColumns);',
      'if (bias.given()) pack_row(bias.f32(), packed_bias);',
      "the last panel's bias lies where the first one's belongs",
    ],
    [
      'to[k * padded + column] = column < width ? from[column * o + k] : 0.0f;',
      'to[k * padded + column] = column < width ? from[column + k] : 0.0f;',
      'the input gradient reads the weights across',
    ],
    [
      'const float* from = weight.f32() + panel * kTileColumns * o;',
      'const float* from = weight.f32() + panel * kTileColumns;',
      'panels behind the first of the input gradient take other weights',
    ],
    [
      'return add(join_few<kLeft>(begin, term), join_few<N - kLeft>(begin + kLeft, term));',
      'return add(join_few<N - kLeft>(begin, term), join_few<kLeft>(begin + N - kLeft, term));',
      'samples join by the tree turned round',
    ],
    [
      'for (; (i >> level & 1) != 0; ++level) sum = add(levels[level], sum);',
      'for (; (i >> level & 1) != 0; ++level) sum = add(levels[0], sum);',
      'subtrees of eight join the first one over and over',
    ],
    [
      'join_some<kSubtree - 1>(begin + whole * kSubtree, count % kSubtree, term);',
      'join_some<kSubtree - 1>(begin, count % kSubtree, term);',
      'the samples left over are the first ones',
    ],
    ['sum = levels[level++];', 'sum = levels[level];', 'whole subtrees are added twice'],
    [
      'for (; (whole >> level) != 0; ++level)\n    if ((whole >> level & 1) != 0) sum = add(levels[level], sum);',
      '',
      'open subtrees of eight are lost',
    ],
    [
      'bool along_rows() const { return x != nullptr && o < 16; }',
      'bool along_rows() const { return x != nullptr && o <= 16; }',
      'sixteen columns go along the rows',
      { equivalent: 'every result is the same chain: the choice is for speed' },
    ],
    [
      'put((row + lane) * o + column, 1, load_some(sums + lane, 1));',
      'put((row + lane) * o, 1, load_some(sums + lane, 1));',
      'few columns: only the first is written',
    ],
    [
      'for (int lane = 0; lane < lanes; ++lane) put',
      'for (int lane = 0; lane < 16; ++lane) put',
      'few columns: rows behind the last are written',
    ],
    [
      'scratch[sample * kGrain + row - first] = x[sample * i + row];',
      'scratch[sample * kGrain + row - first] = x[sample * i + row - first];',
      'tasks behind the first take the rows of the first',
    ],
    [
      'put(row * o + column, lanes, join_samples(begin, end, term));',
      'put(row * o, lanes, join_samples(begin, end, term));',
      'columns behind the sixteenth are not written',
    ],
    [
      'each_row([=](const float* from) { return load_partial(from, lanes); });',
      'each_row([=](const float* from) { return load(from); });',
      'the tail of dy is read whole: behind the tensor in the last sample',
    ],
    [
      'fma(set1(values[sample * kGrain]), gradient, zero());',
      'mul(set1(values[sample * kGrain]), gradient);',
      'a sum of -0 alone is -0',
    ],
    [
      'return values == nullptr ? add(zero(), gradient) :',
      'return values == nullptr ? gradient :',
      'the bias gradient of -0 alone is -0',
    ],
    [
      'return fma(load_some(x + sample * i + row, lanes), set1(dy[sample * o + column]), zero());',
      'return mul(load_some(x + sample * i + row, lanes), set1(dy[sample * o + column]));',
      'few columns: a sum of -0 alone is -0',
    ],
    [
      '0, g.n, scratch + worker * g.scratch_floats(),',
      '0, g.n - 1, scratch + worker * g.scratch_floats(),',
      'the last sample is left out',
    ],
    [
      'group * g.n / groups, (group + 1) * g.n / groups,',
      'group * (g.n / groups), (group + 1) * (g.n / groups),',
      'atomic: samples that the groups do not divide are left out',
    ],
    [
      'first ? sum : add(load_some(out + i, lanes), sum), lanes);\n    }\n    gates[block].leave();',
      'sum, lanes);\n    }\n    gates[block].leave();',
      'atomic: only the last group stays',
    ],
    [
      'const Gradient g{nullptr, dy.f32(), dy.shape[0], 1, dy.shape[1]};',
      'const Gradient g{nullptr, dy.f32(), dy.shape[0], 1, dy.shape[1] - 1};',
      'the last bias has no gradient',
    ],
  ],
  'native/ops/batch_norm/batch_norm_body.h': [
    [
      'for (int v = 0; v < V; ++v, c += 16) {\n      mean[v]',
      'for (int v = 0; v < V; ++v) {\n      mean[v]',
      '64 channels and more: every vector of a block takes the constants of the first',
      { wide: true },
    ],
    [
      'sqrt(add(load_some(call.tensors[2].f32() + c, n), set1(epsilon)))',
      'add(sqrt(load_some(call.tensors[2].f32() + c, n)), set1(epsilon))',
      'epsilon outside of the root',
    ],
    [
      'scale[v] = gammas == nullptr ? inverse[v] : mul(load_some(gammas + c, n), inverse[v]);',
      'scale[v] = gammas == nullptr ? set1(1.0f) : mul(load_some(gammas + c, n), inverse[v]);',
      'without gamma nothing is scaled',
    ],
    ['beta[v] = betas == nullptr ? zero() : load_some(betas + c, n);', 'beta[v] = zero();', 'beta is left out'],
    [
      'return activation.gradient(value(v, x), dy);',
      'return activation.gradient(x, dy);',
      'the gradient of the activation is that at x',
    ],
    [
      'const F32x16 share = set1(count_b / count), weight',
      'const F32x16 share = set1(count_a / count), weight',
      'the mean of parts of unequal size is weighted the wrong way',
    ],
    [
      'store_some(a + channels + c, fma(mul(delta, delta), weight, m2), n);',
      'store_some(a + channels + c, m2, n);',
      'the distance between the means does not count in the variance',
    ],
    [
      'static_cast<float>((count - left - 1) * each + last));',
      'static_cast<float>((count - left) * each));',
      'the last chunk counts as a whole one',
    ],
    [
      'batch_norm_join_tree(items, left, stride, channels, each, each);',
      'batch_norm_join_tree(items, left, stride, channels, each, last);',
      'the left part of the tree is taken to end with the short chunk',
    ],
    [
      'm2[v] = fma(d, d, m2[v]);\n      fetch_ahead',
      'm2[v] = add(mul(d, d), m2[v]);\n      fetch_ahead',
      'squares are rounded twice',
    ],
    [
      'store(item + channels + v * 16, m2[v]);',
      'store(item + channels, m2[v]);',
      '64 channels and more: the variance of a block is that of its last vector',
      { wide: true },
    ],
    [
      'const F32x16 d = sub(load_partial(x + row * channels, n), mean);\n    m2 = fma(d, d, m2);',
      'const F32x16 d = load_partial(x + row * channels, n);\n    m2 = fma(d, d, m2);',
      'the tail of the channels: squares are not about the mean',
    ],
    [
      'store_partial(item + channels, m2, n);',
      'store_partial(item + channels, m2, n - 1);',
      'the variance of the last channel of a tail is not written',
    ],
    [
      'static_cast<size_t>(2 * all.channels) * sizeof(float));',
      'static_cast<size_t>(all.channels) * sizeof(float));',
      'atomic: m2 of the first chunk is left out',
    ],
    ['all.count += rows;', 'all.count = rows;', 'atomic: what arrived counts as one chunk'],
    [
      'const int64_t first = index % shape.chunks * kPositionChunk, rows = least(kPositionChunk, shape.positions - first);',
      'const int64_t first = index % shape.chunks * kPositionChunk, rows = kPositionChunk;',
      'the last chunk of a sample goes on into the next one',
    ],
    [
      '(index / shape.chunks * shape.positions + first) * channels, rows, channels, item,',
      '(index % shape.chunks * shape.positions + first) * channels, rows, channels, item,',
      'statistics read other samples',
    ],
    [
      'batch_norm_join_tree(partials, shape.samples, shape.chunks * stride, channels, shape.positions, shape.positions);',
      'batch_norm_join_tree(partials, shape.samples, stride, channels, shape.positions, shape.positions);',
      'samples of more than one chunk join the chunks of the first',
    ],
    [
      'const float count = call.batch > 0 ? 1.0f : static_cast<float>(shape.rows());',
      'const float count = static_cast<float>(shape.rows());',
      'sample by sample: m2 is divided before the join',
    ],
    [
      'call.tensors[2].f32()[c] = joined[channels + c] / count;',
      'call.tensors[2].f32()[c] = joined[channels + c] / (count - 1.0f);',
      'the unbiased variance',
    ],
    [
      'batch_norm_join_tree(items, call.batch, stride, channels, shape.positions, shape.positions);',
      'batch_norm_join_tree(items, call.batch - 1, stride, channels, shape.positions, shape.positions);',
      'sample by sample: the last sample is left out',
    ],
    [
      'const float count = static_cast<float>(call.batch * shape.positions);',
      'const float count = static_cast<float>(shape.positions);',
      "sample by sample: the variance is divided by one sample's count",
    ],
    [
      'begin = task * grain, end = least(shape.rows(), begin + grain);',
      'begin = task * grain, end = least(shape.rows(), begin + grain - 1);',
      'the last row of a task is left out',
    ],
    [
      'const int64_t at = row * channels + c + v * 16;\n          const F32x16 value = block.value',
      'const int64_t at = row * channels + c;\n          const F32x16 value = block.value',
      '64 channels and more: only the first vector of a block is written',
      { wide: true },
    ],
    ['out.put(y + at, activate.value(value), n);', 'out.put(y + at, value, n);', 'the activation is left out'],
    [
      'dgamma[v] = fma(dz, mul(sub(value, block.mean[v]), block.inverse[v]), dgamma[v]);',
      'dgamma[v] = fma(dz, mul(sub(value, block.mean[v]), block.scale[v]), dgamma[v]);',
      'dgamma is multiplied by gamma',
    ],
    [
      'dbeta[v] = add(dbeta[v], dz);',
      'dbeta[v] = add(dbeta[v], load_some(dy + v * 16, n));',
      'dbeta forgets the activation',
    ],
    [
      'store_some(item + channels + v * 16, dbeta[v], n);',
      'store_some(item + channels + v * 16, dbeta[0], n);',
      '64 channels and more: dbeta of a block is that of its first vector',
      { wide: true },
    ],
    [
      'for (int64_t i = 0; i < stride; ++i) joined[i] = 0.0f;',
      'for (int64_t i = 0; i < channels; ++i) joined[i] = 0.0f;',
      'atomic: dbeta begins with what the memory held',
    ],
    [
      'for (int64_t i = 0; i < stride; ++i) atomic_add(joined + i, item[i]);',
      'for (int64_t i = 0; i < channels; ++i) atomic_add(joined + i, item[i]);',
      'atomic: dbeta does not arrive',
    ],
    [
      'join_tree(partials, shape.samples, shape.chunks * stride, stride);',
      'join_tree(partials, shape.samples, shape.chunks * stride, channels);',
      'dbeta is that of the first sample',
    ],
    [
      'set1(static_cast<float>((call.batch > 0 ? call.batch : shape.samples) * shape.positions));',
      'set1(static_cast<float>(shape.samples * shape.positions));',
      'sample by sample: the gradient takes one sample for the batch',
    ],
    [
      'shift[v] = div(load_some(call.tensors[7].f32() + c + v * 16, n), count);',
      'shift[v] = div(load_some(call.tensors[7].f32() + c, n), count);',
      '64 channels and more: dbeta of the first vector serves all',
      { wide: true },
    ],
    ['if (training) dz =', 'if (!training) dz =', 'inference and training are exchanged'],
    [
      'F32x16 gradient = mul(block.scale[v], dz);',
      'F32x16 gradient = mul(block.inverse[v], dz);',
      'the gradient forgets gamma',
    ],
    [
      'gradient = add(load_some(addend + at, n), gradient);',
      'gradient = load_some(addend + at, n);',
      'where a gradient is added to, only that stays',
    ],
    [
      'const bool past_cache = dx != dy && passes_cache',
      'const bool past_cache = passes_cache',
      'a large gradient over its own dy goes past the caches',
      { equivalent: 'speed only: each value is read before its place is written' },
    ],
    [
      'moving[i] = moving[i] * momentum + (value[i] * scale) * rest;',
      'moving[i] = moving[i] * rest + (value[i] * scale) * momentum;',
      'the momentum of the moving statistics is turned round',
    ],
    ['(value[i] * scale) * rest;', 'value[i] * rest;', 'the moving variance is never the unbiased one'],
  ],
  'native/ops/matmul/matmul_body.h': [
    [
      'const float* a = a_all + batch * s.step_a;',
      'const float* a = a_all;',
      'every product has the rows of the first batch',
    ],
    [
      'to[r * s.terms + k] = a[k * s.rows + first + r];',
      'to[r * s.terms + k] = a[k * s.rows + r];',
      'of an operand that is turned round, the first rows are taken over and over',
    ],
    [
      'first < least(s.rows, begin + kMatmulRows); first += kTileRows',
      'first < begin + kMatmulRows - kTileRows; first += kTileRows',
      'the last rows of a task are not written',
    ],
  ],
  'native/ops/matmul/matmul.h': [
    [
      'a.shape[0] == 1 ? 0 : y.shape[1] * terms',
      'a.shape[0] == 1 ? 0 : y.shape[2] * terms',
      'batches of a lie as far apart as its columns are many',
    ],
    ['(one.shape[0] == 1 || one.shape[0] == sizes.batches) &&', '', 'the check lets an operand of fewer batches pass'],
  ],
};
