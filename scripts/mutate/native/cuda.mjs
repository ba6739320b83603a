// Faults in CUDA kernels, which run on the shim (test/shim): [text that is replaced, by what, what is wrong then].
export default {
  'native/ops/conv2d/conv2d.cu': [
    [
      'if (!g.h.holds(row) || !g.w.holds(column)) return false;\n    simt::read(x',
      'if (!g.h.holds(row)) return false;\n    simt::read(x',
      'forward reads outside on the left and right',
    ],
    [
      'return {y + r * g.wide + batch * g.width, bias == nullptr ? nullptr : bias + batch * g.width};',
      'return {y + r * g.wide + batch * g.width, bias};',
      'every group gets the bias of the first',
    ],
    ['sums[i] = simt::activated(fused, sums[i]);', '', 'no activation is applied'],
    [
      'return {g.h.taps * g.w.taps - 1 - t.number, g.h.taps - 1 - t.kh, g.w.taps - 1 - t.kw, batch * g.width + t.channel};',
      'return {t.number, t.kh, t.kw, batch * g.width + t.channel};',
      'the input gradient adds from the last output to the first',
    ],
    [
      'return {g.h.taps * g.w.taps - 1 - t.number, g.h.taps - 1 - t.kh, g.w.taps - 1 - t.kw, batch * g.width + t.channel};',
      'return {g.h.taps * g.w.taps - 1 - t.number, g.h.taps - 1 - t.kh, g.w.taps - 1 - t.kw, t.channel};',
      'the input gradient of every group takes the weights of the first',
    ],
  ],
  'native/ops/conv2d/conv2d_geometry.cuh': [
    [
      'return (row * w.inputs + column) * channels; }',
      'return (row * h.inputs + column) * channels; }',
      'pictures that are not square are read elsewhere',
    ],
    [
      '{tap, kh, tap - kh * g.w.taps, k - tap * by_channels.by};',
      '{tap, kh, tap - kh * g.h.taps, k - tap * by_channels.by};',
      'windows that are not square have other taps',
    ],
    [
      'axis(2, s.stride_w, s.dilation_w, s.pad_left),',
      'axis(2, s.stride_w, s.dilation_h, s.pad_left),',
      'the dilation down is taken for that across',
    ],
    ['value >= kLimit)', 'value > kLimit)', 'one count more is taken'],
    [
      'return reach >= 0 && at < outputs && at * stride == reach ? at : -1;',
      'return reach >= 0 && at < outputs ? at : -1;',
      'inputs between strides get a gradient',
    ],
    [
      'const int reach = padded - tap * dilation,',
      'const int reach = padded - tap,',
      'the input gradient forgets the dilation',
    ],
  ],
  'native/ops/conv2d/conv2d_weight_gradient.cuh': [
    [
      'return simt::least(piece, g.positions - b.begin);',
      'return piece;',
      'the last piece goes on behind the positions',
    ],
    ['p.first_sample += turn) {', 'p.first_sample += turn + 1) {', 'a sample is left out where they do not go at once'],
    ['b.group * g.depth + t.channel', 't.channel', "every group reads the first group's channels"],
  ],
  'native/ops/max_pool2d/max_pool2d.cu': [
    [
      'if (v[i] > best.value[i] || (v[i] != v[i] && best.value[i] == best.value[i])) {',
      'if (v[i] > best.value[i]) {',
      'a NaN does not beat a number',
    ],
    ['if (v[i] > best.value[i] ||', 'if (v[i] >= best.value[i] ||', 'the last of equal inputs wins'],
    [
      'const bool passes = !relu || best.value[k] > 0.0f;',
      'const bool passes = !relu || best.value[k] >= 0.0f;',
      'relu lets a zero through',
    ],
    [
      'taps[i] = read[i] == kNoTap ? -1 : read[i];',
      'taps[i] = read[i];',
      'a choice of nothing is a tap',
      {
        equivalent:
          'tap 255 exists only in windows of more than 255 inputs, of which no choice is noted; atomic mode: see the next',
      },
    ],
    ['if (tap[0] < 0) return;', '', 'atomic: what relu stopped is added in front of the window'],
    [
      'return (row - g.h.first(oh)) * g.w.kernel + column',
      'return (row - g.h.first(oh)) * g.h.kernel + column',
      'windows that are not square have other taps',
    ],
    ['tap[0] - kh * g.w.kernel;', 'tap[0] - kh;', 'atomic: the gradient goes to other columns'],
    [
      'taps[i] = relu && !(best.value[i] > 0.0f) ? -1 :',
      'taps[i] = relu && best.value[i] < 0.0f ? -1 :',
      'without a noted choice relu lets a zero through',
    ],
  ],
  'native/ops/average_pool2d/average_pool2d.cu': [
    [
      'p.channel)] / counted.of(g, oh, ow);',
      'p.channel)] / counted.of(g, rows.begin, columns.begin);',
      "every window is divided by the first one's count",
    ],
    [
      'y[i] = sum / counted.of(g, p.row, p.column);',
      'y[i] = sum / static_cast<float>(g.h.kernel * g.w.kernel);',
      'padding counts as inputs',
    ],
  ],
  'native/simt/windows.h': [
    [
      'last = by_stride.quotient(reach) + 1;',
      'last = by_stride.quotient(input) + 1;',
      'the padding does not count for the last window of an input',
    ],
    [
      'before = reach - kernel + stride,',
      'before = reach - kernel + 1,',
      'an input is given to a window that ends before it',
    ],
    [
      'return h.stride < h.kernel || w.stride < w.kernel; }',
      'return h.stride < h.kernel && w.stride < w.kernel; }',
      'atomic: windows that overlap along one axis alone',
      {
        equivalent:
          'the kernel for windows that do not overlap gathers, which is right for all: only the mode is missed',
      },
    ],
  ],
  'native/ops/dense/dense.cu': [
    [
      'simt::read(transposed ? b + column * terms + at :',
      'simt::read(transposed ? b + column * terms + k :',
      'atomic: every piece takes the first weights',
    ],
    ['if (bias != nullptr) sums[i] = sums[i] + bias[column + i];', '', 'the bias is left out'],
    [
      'return 0.0f + dy[sample * outputs + (column - inputs * outputs)];',
      'return dy[sample * outputs + (column - inputs * outputs)];',
      'the bias gradient of -0 alone is -0',
    ],
    [
      'group * n / groups, (group + 1) * n / groups);',
      'group * (n / groups), (group + 1) * (n / groups));',
      'atomic: samples that the groups do not divide are left out',
    ],
    [
      'const int input = by_outputs.quotient(static_cast<int>(column));',
      'const int input = static_cast<int>(column) / static_cast<int>(inputs);',
      'weights that are not square get other gradients',
    ],
    ['atomicAdd(out + column + i, sums[i]);', 'out[column + i] = sums[i];', 'atomic: only the last piece stays'],
  ],
  'native/ops/dense/dense_long_chains.cuh': [
    [
      'for (int k = whole; k < count; ++k)',
      'for (int k = whole; k < whole; ++k)',
      'long chains: terms behind the last four are left out',
    ],
    [
      'chain = numerics::fma(x[j], w[j], chain);',
      'chain = x[j] * w[j] + chain;',
      'long chains: products are rounded twice',
    ],
    [
      'p.fetch(next, row, begin + p.slab);',
      'p.fetch(now, row, begin + p.slab);',
      'long chains: terms are fetched over those that are still read',
    ],
  ],
  'native/ops/batch_norm/batch_norm.cu': [
    ['chain.m2 = numerics::fma(d, d, chain.m2);', 'chain.m2 = d * d + chain.m2;', 'squares are rounded twice'],
    [
      'numerics::fma(delta, count_b / count_both, a.mean)',
      'numerics::fma(delta, count_a / count_both, a.mean)',
      'the mean of parts of unequal size is weighted the wrong way',
    ],
    [
      'const int64_t all = simt::least(total, end * unit);',
      'const int64_t all = end * unit;',
      'the last chunk counts as a whole one',
    ],
    [
      'op.unit = unit * pass.per;',
      'op.unit = unit;',
      'more items than a block joins: what they stand for is forgotten',
    ],
    ['beta == nullptr ? 0.0f : beta[c]};', '0.0f};', 'beta is left out'],
    [
      'gamma == nullptr ? inverse : gamma[c] * inverse,',
      'gamma == nullptr ? 1.0f : gamma[c] * inverse,',
      'without gamma nothing is scaled',
    ],
    [
      'float dz = F::gradient(activation, BatchNorm::value(c, values.x), values.dy);',
      'float dz = values.dy;',
      'the gradient forgets the activation',
    ],
    [
      'y[i] = F::value(activation, BatchNorm::value(c, x));',
      'y[i] = BatchNorm::value(c, x);',
      'the activation is left out',
    ],
    ['if (training) dz =', 'if (!training) dz =', 'inference and training are exchanged'],
    [
      'dx[i] = addend == nullptr ? gradient : values.addend + gradient;',
      'dx[i] = gradient;',
      'a gradient is not added to what is there',
    ],
    [
      'if (status.ok()) status = simt::clear(call, dbeta, s.columns);',
      '',
      'atomic: dbeta begins with what the memory held',
    ],
    ['if (status.ok()) status = simt::divide(call, mean, s.columns, count);', '', 'atomic: the mean is not divided'],
    [
      'moving[i] = moving[i] * momentum + (value[i] * scale) * rest;',
      'moving[i] = moving[i] * rest + (value[i] * scale) * momentum;',
      'the momentum is turned round',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d.cu': [
    [
      'const int oc = p.channel * d.by_multiplier.by + q;',
      'const int oc = p.channel + q;',
      'with a multiplier the input gradient takes other outputs',
    ],
    [
      'if (++ow == d.w.outputs) ow = 0, ++oh;',
      'if (++ow == d.h.outputs) ow = 0, ++oh;',
      'pictures that are not square',
    ],
    [
      'for (int kh = d.h.taps - 1; kh >= 0; --kh) {',
      'for (int kh = 0; kh < d.h.taps; ++kh) {',
      'the input gradient adds rows from the last to the first',
    ],
    [
      'int oh = d.by_outputs.quotient(begin), ow = begin - oh * d.w.outputs;',
      'int oh = 0, ow = 0;',
      "chunks behind the first read the first one's inputs",
    ],
    ['atomicAdd(to, sum);', '*to = sum;', 'atomic: only the last chunk stays'],
    ['if (!d.w.holds(column)) continue;\n        sum =', 'sum =', 'forward reads outside on the left and right'],
    [
      'd.w.inputs, 2 - d.h.pad, 2 - d.w.pad, d.channels(),',
      'd.w.inputs, d.h.pad, d.w.pad, d.channels(),',
      'the window that is turned round keeps its padding',
    ],
    [
      'return is_three_by_three(d) && by_fours(d) && steps(d.h) && steps(d.w);',
      'return is_three_by_three(d) && by_fours(d);',
      'windows with strides are taken for others',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_geometry.cuh': [
    [
      'return reach >= 0 && at < outputs && at * stride == reach ? at : -1;',
      'return reach >= 0 && at < outputs ? at : -1;',
      'inputs between strides get a gradient',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_threes.cuh': [
    ['(turned ? 8 - tap : tap)', 'tap', 'the input gradient takes the weights as forward does'],
    ['if (!there[j + kw]) continue;', '', 'what lies outside is added'],
    ['if (begin + j < t.out_w) simt::write(', 'simt::write(', 'the last run of a row goes on into the next one'],
    ['const bool inside = p + ahead < end;', 'const bool inside = true;', 'a chunk goes on into the next one'],
    [
      'if (++ow == d.w.outputs) ow = 0, ++oh;',
      'if (++ow == d.h.outputs) ow = 0, ++oh;',
      'pictures that are not square',
    ],
    [
      'atomicAdd(to + tap * wide + i, sum[tap][i]);',
      'to[tap * wide + i] = sum[tap][i];',
      'atomic: only the last chunk stays',
    ],
    ['by_multiplier.by == 1 && d.channels()', 'd.channels()', 'with a multiplier four channels are read for one'],
  ],
  'native/simt/chains.h': [
    ['if (skips && numerics::to_bits(left[r]) == kSkipped) continue;', '', 'skipped terms are added'],
    [
      'if (numerics::to_bits(value) == kSkipped) value = numerics::from_bits(numerics::kNan);',
      '',
      'an input with the bits of the mark is skipped',
    ],
    ['if (at > 0 && at >= terms) break;', 'if (at >= terms - kStep) break;', 'the last terms of a chain are left out'],
    ['if (column < columns) p.store(', 'p.store(', 'columns that are not there are stored'],
    ['if (row >= p.rows) return;', '', 'rows that are not there are stored'],
    ['return skipped ? numerics::from_bits(kSkipped) : value;', 'return value;', 'what is skipped is added as 0'],
  ],
  'native/simt/places.h': [
    [
      '{sample, row, pixel - row * by_columns.by, rest - pixel * by_channels.by};',
      '{sample, row, pixel, rest - pixel * by_channels.by};',
      'rows behind the first have other columns',
    ],
  ],
  'native/ops/gather/gather.cu': [
    [
      'x[(outer * s.length + place) * s.width + column]',
      'x[place * s.width + column]',
      'every row takes from the first',
    ],
    [
      'of_column[gather::inside(order[k], s.count) * s.width]',
      'of_column[k * s.width]',
      'the order of the list is not used',
    ],
    [
      'const Status status = simt::clear(call, dx, call.tensors[4].size());',
      'const Status status;',
      'atomic: sums begin with what the memory held',
    ],
  ],
  'native/ops/reduce/reduce.cu': [
    [
      'const int64_t end = mine ? simt::least(count, (chunk + 1) * kMemoryChunk) : 0;',
      'const int64_t end = mine ? count : 0;',
      'every chunk goes on to the end',
    ],
    [
      'cells.put(team * simt::kLanes + lane, chain);',
      'cells.put(team * simt::kLanes + 15 - lane, chain);',
      'lanes are turned round',
    ],
    ['dx[i] = by == 1.0f ? value : value / by;', 'dx[i] = value;', "the mean's gradient is not divided"],
    ['status = simt::clear(call, y, layout.outputs);', '', 'atomic: sums begin with what the memory held'],
  ],
  'native/ops/reduce/reduce_walk.cuh': [
    ['rest = next;', 'rest = 0;', 'scattered axes: elements are found elsewhere'],
    ['reduced ? 0 : in_y;', 'reduced ? in_y : 0;', 'the gradient is spread along the kept axes'],
  ],
  'native/ops/reduce/reduce_extremes.cuh': [
    ['if (u == v) return a < b ? a : b;', 'if (u == v) return a < b ? b : a;', 'the last of equals is taken'],
    ['return u != u && (v == v || a < b) ? a : b;', 'return u != u ? b : a;', 'a number beats a NaN'],
    [
      '(least ? u < v : u > v) ? a : b',
      '(least ? u > v : u < v) ? a : b',
      'the largest and the smallest are exchanged',
    ],
    [
      'const int64_t end = simt::least(choices, (part + 1) * kChoices);',
      'const int64_t end = part * kChoices + 1;',
      'choices behind the first of a part are not asked',
    ],
    [
      'const bool tie = v == best || (v != v && best != best);',
      'const bool tie = v == best;',
      'where the result is NaN nobody has its gradient',
    ],
  ],
  'native/ops/softmax/softmax.cu': [
    ['best = other > best ? other : best;', '', 'a lane knows only its own largest value'],
    ['__syncthreads();\n  return best;', 'return best;', 'shared memory is written while others read it'],
    [
      'y[first + i] * (dy[first + i] - d);',
      'y[first + i] * dy[first + i];',
      'the gradient forgets the sum over classes',
    ],
    [
      '? numerics::fma(dy[first + i], y[first + i], chain) : 0.0f;',
      '? dy[first + i] * y[first + i] + chain : 0.0f;',
      'products are rounded twice',
    ],
    [
      'mine ? chain + numerics::exp(y[first + i]) : 0.0f;',
      'mine ? chain + y[first + i] : 0.0f;',
      'the logarithm of softmax sums what it should raise',
    ],
    [
      'numerics::exp(y[first + i]) * d;',
      'y[first + i] * d;',
      'the gradient of its logarithm takes y for a probability',
    ],
  ],
  'native/simt/join.h': [
    [
      'sum = open_[level] + sum;\n    open_[level] = sum;',
      'sum = open_[0] + sum;\n    open_[level] = sum;',
      'items join the first subtree over and over',
    ],
    ['if (k + span < here)\n', 'if (k < here)\n', 'what is no item is joined'],
    [
      'op.get(cells, thread + (span << columns.shift))',
      'op.get(cells, thread + (1 << columns.shift))',
      'a thread joins its neighbour over and over',
    ],
    [
      'join(call, segments, groups, width, op.after(pass)) : status;',
      'join(call, segments, 1, width, op.after(pass)) : status;',
      'more items than a block joins: only the first group counts',
    ],
  ],
  'native/simt/chunks.h': [
    [
      'static_cast<int>(least(kPositionChunk, positions - begin));',
      'static_cast<int>(kPositionChunk);',
      'the last chunk of a sample goes on into the next one',
    ],
    [
      'const int64_t first = (sample * positions + begin)',
      'const int64_t first = (0 * sample + begin)',
      'every sample is the first',
    ],
    ['if (done + kRows < rows) __syncthreads();', '', 'rows are fetched over those that are still added'],
  ],
  'native/simt/columns.h': [['if (row < rows) f.store(', 'f.store(', 'rows behind the last are written']],
  'native/ops/normalize/normalize.cu': [
    [
      'const float d = mine ? x[rows.place(i).offset] - mean : 0.0f;',
      'const float d = mine ? x[rows.place(i).offset] : 0.0f;',
      'the variance is about 0',
    ],
    [
      'return {span * layout.channels + channel, channel};',
      'return {i, channel};',
      'groups are read as if they lay together',
    ],
    [
      'const bool is_long = layout.count() > kMemoryChunk;',
      'const bool is_long = layout.count() >= kMemoryChunk;',
      'a row of one chunk takes a whole block',
      { equivalent: 'the sums are the same' },
    ],
    [
      'inverse * ((slope(at) - shift) - normal(at) * steepness)',
      'inverse * (slope(at) - shift)',
      'the input gradient forgets the second sum',
    ],
    [
      'of.across ? sample * of.groups + by_width.quotient(i - position * of.channels) : position;',
      'position;',
      'gradients of gamma take the statistics of other rows',
    ],
    ['{dgamma, 1.0f, dbeta, s.columns}', '{dgamma, 1.0f, dgamma, s.columns}', 'the gradient of beta is not written'],
  ],
  'native/simt/lanes.h': [
    [
      'for (int64_t begin = 0; begin < count; begin += kParts * kMemoryChunk) {',
      'for (int64_t begin = 0; begin < count && begin < kMemoryChunk; begin += kParts * kMemoryChunk) {',
      'rows longer than a chunk: only the first counts',
    ],
    [
      'chunks.push(lanes.joined());\n    }\n    __syncthreads();',
      'chunks.push(lanes.joined());\n    }',
      'rows longer than a chunk: shared memory is written while others read it',
    ],
    [
      'const int64_t mine = begin + part * kMemoryChunk,',
      'const int64_t mine = begin,',
      'every team of a row takes the first chunk',
    ],
    ['Results{means, of_sample}', 'Results{means}', 'the mean of a sample is not divided'],
    ['Results{mean, of_batch}', 'Results{mean}', 'the mean over samples is not divided'],
    ['if (mine) atomicAdd(out, chain);', 'if (mine) *out = chain;', 'atomic: only the last lane stays'],
  ],
  'native/simt/positions.h': [
    ['chain = chain + get(row, 0);', 'chain = chain + get(0, 0);', 'every position is the first'],
    [
      'join_into(call, items, samples, chunks, width, joined);',
      'join_into(call, items, samples, 1, width, joined);',
      'only the first chunk counts',
    ],
  ],
  'native/simt/multi_tensor.h': [
    ['i >= table.size[at]', 'i > table.size[at]', 'a value behind the last is written'],
    [
      'table.first[at + step] <= blockIdx.x) at += step;',
      'table.first[at + step] < blockIdx.x) at += step;',
      'the first block of a call is taken for the call before',
    ],
  ],
  'native/simt/divider.h': [
    [
      '((uint64_t{1} << shift) + d - 1) / d);',
      '(uint64_t{1} << shift) / d);',
      'the factor is rounded down: multiples are one too small',
    ],
  ],
  'native/ops/sgd/sgd.cu': [
    [
      '(weight + settings.momentum * velocity) - step',
      'weight + (settings.momentum * velocity - step)',
      'nesterov is rounded in another order',
    ],
  ],
  'native/ops/rmsprop/rmsprop.cu': [
    ['spread = velocity - average * average;', 'spread = velocity;', 'centered has no effect'],
    ['step = settings.momentum * b[i] + step;', 'step = b[i] + step;', 'the momentum is 1'],
  ],
  'native/ops/adam/adam.cu': [
    ['numerics::larger(a[i], spread)', 'spread', 'AMSGrad forgets'],
    ['m[i] = mean;', '', 'the mean is not kept'],
  ],
  'native/ops/adamax/adamax.cu': [['numerics::larger(kept, size)', 'size', 'the norm is the last size']],
  'native/ops/nadam/nadam.cu': [['spread / settings.correction', 'spread', 'the mean of squares is not corrected']],
  'native/ops/adagrad/adagrad.cu': [['s[i] = squares;', '', 'the sum is not kept']],
  'native/ops/adadelta/adadelta.cu': [['x[i] = settings.rho * before', 'x[i] = before', 'the steps do not fade']],
  'native/ops/clip_gradient/clip_gradient.cu': [['held < -limit ? -limit : held', 'held', 'nothing is held below']],
  'native/simt/weight_decay.h': [
    ['g + decay.share * w : g', 'g + w : g', 'all of the weight is added to the gradient'],
    ['w - (w * decay.share) * decay.learning_rate', 'w - w * decay.share', 'decay knows no rate'],
  ],
  'native/ops/dropout/dropout.cu': [
    ['if (i < n) y[i] = philox', 'if (i + 1 < n) y[i] = philox', 'the last value is not written'],
  ],
  'native/ops/random/random.cu': [
    ['if (i + 1 < n) y[i + 1] = mean', 'if (i + 2 < n) y[i + 1] = mean', 'an even last value is not written'],
    [
      'y[block * 4 + word] = low + width',
      'y[block * 4 + 3 - word] = low + width',
      'the words of a block are turned round',
    ],
  ],
  'native/ops/add/add.cu': [['y[i] = a[i] + b[i];', 'y[i] = a[i] + a[i];', 'the second term is the first']],
  'native/ops/multiply/multiply.cu': [['y[i] = a[i] * b[i];', 'y[i] = b[i] * b[i];', 'the first factor is the second']],
  'native/ops/relu/relu.cu': [
    ['y[i] = x[i] < 0.0f ? 0.0f : x[i];', 'y[i] = x[i] > 0.0f ? x[i] : 0.0f;', 'relu loses NaN and -0'],
    ['dx[i] = y[i] > 0.0f ? dy[i] : 0.0f;', 'dx[i] = y[i] >= 0.0f ? dy[i] : 0.0f;', 'the gradient of a zero passes'],
  ],
  'native/ops/sigmoid/sigmoid.cu': [
    ['(y[i] * (1.0f - y[i]))', '(y[i] - y[i] * y[i])', 'the slope is rounded elsewhere'],
  ],
  'native/ops/activation/activation.cu': [
    ['F::gradient(s, x[i], dy[i])', 'F::gradient(s, dy[i], x[i])', 'the slope is that at dy'],
  ],
  'native/ops/unary/unary.cu': [
    ['return dy * (1.0f - y * y);', 'return dy - dy * (y * y);', 'the slope of tanh is rounded elsewhere'],
    ['return dy / (y + y);', 'return dy / y;', 'the slope of the root is twice as large'],
  ],
  'native/ops/binary_crossentropy/binary_crossentropy.cu': [
    [
      'const float clipped = low > kHighest ? kHighest : low;',
      'const float clipped = low;',
      'a probability of 1 is not clipped',
    ],
    ['numerics::exp(z < 0.0f ? z : -z)', 'numerics::exp(-z)', 'large negative logits overflow'],
    [
      'const int64_t at = sample * values + i;',
      'const int64_t at = i;',
      'the loss of every sample is that of the first',
    ],
  ],
  'native/ops/categorical_crossentropy/categorical_crossentropy.cu': [
    [
      'q < kLowest || q > kHighest ? 0.0f : -(t / q), q};',
      'q < kLowest ? 0.0f : -(t / q), q};',
      'the gradient is not clipped above',
    ],
    [
      'return losses[sample * positions + i]; });',
      'return losses[i]; });',
      'the loss of every sample is that of the first',
    ],
    ['largest = other > largest ? other : largest;', '', 'logits: a lane knows only its own largest'],
    [
      'chain + t[first + i] * (log_sum - (z[first + i] - e.largest)) : 0.0f;',
      'chain + t[first + i] * ((log_sum + e.largest) - z[first + i]) : 0.0f;',
      'logits: the loss is rounded in another order',
    ],
    [
      'numerics::exp(z[first + i] - e.largest) / e.sum - t[first + i]',
      'numerics::exp(z[first + i] - e.largest) / e.sum',
      'logits: the gradient forgets the target',
    ],
    [
      'return numerics::fma(slope.g, slope.q, chain);',
      'return slope.g * slope.q + chain;',
      'products are rounded twice',
    ],
  ],
  'native/ops/resize_bilinear/resize_bilinear.cu': [
    [
      'if (row.low != p.row && row.high != p.row) continue;',
      'if (row.low != p.row) continue;',
      'the lower neighbours get no gradient',
    ],
    [
      'of_sample + in.of(row.high, column.high, p.channel),',
      'of_sample + in.of(row.high, column.low, p.channel),',
      'the lower right pixel is the lower left one',
    ],
    [
      'atomicAdd(to + at * in.by_channels.by, gradient * weight);',
      'atomicAdd(to + at, gradient * weight);',
      'atomic: channels are taken for neighbours',
    ],
  ],
  'native/ops/image_transform/image_transform.cu': [
    ['return r < 0 || k < 0 ? fill :', 'return r < 0 ? fill :', 'left of the picture is not the fill value'],
    [
      '(m[0] * static_cast<float>(ox) + m[1] * static_cast<float>(oy)) + m[2];',
      'm[0] * static_cast<float>(ox) + (m[1] * static_cast<float>(oy) + m[2]);',
      'coordinates are added in another order',
    ],
  ],
  'native/ops/rescaling/rescaling.cu': [
    [
      'y[i] = static_cast<float>(x[i]) * scale + offset;',
      'y[i] = static_cast<float>(x[i]) * scale;',
      'the offset is left out',
    ],
  ],
};
