// Faults in sums along memory: reduce, softmax, the losses: [text that is replaced, by what, what is wrong then].
export default {
  'native/ops/gather/gather_body.h': [
    ['(row / s.count * s.length + place) * s.width;', 'place * s.width;', 'every row takes from the first'],
    [
      'end = gather::inside(starts[place + 1], s.count + 1);',
      'end = s.count;',
      'a place gets what names the later ones',
    ],
    [
      'gather::inside(order[k], s.count) * s.width + i',
      'k * s.width + i',
      'gradients are taken as if the list were sorted',
    ],
    [
      'elementwise(*call.context, call.tensors[4].size(), [=](int64_t i, int n) { store_some(dx + i, zero(), n); });',
      '',
      'atomic: sums begin with what the memory held',
    ],
  ],
  'native/ops/gather/gather.h': [
    ['place < length ? place : length - 1', 'place', 'a place behind the last reads other memory'],
    ['call.tensors[3].size() == length + 1', 'true', 'the check lets too few starts pass'],
  ],
  'native/ops/reduce/reduce_extremes_loops.h': [
    [
      'return !(least_wins ? v >= best : v <= best) && best == best;',
      'return least_wins ? v < best : v > best;',
      'a NaN does not beat a number',
    ],
    [
      'return least_wins ? beats(sub(minus, v), sub(minus, best)) : beats(v, best);',
      'return beats(v, best);',
      'the smallest value of rows is the largest',
    ],
    [
      'for (int k = 1; k < 16; ++k)\n    if (extremes_better',
      'for (int k = 1; k < 15; ++k)\n    if (extremes_better',
      'the last lane is not asked',
    ],
    [
      'for (; i < end; ++i)\n    if (extremes_better<least_wins>(x[i], best[0])) best[0] = x[i];',
      '',
      'the tail of a row is not seen',
    ],
    ['while (!extremes_same(first[*to], best)) ++*to;', '', 'the first of a row is taken for its best'],
    ['if (!extremes_better<least_wins>(v, value)) continue;', '', 'the last piece is taken for the best'],
    [
      'if (!extremes_same(x, y[output])) return 0.0f;',
      'if (x != y[output]) return 0.0f;',
      'where the result is NaN nobody has its gradient',
    ],
    [
      'dy == nullptr ? 1.0f : dy[output] / ties[output]',
      'dy == nullptr ? 1.0f : dy[output]',
      'ties get the gradient whole',
    ],
    [
      'const int64_t first = row / layout.count * block.inner;',
      'const int64_t first = 0;',
      'every row takes the first results',
    ],
  ],
  'native/ops/reduce/reduce_body.h': [
    ['return seen <= 1;', 'return seen <= 2;', 'two runs of reduced axes are taken for one'],
    [
      'if (layout.reduced[run] == reduced) {',
      'if (layout.reduced[run] == reduced || run == 0) {',
      'scattered axes: the first axis counts twice',
    ],
    ['index /= layout.length[run];', 'index %= layout.length[run];', 'scattered axes: elements are found elsewhere'],
    [
      'for (; i < end; ++i) lanes.lane[(i - begin) & 15] += x[i];',
      'for (; i < end; ++i) lanes.lane[0] += x[i];',
      'the tail of a row goes to one lane',
    ],
    [
      'for (; i + 16 <= end; i += 16) sums = add(sums, load(x + i));',
      'for (; i + 16 < end; i += 16) sums = add(sums, load(x + i));',
      'sixteen values at the end go as a tail',
      { equivalent: 'the tail adds each to the same lane' },
    ],
    [
      'for (int c = 0; c < width; ++c) tail[(i - begin) & 15][c] += x[i * inner + c];',
      'for (int c = 0; c < width; ++c) tail[(i - begin) & 15][c] += x[i * inner];',
      'the tail of columns takes the first column',
    ],
    [
      'join_tree(tail[0], kSumLanes, 16, 16);',
      'join_tree(tail[0], kSumLanes - 1, 16, 16);',
      'the last lane of columns is lost',
    ],
    [
      'lane[k] = add(lane[k], load_some(x + (i + k) * inner, width));',
      'lane[k] = add(lane[k], load_some(x + (i + k) * inner, 16));',
      'the tail of the columns is read whole: behind the tensor in its last row',
    ],
    [
      'const int64_t begin = chunk * kMemoryChunk, end = least(layout.count, begin + kMemoryChunk);',
      'const int64_t begin = chunk * kMemoryChunk, end = layout.count;',
      'every chunk goes on to the end',
    ],
    [
      'sums[0] = chunk_sum(begin, end, [=, &layout](int64_t i) { return first[reduce_offset(layout, true, i)]; });',
      'sums[0] = chunk_sum(begin, least(end, 4096), [=, &layout](int64_t i) { return first[reduce_offset(layout, true, i)]; });',
      'scattered axes longer than a chunk: only the first chunk is summed',
    ],
    [
      'output / block.inner * layout.count * block.inner + output % block.inner;',
      'output % block.inner;',
      'columns of rows behind the first are those of the first',
    ],
    [
      'const int64_t column = wide ? tile % groups * 16 : 0;',
      'const int64_t column = 0;',
      'columns behind the sixteenth are not written',
    ],
    [
      'if (mode == Mode::kAtomic)\n    for (int64_t i = 0; i < layout.outputs; ++i) y[i] = 0.0f;',
      '',
      'atomic: sums begin with what the memory held',
    ],
    [
      'reduce_chunk(layout, block, is_block, x, output, width, first + i, sums + i * 16);',
      'reduce_chunk(layout, block, is_block, x, output, width, first, sums + i * 16);',
      'runs of chunks sum the first over and over',
    ],
    [
      'join_tree(partials, runs, layout.outputs, layout.outputs);',
      'join_tree(partials, runs, layout.outputs, 1);',
      'outputs behind the first keep their first chunk',
    ],
    ['if (settings.mean != 0)\n', 'if (settings.mean == 0)\n', 'mean and sum are exchanged'],
    [
      'const int64_t run = i / count, stop = least(end, (run + 1) * count);',
      'const int64_t run = i / count, stop = least(end, (run + 2) * count);',
      'spreading: every other output fills two runs',
    ],
    ['lanes = least(16 - i % 16, stop - i);', 'lanes = 16 - i % 16;', 'spreading goes on behind a run'],
    [
      'const float value = mean ? dy[output] / count : dy[output];',
      'const float value = dy[output];',
      "scattered axes: the mean's gradient is not divided",
    ],
    [
      'const float* from = dy + row / layout.count * block.inner;',
      'const float* from = dy;',
      'rows behind the first outer index copy the first',
    ],
    ['to[i] = mean ? from[i] / count : from[i];', 'to[i] = from[i];', "rows: the mean's gradient is not divided"],
    ['runs_pay ? kRun : 1', 'runs_pay ? kRun - 1 : 1', 'runs of fifteen chunks, which are no subtree'],
  ],
  'native/simd/lanes.h': [
    [
      'for (int k = 0; k < 16; ++k) sums.lane[k] += values[k];',
      'for (int k = 0; k < 16; ++k) sums.lane[15 - k] += values[k];',
      'lanes are turned round',
    ],
    [
      'sums.lane[(i - begin) & 15] += value(i);',
      'sums.lane[i & 15] += value(i);',
      'the lane of the tail counts from the start of memory',
      { equivalent: 'chunks begin at multiples of 4096, so both are the same lane' },
    ],
    ['if (i < end) lanes = step(lanes, i, static_cast<int>(end - i));', '', 'the tail of a chunk is left out'],
    [
      'return lane_tree(first, left, count, step) + lane_tree(first + left, chunks - left, count, step);',
      'return lane_tree(first, left, count, step) + lane_tree(first + left, 1, count, step);',
      'three chunks and more: the last ones are left out',
    ],
    ['value(first + i); });', 'value(i); });', 'the loss of every sample is that of the first'],
    [
      'partials[n * chunks] = partials[n * chunks] / static_cast<float>(values);',
      '',
      'the mean of a sample is not divided',
    ],
    [
      '*mean = partials[0] / static_cast<float>(samples);',
      '*mean = partials[0];',
      'the mean over samples is not divided',
    ],
    [
      '*mean = (*mean / static_cast<float>(values)) / static_cast<float>(samples);',
      '*mean = *mean / static_cast<float>(values);',
      'atomic: the mean over samples is not divided',
    ],
    [
      'join_tree(partials, samples, chunks, 1);',
      'join_tree(partials, samples, 1, 1);',
      'samples of more than one chunk join the chunks of the first',
    ],
    ['if (mode == Mode::kAtomic) *mean = 0.0f;', '', 'atomic: the loss begins with what the memory held'],
  ],
  'native/ops/softmax/softmax_body.h': [
    [
      'const int64_t end = least(rows, (task + 1) * grain);',
      'const int64_t end = least(rows, (task + 1) * grain - 1);',
      'the last row of a task is not written',
    ],
    [
      'for (; i < length; ++i) best[0] = x[i] > best[0] ? x[i] : best[0];',
      '',
      'a largest value in the tail is not seen: large values overflow',
    ],
    [
      'for (int k = 1; k < 16; ++k) best[0]',
      'for (int k = 1; k < 15; ++k) best[0]',
      'the last lane is not asked for the largest value',
    ],
    [
      'lanes = select(less(lanes, v), v, lanes);',
      'lanes = select(less(v, lanes), v, lanes);',
      'the smallest value is subtracted',
    ],
    ['sub(load_some(dy + i, n), d)), n);', 'load_some(dy + i, n)), n);', 'the gradient forgets the sum over classes'],
    [
      'return fma(load_some(dy + i, n), load_some(y + i, n), lanes);',
      'return add(mul(load_some(dy + i, n), load_some(y + i, n)), lanes);',
      'products are rounded twice',
    ],
    ['store_some(dx_all + offset + i, mul', 'store_some(dx_all + i, mul', 'only the first row gets a gradient'],
  ],
  'native/ops/categorical_crossentropy/categorical_crossentropy_body.h': [
    ['q = q < kLowest ? kLowest : q;', '', 'a probability of 0 is not clipped'],
    ['q = q > kHighest ? kHighest : q;', '', 'a probability of 1 is not clipped'],
    [
      'const float *target = t + row * classes, *given',
      'const float *target = t, *given',
      'every position has the target of the first',
    ],
    [
      'for (int64_t i = 1; i < classes; ++i) largest = z[i] > largest ? z[i] : largest;',
      'for (int64_t i = 1; i + 1 < classes; ++i) largest = z[i] > largest ? z[i] : largest;',
      'logits: the last class is not asked for the largest',
    ],
    [
      'terms[k] = t[i + k] * (log_sum - (z[i + k] - e.largest));',
      'terms[k] = t[i + k] * ((log_sum + e.largest) - z[i + k]);',
      'logits: the loss is rounded in another order',
    ],
    [
      'dz[i] = ((numerics::exp(z[i] - e.largest) / e.sum - t[i]) / count) * upstream;',
      'dz[i] = ((numerics::exp(z[i] - e.largest) / e.sum - t[i]) * upstream) / count;',
      'logits: the gradient is rounded in another order',
    ],
    [
      'for (int k = 0; k < n; ++k) terms[k] = numerics::exp(z[i + k] - largest);',
      'for (int k = 0; k < n; ++k) terms[k] = numerics::exp(z[i + k]);',
      'logits: large ones overflow',
    ],
    [
      'dp[i + k] = (((g[k] - d) / s) / count) * upstream;',
      'dp[i + k] = ((g[k] / s) / count) * upstream;',
      'the gradient forgets the sum over classes',
    ],
    [
      'g[k] = q[k] < kLowest || q[k] > kHighest ? 0.0f : -(t[k] / q[k]);',
      'g[k] = q[k] < kLowest ? 0.0f : -(t[k] / q[k]);',
      'the gradient is not clipped above',
    ],
    ['for (int k = 0; k < 16; ++k) g[k] = q[k] = 0.0f;', '', 'the tail of the classes adds what the stack held'],
    ['return fma(load(g), load(q), lanes);', 'return add(mul(load(g), load(q)), lanes);', 'products are rounded twice'],
  ],
  'native/ops/binary_crossentropy/binary_crossentropy_body.h': [
    ['numerics::exp(z < 0.0f ? z : -z)', 'numerics::exp(-z)', 'large negative logits overflow'],
    [
      '(numerics::sigmoid(p) - t) / count * upstream;',
      '(numerics::sigmoid(p) - t) * upstream;',
      'the gradient of logits is not divided',
    ],
    [
      '|| p > binary_crossentropy_contract::kHighest) return 0.0f;',
      ') return 0.0f;',
      'the gradient is not clipped above',
    ],
    [
      'return ((p - t) / (p * (1.0f - p))) / count * upstream;',
      'return (p - t) / (p * (1.0f - p) * count) * upstream;',
      'the count is multiplied before the division',
    ],
    [
      'for (int k = 0; k < n; ++k) dp[i + k]',
      'for (int k = 0; k + 1 < n; ++k) dp[i + k]',
      'one value of sixteen is not written',
    ],
  ],
};
