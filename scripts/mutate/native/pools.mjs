// Faults in pooling: [text that is replaced, by what, what is wrong then].
export default {
  'native/ops/max_pool2d/max_pool2d_body.h': [
    [
      'tap + row * g.s->kernel_w + column : row * kSide + column',
      'tap + row * g.s->kernel_h + column : row * kSide + column',
      'taps of a window that is not square are numbered by its height',
    ],
    [': row * kSide + column', ': row * kSide + column + 1', 'taps of a fixed window begin with 1'],
    [
      'load_some(first + (row * g.w + column) * g.c, lanes)',
      'load_some(first + (row * g.w + column) * g.c, 16)',
      'the tail of the channels is read whole: behind the last row this is behind the tensor',
    ],
    [
      'best = row == 0 ? of_row : better(best, of_row);',
      'best = row == 0 ? of_row : better(of_row, best);',
      'the last of equal rows wins',
    ],
    [
      'of_row = column == 0 ? input : better(of_row, input);',
      'of_row = column == 0 ? input : better(input, of_row);',
      'the last of equal inputs of a row wins',
    ],
    [
      'g.s->kernel_h == side && g.s->kernel_w == side && g.s',
      'g.s->kernel_h == side && g.s',
      'a window of 2 by n is taken for 2 by 2 where its columns are cut to two',
    ],
    [
      'rows.end - rows.begin == side && columns.end - columns.begin == side;',
      'columns.end - columns.begin == side;',
      'rows over the border count as inside',
    ],
    [
      'return (rows.begin - oh * g.s->stride_h + g.s->pad_top) * g.s->kernel_w',
      'return (rows.begin - oh * g.s->stride_h) * g.s->kernel_w',
      'the padding above does not count in the number of the first tap',
    ],
    [
      '+ columns.begin - ow * g.s->stride_w + g.s->pad_left;',
      '+ columns.begin - ow * g.s->stride_w;',
      'the padding on the left does not count in the number of the first tap',
    ],
    [
      'select(less(zero(), best.value), best.winner, set1(none))',
      'select(less(best.value, zero()), set1(none), best.winner)',
      'relu lets the gradient of a zero through',
    ],
    [
      'if (choice != nullptr) store_choice(choice + channel, passed_winner(g, best, 255.0f), lanes);',
      'if (choice != nullptr) store_choice(choice + channel, best.winner, lanes);',
      'the noted choice forgets relu',
    ],
    [
      'for (int i = 0; i < lanes; ++i) to[i] = all[i];',
      'for (int i = 0; i + 1 < lanes; ++i) to[i] = all[i];',
      'the last choice of a tail of channels is not written',
    ],
    [
      'for (int i = 0; i < lanes; ++i) all[i] = from[i];',
      'for (int i = 1; i < lanes; ++i) all[i] = from[i];',
      'the first choice of a tail of channels is not read',
    ],
    [
      'return {first + ceil_div(covered.begin - first, dilation) * dilation, covered.end};',
      'return {covered.begin, covered.end};',
      'a dilated window over the border reads the first input, which it may step over',
    ],
    [
      'row < height; row += down) {',
      'row < height; row += across) {',
      'rows of a dilated window lie as far apart as columns',
    ],
    [
      '&& g.s->dilation_h == 1 && g.s->dilation_w == 1 &&',
      '&& g.s->dilation_h == 1 &&',
      'a window of 3 by 2 with a gap across is pooled as one of 3 by 3',
    ],
    [
      'else if (inside(g, rows, columns, 3))',
      'else if (inside(g, rows, columns, 4))',
      'a window of 4 by 4 is pooled as one of 3 by 3',
    ],
    [
      'oh < least(g.oh, begin + kPoolRows); ++oh) pool_row',
      'oh < least(g.oh, begin + kPoolRows - 1); ++oh) pool_row',
      'the last row of a block is not written',
    ],
    [
      'best_of<0>(g, first, rows.end - rows.begin, columns.end - columns.begin, tap, lanes), -1.0f)',
      'best_of<0>(g, first, rows.end - rows.begin, columns.end - columns.begin, 0, lanes), -1.0f)',
      'without a noted choice taps are counted from the first input that is not padding',
    ],
    [
      'store_out(to + ((tap >> 1) * g.w + (tap & 1)) * g.c',
      'store_out(to + ((tap & 1) * g.w + (tap >> 1)) * g.c',
      'a window of 2 by 2 is spread turned round',
    ],
    [
      'const F32x16 gradient = add(zero(), load_some(from + channel, lanes));\n    for',
      'const F32x16 gradient = load_some(from + channel, lanes);\n    for',
      'a gradient of -0 stays -0 in a window of 2 by 2',
    ],
    [
      'for (int tap = 0; tap < 4; ++tap) {',
      'for (int tap = 0; tap < 3; ++tap) {',
      'the last input of a window of 2 by 2 is not written',
    ],
    [
      'const int64_t top = oh == 0 ? 0 : oh',
      'const int64_t top = oh',
      'padding above: rows are written in front of the tensor',
    ],
    [
      'const int64_t right = ow + 1 == g.ow ? g.w : (ow + 1)',
      'const int64_t right = (ow + 1)',
      'columns behind the last window are not written',
    ],
    [
      'bottom - top == 2 && right - left == 2)',
      'bottom - top == 2)',
      'a window of 2 by 2 with a wider stride across is spread as if it owned two columns',
    ],
    [
      'bottom - top == 2 && right - left == 2)',
      'right - left == 2)',
      'a window of 2 by 2 with a wider stride down is spread as if it owned two rows',
    ],
    [
      'const bool covered = row >= rows.begin && row < rows.end && column >= columns.begin && column < columns.end;',
      'const bool covered = row < rows.end && column < columns.end;',
      'equal to the code: what lies before a window has no tap of its number',
      {
        equivalent: 'tap_of gives a number below 0 or of another row there only where padding is, and no winner has it',
      },
    ],
    [
      'cover.tap[i] = static_cast<uint8_t>(input + pad - (windows.begin + i) * stride)',
      'cover.tap[i] = static_cast<uint8_t>(input + pad - (windows.begin + i))',
      'a stride of 1 is taken for granted',
    ],
    [
      'static_cast<uint8_t>(down.tap[i] * g.s->kernel_w + across.tap[j])',
      'static_cast<uint8_t>(down.tap[i] * g.s->kernel_h + across.tap[j])',
      'windows that are not square gather by the wrong tap',
    ],
    [
      'const int64_t at = (i * g.ow + j) * g.c + channel;',
      'const int64_t at = (i * g.ow + i) * g.c + channel;',
      'the second window across is never read',
    ],
    [
      'for (int64_t oh = down.begin; oh < down.end; ++oh) {\n      for (int64_t ow = across.begin; ow < across.end; ++ow) {\n        const F32x16 winner',
      'for (int64_t oh = down.end - 1; oh >= down.begin; --oh) {\n      for (int64_t ow = across.begin; ow < across.end; ++ow) {\n        const F32x16 winner',
      'many windows are added from the last to the first',
    ],
    ['if (ow == g.ow) continue;', 'if (ow + 1 >= g.ow) continue;', 'windows of three: the last one gives nothing'],
    [
      'first = select(third[i].won, add(first, third[i].gradient), first);',
      'first = select(third[i].won, third[i].gradient, first);',
      'windows of three: what the row above gave is lost',
    ],
    [
      'static_cast<uint8_t>(down.tap[i] * 3)',
      'static_cast<uint8_t>(down.tap[i] * 2)',
      'windows of three: the lower rows gather by the wrong tap',
    ],
    [
      'if (column >= -1 && column + 1 < g.w) store_out',
      'if (column >= 0 && column + 1 < g.w) store_out',
      'windows of three: with padding on the left the first input is not written',
    ],
    [
      'if (column >= 0) store_out(dx + column * g.c + channel, first',
      'if (column > 0) store_out(dx + column * g.c + channel, first',
      'windows of three: the first input is not written',
    ],
    [
      'if (g.s->kernel_w == 3 && g.s->stride_w == 2 && g.c <= kFewChannels)',
      'if (g.s->kernel_w == 3 && g.c <= kFewChannels)',
      'windows of three with a stride of 3 are gathered as if it were 2',
    ],
    [
      'g.s->kernel_h <= 2 * g.s->stride_h && g.s->kernel_w <= 2 * g.s->stride_w;',
      'g.s->kernel_h <= 2 * g.s->stride_h;',
      'more than two windows across: the third is not added',
    ],
    [
      'g.s->kernel_h <= 2 * g.s->stride_h && g.s->kernel_w',
      'g.s->kernel_h <= 3 * g.s->stride_h && g.s->kernel_w',
      'three windows down: the input gets none of them',
    ],
    [
      'for (int64_t row = begin; row < least(g.h, begin + kPoolRows); ++row) {',
      'for (int64_t row = begin; row < least(g.h, begin + kPoolRows) - 1; ++row) {',
      'the last row of a block of inputs is not written',
    ],
  ],
  'native/ops/average_pool2d/average_pool2d_body.h': [
    [
      'return set1(static_cast<float>(rows * columns));',
      'return set1(static_cast<float>(s.kernel_h * s.kernel_w));',
      'padding counts as inputs',
    ],
    [
      'return least(size + behind, first + kernel) - most(-before, first);',
      'return first + kernel - most(-before, first);',
      'what a last window lets overhang counts',
    ],
    [
      'return least(size + behind, first + kernel) - most(-before, first);',
      'return least(size + behind, first + kernel) - most(0, first);',
      'the padding before never counts',
    ],
    [
      's.kernel_w, g.w, s.count_left, s.count_right);',
      's.kernel_w, g.w, s.count_right, s.count_left);',
      'padding on the left counts as much as that on the right',
    ],
    [
      'sum = add(sum, load_some(x + g.input(sample, row, column) + channel, lanes));',
      'sum = add(load_some(x + g.input(sample, row, column) + channel, lanes), sum);',
      'the other side of an addition',
      { equivalent: 'addition of two numbers commutes, and every NaN is one value in a digest' },
    ],
    [
      'sum = add(sum, load_some(x + g.input(sample, row, column) + channel, lanes));',
      'sum = add(sum, load_some(x + g.input(sample, row, columns.begin) + channel, lanes));',
      'the first column is added over and over',
    ],
    [
      'load_some(window + (row * g.w + column) * g.c + channel, lanes)',
      'load_some(window + (row + column * g.w) * g.c + channel, lanes)',
      'windows side by side are added column by column',
    ],
    [
      'add(zero(), div(load_some(dy + i, lanes), count))',
      'div(load_some(dy + i, lanes), count)',
      'windows side by side: a share of -0 stays -0',
    ],
    [
      '(g.h - behind) * g.w * g.c) * sizeof(float));',
      '0 * g.w * g.c) * sizeof(float));',
      'rows behind the last window are not written',
    ],
    [
      'static_cast<size_t>(dx + g.w * g.c - to) * sizeof(float));',
      '0);',
      'columns behind the last window are not written',
    ],
    [
      'worker_floats = ceil_div(g.s->kernel_h, g.s->stride_h) * width;',
      'worker_floats = g.s->kernel_h / g.s->stride_h * width;',
      'one row of shares too few where the stride does not divide the kernel: workers write over one another',
    ],
    [
      'shares + (oh - down.begin) * width + ow * g.c + channel, share',
      'shares + (oh - down.begin) * width + ow * g.c, share',
      'channels behind the sixteenth share one place',
    ],
    [
      'sum = add(sum, load_some(shares + oh * width + ow * g.c + channel, lanes));',
      'sum = load_some(shares + oh * width + ow * g.c + channel, lanes);',
      'only the last window gives',
    ],
    [
      '    if (g.overlap())\n      return scatter_windows',
      '    return scatter_windows',
      'windows that do not overlap are scattered, too',
      { equivalent: 'a place is then added to once, from +0: the same value, only slower' },
    ],
  ],
  'native/simd/windows.h': [
    [
      'return {most(0, output * stride - pad), least(size, output * stride - pad + kernel)};',
      'return {most(0, output * stride - pad), least(size, output * stride + kernel)};',
      'windows over the first border are too long',
    ],
    [
      'return {first > 0 ? ceil_div(first, stride) : 0, least(size, (input + pad) / stride + 1)};',
      'return {first > 0 ? first / stride : 0, least(size, (input + pad) / stride + 1)};',
      'a window before the first one counts',
    ],
    [
      'least(size, (input + pad) / stride + 1)};',
      'least(size, input / stride + 1)};',
      'the padding does not count for the last window of an input',
    ],
    [
      'return s->stride_h < s->kernel_h || s->stride_w < s->kernel_w;',
      'return s->stride_h < s->kernel_h && s->stride_w < s->kernel_w;',
      'windows that overlap along one axis alone are spread',
    ],
    [
      'gates[row] = Gate{0};',
      'gates[row] = Gate{2};',
      'another start of a gate',
      { equivalent: 'scatter_windows clears the rows itself and does not ask whether it is the first' },
    ],
    [
      '__builtin_memset(dx + row * g.w * g.c, 0, static_cast<size_t>(g.w * g.c) * sizeof(float));',
      '__builtin_memset(dx + row * g.w * g.c, 0, static_cast<size_t>(g.w) * sizeof(float));',
      'only some of a row is cleared before the sums arrive',
    ],
    ['gates[sample * g.h + row].enter();', '', 'nobody waits at the gate: arriving sums are lost'],
  ],
  'native/core/pool2d.h': [
    [
      'const int64_t wanted[4] = {x.shape[0], slack_h / s.stride_h + 1,',
      'const int64_t wanted[4] = {y.shape[0], slack_h / s.stride_h + 1,',
      'the check lets another number of samples pass',
    ],
    ['s.pad_top >= s.kernel_h ||\n', 's.pad_top > s.kernel_h ||\n', 'the check lets a window of padding alone pass'],
    [
      'if (slack_h < 0 || slack_w < 0)',
      'if (slack_h < 0)',
      'the check lets a kernel pass that is wider than the input',
    ],
    ['s.stride_h < 1 || s.stride_w < 1 ||', 's.stride_h < 1 ||', 'the check lets a stride of 0 across pass'],
  ],
};
