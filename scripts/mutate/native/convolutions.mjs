// Faults in conv2d and depthwise_conv2d: [text that is replaced, by what, what is wrong then].
export default {
  'native/ops/conv2d/conv2d_body.h': [
    [
      'c.w = {y.shape[2], 0, 1, s.stride_w, -s.pad_left, s.dilation_w',
      'c.w = {y.shape[2], 0, 1, s.stride_w, -s.pad_top, s.dilation_w',
      'forward takes the padding above for that on the left',
    ],
    [
      'c.h = {y.shape[1], 0, 1, s.stride_h, -s.pad_top, s.dilation_h',
      'c.h = {y.shape[1], 0, 1, s.stride_h, -s.pad_top, s.dilation_w',
      'forward takes the dilation across for that down',
    ],
    [
      'const int64_t column = group * c.panels.columns + panel * kTileColumns;',
      'const int64_t column = panel * kTileColumns;',
      'every group gets the weights of the first',
    ],
    [
      'load_some(bias.f32() + column + v * 16, c.panels.lanes(panel, v)));',
      'load_some(bias.f32() + column, c.panels.lanes(panel, v)));',
      'the second vector of a panel gets the bias of the first',
      { wide: true },
    ],
    [
      'const int64_t reach = residue + pad - tap * dilation;',
      'const int64_t reach = residue + pad - tap;',
      'the input gradient forgets the dilation',
    ],
    [
      'r.axis.spacing = reach / stride - r.axis.first;',
      'r.axis.spacing = 1;',
      'stride and dilation with a common divisor: outputs lie further apart than one',
    ],
    [
      'r.step = r.highest - tap;',
      'r.step = 1;',
      'the input gradient takes neighbouring taps where a stride skips some',
    ],
    [
      '(inputs - residue + stride - 1) / stride, residue, stride',
      '(inputs + stride - 1) / stride, residue, stride',
      'the input gradient writes one input too many where the stride does not divide the size',
    ],
    [
      'for (int64_t rw = 0; rw < least(s.stride_w, dx.shape[2]); ++rw) {',
      'for (int64_t rw = 0; rw < least(s.stride_h, dx.shape[2]); ++rw) {',
      'columns of some residues are not written where the strides differ',
    ],
    [
      'w.highest - tw * w.step) * depth * co +',
      'w.highest - tw) * depth * co +',
      'the taps across that a stride skips are taken, too',
    ],
    [
      'panel * kTileColumns * co + group * c.depth;',
      'panel * kTileColumns * co;',
      'the input gradient of every group takes the weights of the first',
    ],
    [
      'to[k * padded + column] = column < width ? tap[column * co + k] : 0.0f;',
      'to[k * padded + column] = column < width ? tap[column * co] : 0.0f;',
      'every channel of dy takes the weight of the first',
    ],
    ['c.fused = s.fused;', '', 'no activation is applied'],
  ],
  'native/ops/conv2d/conv2d_correlate.h': [
    [
      'const int64_t begin = base >= 0 ? 0 : least(axis.taps, ceil_div(-base, axis.spacing));',
      'const int64_t begin = base >= 0 ? 0 : least(axis.taps, -base / axis.spacing);',
      'with dilation the first tap inside is taken too early',
    ],
    [
      'least(axis.taps, floor_or_none(axis.source - 1 - base, axis.spacing) + 1)',
      'least(axis.taps, floor_or_none(axis.source - base, axis.spacing) + 1)',
      'a tap behind the last row counts as inside',
    ],
    [
      'const int64_t begin = base >= 0 ? 0 : least(axis.count, ceil_div(-base, axis.stride));',
      'const int64_t begin = base >= 0 ? 0 : least(axis.count, -base / axis.stride);',
      'an output over the border is given a tap that is not there',
    ],
    [
      'least(axis.count, floor_or_none(axis.source - 1 - base, axis.stride) + 1)',
      'least(axis.count, floor_or_none(axis.source - 1 - base, axis.stride))',
      'the last output of a tap is left out',
    ],
    ['return a < 0 ? -1 : a / b;', 'return a / b;', 'padding as wide as the input: a tap outside counts as inside'],
    [
      'return {begin, most(begin, end)};\n}\n\n// The outputs',
      'return {begin, end};\n}\n\n// The outputs',
      'a range that ends before it begins',
      {
        equivalent:
          'every reader loops from begin to end or compares both, and treats it as empty; the one subtraction is guarded by the next line',
      },
    ],
    [
      'const bool inside = first.begin == 0 && last.begin == 0 && first.end == w.taps && last.end == w.taps;',
      'const bool inside = first.begin == 0 && first.end == w.taps;',
      'a tile whose last outputs hang over the border is taken for one inside',
    ],
    [
      'at.tile.column * c.w.stride + c.w.first;\n  const float* weights',
      'at.tile.column + c.w.first;\n  const float* weights',
      'tiles behind the first forget the stride',
    ],
    [
      'if (walk.inner_step == c.depth) walk =',
      'if (c.w.spacing == 1) walk =',
      'with groups a row of taps is taken for one run',
    ],
    [
      'weights + at.taps_h.begin * c.w.taps * c.depth * width, out,',
      'weights, out,',
      'outputs whose first row of taps is padding take the weights of the first row',
    ],
    [
      '(row + at.taps_h.begin * c.h.spacing) * row_step',
      '(row + at.taps_h.begin) * row_step',
      'with dilation, outputs whose first row of taps is padding read the wrong row',
    ],
    [
      'out + (begin - at.tile.column) * out_step, out_step, false,',
      'out, out_step, false,',
      'taps over the border are added to the first outputs of the tile',
    ],
    [
      'weights + (th * c.w.taps + tw) * c.depth * width',
      'weights + (th * c.h.taps + tw) * c.depth * width',
      'windows that are not square take the wrong weights at the border',
    ],
    [
      'c.bias + at.group * c.panels.padded() + at.panel * kTileColumns, c.fused,',
      'c.bias + at.panel * kTileColumns, c.fused,',
      'every group gets the bias of the first',
    ],
    [
      'for (int64_t v = 0; v * 16 < width; ++v)\n      c.outlet.put',
      'for (int64_t v = 0; v * 16 + 16 <= width; ++v)\n      c.outlet.put',
      'the tail of the channels is not written',
    ],
    [
      "static_cast<int>(least(16, width - v * 16)));\n}\n\n// One tile's share",
      "16);\n}\n\n// One tile's share",
      'the tail of the channels is written whole, over the neighbour',
    ],
    [
      'store_some(to, first ? share : add(load_some(to, lanes), share), lanes);',
      'store_some(to, share, lanes);',
      'atomic: only the last share stays',
    ],
    [
      'const int64_t begin = row_block * deal.rows, end = least(rows, begin + deal.rows);',
      'const int64_t begin = row_block * deal.rows, end = begin + deal.rows;',
      'a task goes on behind the last row',
    ],
    [
      'visit(image / c.groups, image % c.groups, begin, end, panel);',
      'visit(image / c.groups, 0, begin, end, panel);',
      'only the first group is computed',
    ],
    ['if (taps.begin == taps.end) arrive(row, taps);', '', 'atomic: inputs that nothing reads are not written'],
    [
      'const int64_t row = source - c.h.first - tap * c.h.spacing;',
      'const int64_t row = source - c.h.first - tap;',
      'atomic: dy is scattered to the wrong rows with dilation or stride',
    ],
  ],
  'native/ops/conv2d/conv2d_across.h': [
    [
      'return tile * (c->samples / tiles) + least(tile, c->samples % tiles);',
      'return tile * (c->samples / tiles);',
      'small maps: the last samples are not computed',
    ],
    [
      '(tap * c.w.taps + across.begin) * c.depth * vectors * 16, out,',
      'tap * c.w.taps * c.depth * vectors * 16, out,',
      'small maps: outputs at the left border take the weights of taps outside',
    ],
    [
      'if (taps == c.w.taps || down.begin == down.end)',
      'if (true)',
      'small maps: at the side borders rows of taps take the weights of others',
    ],
    [
      'c.w.first + across.begin * c.w.spacing;',
      'c.w.first;',
      'small maps: outputs at the left border read in front of a row',
    ],
    [
      'tap == down.begin, tap + 1 == down.end',
      'true, tap + 1 == down.end',
      'small maps: at the side borders only the last row of taps counts',
    ],
    ['left * channels + group * c.depth;', 'left * channels;', 'small maps: every group reads the first'],
    [
      'c.bias + group * c.panels.padded() + panel * kTileColumns;',
      'c.bias + panel * kTileColumns;',
      'small maps: every group gets the bias of the first',
    ],
    [
      'c.w.out_first + column * c.w.out_spacing;',
      'column * c.w.out_spacing;',
      'small maps: the input gradient of a stride is written to the first columns',
    ],
    [
      'const int64_t first = a.begin(tile);',
      'const int64_t first = tile * kTileRows;',
      'small maps: samples between two tiles of nearly equal size are not computed',
    ],
    [
      'const int64_t pitch = a.pitch + 16;',
      'const int64_t pitch = a.pitch;',
      'small maps: copies of samples are as far apart as the samples',
      { equivalent: 'speed only: where a copy lies' },
    ],
  ],
  'native/ops/conv2d/conv2d_narrow.h': [
    [
      'first + lane >= inside.begin && first + lane < inside.end',
      'first + lane >= inside.begin',
      'few output channels: a tap behind the right border is added',
    ],
    [
      'first + lane >= inside.begin && first + lane < inside.end',
      'first + lane < inside.end',
      'few output channels: a tap over the left border is added',
    ],
    [
      'taps->whole = inside.begin <= column && inside.end >= end;',
      'taps->whole = inside.begin <= column;',
      'few output channels: a tap that only some outputs have is added to all',
    ],
    [
      'from[(row * c.w.source + column) * c.depth + k];',
      'from[(row * c.w.source + column) * c.depth];',
      'few output channels: every plane holds the first channel',
    ],
    [
      'c.weights + down.begin * c.w.taps * c.depth * 16;',
      'c.weights;',
      'few output channels: rows at the border take the weights of the first row of taps',
    ],
    [
      'th * c.h.spacing * n.pitch + tw * c.w.spacing;',
      'th * c.h.spacing * n.pitch + tw;',
      'few output channels: dilation across is forgotten',
    ],
    [
      'add(sum[i][v], set1(c.bias[i])));',
      'add(sum[i][v], set1(c.bias[0])));',
      'few output channels: all of them get the first bias',
    ],
    [
      'return together() > 1 ? floats() : 16;',
      'return 16;',
      'few output channels: the second sample of a pair is read beside the first',
      { wide: true },
    ],
    [
      'c.w.count <= 16 ? column : column + v * 16);',
      'column + v * 16);',
      'few output channels: the second sample of a pair has no tap at its borders',
      { wide: true },
    ],
    [
      'load(line + one * 16 * columns + i)',
      'load(line + i)',
      'few output channels: both samples of a pair get the outputs of the first',
      { wide: true },
    ],
  ],
  'native/ops/conv2d/conv2d_narrow_gradient.h': [
    [
      'return {kh, kw, (kh * g.kw + kw) * g.depth + lane % g.depth};',
      'return {kh, kw, (kw * g.kh + kh) * g.depth + lane % g.depth};',
      'few rows and columns: the taps of dw are turned',
    ],
    [
      'const Mask16 lanes = both(in_row.of[v], n.by_column[column].of[v]);',
      'const Mask16 lanes = in_row.of[v];',
      'few rows and columns: taps over the left and right border count',
    ],
    [
      'const Mask16 lanes = both(in_row.of[v], n.by_column[column].of[v]);',
      'const Mask16 lanes = n.by_column[column].of[v];',
      'few rows and columns: taps over the upper and lower border count',
    ],
    [
      'if (whole_row && holds(n.whole_columns, column)) {',
      'if (holds(n.whole_columns, column)) {',
      'few rows and columns: the middle of a border row takes taps outside',
    ],
    [
      'end = least((row + 1) * g.ow, (chunk + 1) * kPositionChunk);',
      'end = (row + 1) * g.ow;',
      'few rows and columns: a chunk ends with a row',
    ],
    [
      'narrow_run_of(least(kNarrowBlock, columns - first))(n, strip, dy + first,',
      'narrow_run_of(least(kNarrowBlock, columns - first))(n, strip, dy,',
      'few rows and columns: columns behind a block take the first ones of dy',
    ],
    ['join_tree(sums, g.chunks(), n.sums(), n.sums());', '', 'few rows and columns: only the first chunk counts'],
    [
      'join_tree(samples, g.samples, n.sums(), n.sums());',
      'for (int64_t i = 1; i < g.samples; ++i) join_tree(samples, 2, i * n.sums(), n.sums());',
      'few rows and columns: samples are added one after the other',
    ],
  ],
  'native/ops/conv2d/conv2d_weight_gradient.h': [
    [
      'Range rows_inside(int64_t tap) const { return inside(h, oh, s->stride_h, tap * s->dilation_h - s->pad_top); }',
      'Range rows_inside(int64_t tap) const { return inside(h, oh, s->stride_h, tap - s->pad_top); }',
      'with dilation rows outside count',
    ],
    [
      's->stride_w, tap * s->dilation_w - s->pad_left); }',
      's->stride_w, tap * s->dilation_w); }',
      'the padding on the left is forgotten',
    ],
    [
      'tap / g.kw, tap % g.kw, row % g.depth, row,',
      'tap / g.kh, tap % g.kh, row % g.depth, row,',
      'windows that are not square: rows of the weight belong to the wrong taps',
    ],
    [
      'const int64_t in_row = row * g.s->stride_h - g.s->pad_top + kh * g.s->dilation_h;',
      'const int64_t in_row = row * g.s->stride_w - g.s->pad_top + kh * g.s->dilation_h;',
      'the stride across is taken for that down',
    ],
    [
      'item.packed + row * g.ow + column - item.begin, count};',
      'item.packed + row * g.ow + column, count};',
      'chunks behind the first read dy of others',
    ],
    [
      'for (int64_t row = most(rows.begin, item.begin / g.ow); row < rows.end && row * g.ow < item.end; ++row) {\n    const int64_t begin = most',
      'for (int64_t row = most(rows.begin, item.begin / g.ow + 1); row < rows.end && row * g.ow < item.end; ++row) {\n    const int64_t begin = most',
      'the first row of an item is left out',
    ],
    [
      'last->x + last->count * x_step == run.x && last->dy',
      'last->dy',
      'rows that do not go on in x are taken for one run',
    ],
    [
      'if (column < inside.begin) until = least(until, inside.begin);',
      '',
      'at the left border a tap that begins later is left out',
    ],
    ['until = least(until, inside.end);', '', 'at the right border a tap goes on where it lies outside'],
    [
      'most(0, (first - tile.kw) * g.depth - tile.channel)',
      'most(0, (first - tile.kw) * g.depth)',
      'at the border a tile that begins inside a tap sums the wrong rows',
    ],
    [
      'least(tile.count, (beyond - tile.kw) * g.depth - tile.channel)',
      'least(tile.count, (beyond - tile.kw) * g.depth)',
      'at the border a tile that begins inside a tap sums too many rows',
    ],
  ],
  'native/ops/conv2d/conv2d_weight_sum.h': [
    [
      'complete(done, 0, c - part.begin, c + 1 == part.end);',
      'complete(done, 0, c, c + 1 == part.end);',
      'a single sample: tasks behind the first join chunks that are not theirs',
    ],
    [
      'chunk = part % g.chunk_blocks() * g.chunk_block;',
      'chunk = 0 * g.chunk_block;',
      'a single sample: every task sums the first chunks',
    ],
    [
      'load(dy + v * 16) : load_some(dy + v * 16, last_lanes);',
      'load(dy + v * 16) : load(dy + v * 16);',
      'the tail of the columns is read whole: behind the tensor in its last row',
    ],
    [
      'for (int j = 0; j < joins.count; ++j) sum = add(load(joins.left[j] + v * 16), sum);\n      store(joins.out',
      'for (int j = 0; j < joins.count; ++j) sum = add(sum, load(joins.left[0] + v * 16));\n      store(joins.out',
      'the bias joins the nearest subtree over and over',
    ],
    [
      'if (atomic && !(batch.first && i == 0)) __builtin_memcpy(total, joins.out, sizeof total);',
      '',
      'atomic: the bias keeps its last chunk only',
    ],
    [
      'const int64_t begin = c * kPositionChunk, end = least(positions, begin + kPositionChunk);',
      'const int64_t begin = c * kPositionChunk, end = least(positions, begin + kPositionChunk - 1);',
      'the last position of a chunk is left out',
    ],
    [
      'if (c + 1 == part.end) complete(done, join_levels(chunks), s - first, s + 1 == last);',
      'if (c + 1 == part.end) complete(done, join_levels(chunks), s, s + 1 == last);',
      'tasks behind the first join samples by the wrong tree',
    ],
    [
      'complete(done, 0, c - part.begin, c + 1 == part.end);',
      'complete(done, 0, c, false);',
      'subtrees that are still open behind the last chunk are lost',
    ],
    [
      'for (int64_t s = sample; s < least(last, sample + batching.samples); ++s) {',
      'for (int64_t s = sample; s < sample + batching.samples; ++s) {',
      'a batch goes on behind the last sample',
    ],
    ['batch.first = false;', '', 'atomic: every batch begins anew'],
    [
      'store_some(to + v, onto ? add(load_some(to + v, lanes), load(from + v)) : load(from + v), lanes);',
      'store_some(to + v, load(from + v), lanes);',
      'atomic: only the last task stays',
    ],
    [
      'const int lanes = static_cast<int>(least(16, columns - v));\n      store_some(to + v, onto',
      'const int lanes = 16;\n      store_some(to + v, onto',
      'the tail of the columns is written whole, over the neighbour',
    ],
    [
      'if (block.total) put(sums + g.total_offset(), g.db + column);',
      'if (block.total) put(sums + g.total_offset(), g.db);',
      'the bias gradient of all panels and groups goes to the first',
    ],
    [
      'join_tree(sums, g.parts(), g.blocks() * step, block.rows * block.width);',
      'join_tree(sums, g.parts() - 1, g.blocks() * step, block.rows * block.width);',
      'the last samples are not joined',
    ],
    [
      'join_tree(sums + g.total_offset(), g.parts(), g.blocks() * step, block.width);',
      '',
      'the bias gradient keeps the first samples only',
    ],
    [
      'g.padded = g.columns_inside(0).begin > 0 || g.columns_inside(g.kw - 1).end < g.ow;',
      'g.padded = g.columns_inside(0).begin > 0;',
      'padding on the right alone is not seen',
    ],
    [
      'g.spans = g.groups == 1 && g.s->dilation_w == 1 &&',
      'g.spans = g.groups == 1 &&',
      'with dilation across tiles reach over taps that are not neighbours',
    ],
    ['g.spans = g.groups == 1 && g.s', 'g.spans = g.s', 'with groups tiles reach over channels of another group'],
    [
      'for (int64_t p = 0; p < count; ++p, dy += step, packed += V * 16) {',
      'for (int64_t p = 0; p < count; ++p, dy += V * 16, packed += V * 16) {',
      'positions of dy are taken for neighbours of one panel',
    ],
  ],
  'native/ops/conv2d/conv2d_batch.h': [
    [
      'const Apart apart{g.h * g.w * g.channels(), batch',
      'const Apart apart{g.h * g.w * g.depth, batch',
      'pairs of samples with groups: the second sample is read elsewhere',
      { wide: true },
    ],
    [
      'const int rows = static_cast<int>(least(kPairRows, tile.count - row));',
      'const int rows = kPairRows;',
      'pairs of samples: the last rows of a tile are computed behind it',
      { wide: true },
    ],
    [
      'return kTileVectors > 1 && g.oh * g.ow <= kPairPositions && !(g.spans && g.padded);',
      'return kTileVectors > 1 && !(g.spans && g.padded);',
      'pairs also where samples are large',
      { wide: true, equivalent: 'speed only: a pair is joined as the two items are' },
    ],
    [
      'joins(batch.done[first + 1], offset, 1, row * vectors * 16)',
      'joins(batch.done[first + 1], offset, 0, row * vectors * 16)',
      'pairs of samples: the join made in registers is made again',
      { wide: true },
    ],
    [
      'sum_tile<R, V, 1>(x, scratch.packed, scratch.runs + counts[i], counts[i + 1] - counts[i]',
      'sum_tile<R, V, 1>(x, scratch.packed, scratch.runs, counts[i + 1] - counts[i]',
      'items behind the first sum the positions of the first',
    ],
    [
      'if (!borders && (tile.kh != kh || from != kw)) {',
      'if (!borders && tile.kh != kh) {',
      'taps across use the positions of the first tap',
    ],
    [
      '(tile.kw - from) * g.channels() + tile.channel;',
      '(tile.kw - from) * g.channels();',
      'tiles behind the first of a tap read its first channels',
    ],
    [
      'const int64_t offset = (tile.row - block.first_row) * block.width;',
      'const int64_t offset = tile.row * block.width;',
      'blocks behind the first keep their sums elsewhere',
    ],
  ],
  'native/ops/conv2d/conv2d_levels.h': [
    [
      'done.levels[done.count++] = first + level;',
      'done.levels[done.count++] = level;',
      'joins of samples take the sums of chunks',
    ],
    [
      'return level < hot_levels ? hot + level',
      'return level <= hot_levels ? hot + level',
      'a level that outlives its batch is kept where there is room for one tile only',
    ],
  ],
  'native/simd/gradient_tile.h': [
    [
      'sum_tile<R, V, kItems>(x, dy, runs, run_count, x_step, start,',
      'sum_tile<R, V, kItems>(x, dy, runs, run_count, R, start,',
      'positions lie as far apart as a tile has rows, whatever channels and stride say',
    ],
    [
      'sum[r][v] = add(load(left + (r * V + v) * 16), sum[r][v]);',
      'sum[r][v] = add(load(joins.left[0] + (r * V + v) * 16), sum[r][v]);',
      'an item joins the nearest subtree over and over',
    ],
    [
      'sum[r][v] = start == nullptr ? zero() : load(start + (r * V + v) * 16);',
      'sum[r][v] = zero();',
      'running sums at borders begin anew',
    ],
    [
      'add_position<R, V>(second, from + apart.x, gradient + apart.dy * (V * 16));',
      'add_position<R, V>(second, from + apart.x, gradient);',
      'pairs: the second item takes dy of the first',
      { wide: true },
    ],
    ['gradient += V * 16;', 'gradient += 16;', 'two vectors of columns: positions of dy overlap', { wide: true }],
  ],
  'native/simd/tile.h': [
    [
      'const float* from = source + o * walk.outer_step + i * walk.inner_step;',
      'const float* from = source + o * walk.outer_step;',
      'with dilation every tap of a row reads the first',
    ],
    [
      'sum[r][v] = fresh ? zero() : load(out + r * out_step + v * 16);',
      'sum[r][v] = fresh ? zero() : load(out + v * 16);',
      'chains that go on begin with the sum of the first row',
    ],
    [
      'if (finish != nullptr)\n    visit_fused',
      'if (finish != nullptr && finish->bias != nullptr)\n    visit_fused',
      'an activation without a bias is not applied',
    ],
    [
      'int vectors(int64_t panel) const { return columns - panel * kTileColumns > 16 ? kTileVectors : 1; }',
      'int vectors(int64_t panel) const { return columns - panel * kTileColumns > 17 ? kTileVectors : 1; }',
      'a panel of 17 columns gets one vector',
      { wide: true },
    ],
    [
      'store(copy + r * out_step + v * 16, sum[r][v]);',
      'store(copy + v * 16, sum[r][v]);',
      'the copy that passes in a row holds the last row of a tile only',
    ],
    [
      'stream(out + r * out_step + v * 16, sum[r][v]);',
      'stream(out + r * out_step, sum[r][v]);',
      'large results past the caches: the second vector goes over the first',
      { wide: true },
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d_runs.h': [
    [
      'while (first < 3 && axis.input(output, first) < 0) ++first;',
      'while (first < 2 && axis.input(output, first) < 0) ++first;',
      'an output that reads padding alone reads its last tap',
    ],
    [
      'while (last > first && axis.input(output, last - 1) >= axis.inputs) --last;',
      'while (last > first && axis.input(output, last - 1) > axis.inputs) --last;',
      'one input behind the last counts',
    ],
    [
      'before->first == first && before->last == last)',
      'before->first == first)',
      'outputs at the last border are in the run of those inside',
    ],
    [
      'while (at >= run[from].end) ++from;',
      'while (at > run[from].end) ++from;',
      'the first output of a run is taken for the last of the one before',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d_forward.h': [
    [
      'for (int64_t c = 0; c + 16 <= walk.channels; c += 16, x += 16, y += 16, weights.first += 16) {',
      'for (int64_t c = 0; c + 16 < walk.channels; c += 16, x += 16, y += 16, weights.first += 16) {',
      'the last whole vector of channels is not written',
    ],
    [
      'sum[p] = fma(kAdjacent ? column[p + kw]',
      'sum[p] = fma(kAdjacent ? column[p]',
      'neighbours one apart: every tap reads the first input',
    ],
    [
      'const bool adjacent = walk.output_step == walk.tap_step;',
      'const bool adjacent = true;',
      'strides and dilations are taken for equal',
    ],
    [
      'for (; count > 0; --count, x += walk.output_step, y += walk.channels)',
      'for (; count > 1; --count, x += walk.output_step, y += walk.channels)',
      'the last of the outputs left over is not written',
    ],
    [
      'walk{down.dilation * across.inputs * channels,',
      'walk{across.inputs * channels,',
      'the dilation down is forgotten',
    ],
    [
      'across.dilation * channels, across.stride * channels,',
      'across.dilation * channels, down.stride * channels,',
      'the stride down is taken for that across',
    ],
    [
      'if (down.count() == 0 || across.count() == 0) {',
      'if (down.count() == 0) {',
      'outputs whose columns are all padding are computed',
    ],
    [
      '{weight + (down.first * 3 + across.first) * step, 3 * step, step};',
      '{weight + across.first * step, 3 * step, step};',
      'outputs at the upper border take the weights of the first row',
    ],
    [
      'const int64_t done = fast ? pass.row(x, oh, weight, s.channels, y) : 0;',
      'const int64_t done = fast ? (pass.row(x, oh, weight, s.channels, y), s.channels) : 0;',
      'the tail of the channels is not written',
    ],
    [
      'if (!s.w.reads(ow, kw)) continue;\n        const float* position = x + (s.h.input(oh, kh) * s.w.inputs + s.w.input(ow, kw)) * s.channels;\n        sum = fma',
      'if (s.w.input(ow, kw) < 0) continue;\n        const float* position = x + (s.h.input(oh, kh) * s.w.inputs + s.w.input(ow, kw)) * s.channels;\n        sum = fma',
      'any taps: the right border is read from the next row',
    ],
    [
      'for (int64_t oh = begin; oh < least(s.h.outputs, begin + kDepthwiseRows); ++oh) {',
      'for (int64_t oh = begin; oh < least(s.h.outputs, begin + kDepthwiseRows - 1); ++oh) {',
      'the last row of a block is not written',
    ],
    [
      's.multiplier == 1 && s.h.taps == 3 && s.w.taps == 3;\n  const DepthwisePass pass(s.h',
      's.multiplier == 1 && s.h.taps == 3;\n  const DepthwisePass pass(s.h',
      'windows of 3 by n go by three by three taps',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d_body.h': [
    [
      'values[i] = position[(oc + i) / multiplier];',
      'values[i] = position[oc / multiplier + i];',
      'a multiplier above 1 repeats nothing',
    ],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d_input_gradient.h': [
    [
      'if (reach < 0 || reach % axis.stride != 0) return -1;',
      'if (reach < 0) return -1;',
      'inputs between strides get a gradient',
    ],
    [
      'return output < axis.outputs ? output : -1;',
      'return output <= axis.outputs ? output : -1;',
      'an output behind the last gives',
    ],
    [
      'values[i] = from[(c + i) * s.multiplier + q];',
      'values[i] = from[(c + i) * s.multiplier];',
      "only the first of a channel's outputs gives",
    ],
    [
      '1, s.h.dilation, (s.h.taps - 1) * s.h.dilation - s.h.pad};',
      '1, s.h.dilation, (s.h.taps - 1) - s.h.pad};',
      'stride 1: the padding of the turned pass forgets the dilation down',
    ],
    [
      '(s.w.taps - 1) * s.w.dilation - s.w.pad};',
      '(s.w.taps - 1) * s.w.dilation - s.h.pad};',
      'stride 1: the padding above is taken for that on the left',
    ],
    ['s.h.stride == 1 && s.w.stride == 1;', 's.h.stride == 1;', 'a stride across alone is forgotten'],
    ['s.h.stride == 1 && s.w.stride == 1;', 's.w.stride == 1;', 'a stride down alone is forgotten'],
    ['weight + 8 * s.channels, -s.channels, dx)', 'weight, s.channels, dx)', 'stride 1: the taps are not turned round'],
  ],
  'native/ops/depthwise_conv2d/depthwise_conv2d_weight_gradient.h': [
    [
      'F32x16& sum = sums[kh * s.w.taps + kw];',
      'F32x16& sum = sums[kh * s.h.taps + kw];',
      'a window that is not square sums its taps in the wrong places',
    ],
    [
      'inline int kind_of(const TapRun& run) { return run.count() == 3 ? 0 : run.first == 1 ? 1 : 2; }',
      'inline int kind_of(const TapRun& run) { return run.count() == 3 ? 0 : 2; }',
      'positions at the first border sum the wrong taps',
    ],
    [
      'if (runs.run[r].count() < 2) return false;',
      'if (runs.run[r].count() < 1) return false;',
      'positions that read one tap alone sum two',
    ],
    ['const int down = 3 * kind_of(pass.rows.of(oh));', 'const int down = 0;', 'rows at the border read padding'],
    [
      'first = most(from, pass.columns.run[r].begin), last = least(to, pass.columns.run[r].end);',
      'first = pass.columns.run[r].begin, last = least(to, pass.columns.run[r].end);',
      'chunks that begin inside a row sum positions before them',
    ],
    [
      'const int64_t oh = p / outputs, from = p % outputs, to = least(outputs, from + end - p);',
      'const int64_t oh = p / outputs, from = p % outputs, to = outputs;',
      'chunks that end inside a row sum positions behind them',
    ],
    [
      'store(item + t * channels + v * 16, chains.sum[v][t]);',
      'store(item + t * channels, chains.sum[v][t]);',
      'the second vector of a block goes over the first',
      { wide: true },
    ],
    [
      'oc + v * 16, width, sums);',
      'oc, width, sums);',
      'any taps: the second vector of a block sums the first again',
      { wide: true },
    ],
    [
      'join_tree(top - size, 2, size, size);\n  }',
      'join_tree(top - size, 2, size, size - 1);\n  }',
      'the last weight of a join is left out',
    ],
    [
      'for (top -= size; top > items; top -= size) join_tree(top - size, 2, size, size);',
      '',
      'subtrees that are still open behind the last chunk are lost',
    ],
    ['least(run, chunks - first),', 'run,', 'a task goes on behind the last chunk'],
    [
      'for (int64_t n = 0; n < s.samples; ++n) join_tree(partials + n * runs * size, runs, size, size);\n  join_tree(partials, s.samples, runs * size, size);',
      'join_tree(partials, s.samples * runs, size, size);',
      'chunks and samples are joined by one tree',
    ],
  ],
};
