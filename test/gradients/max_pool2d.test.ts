// max_pool2d's gradient where the last window of an axis ends with the input and lies further from the one before than it is
// wide: such a window owns nothing but what it covers, and begins at a multiple of the stride, not of its own size.

import { describe, expect, it } from 'vitest';
import { scope, tensor } from '../../lib/index.js';
import { onTarget, targets } from '../support/targets.js';

const side = 5;
const input = Float32Array.from({ length: side * side }, (_, i) => i);
const window = { kernelH: 2, kernelW: 2, strideH: 3, strideW: 3, padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 };

const expected = new Float32Array(side * side);
[6, 9, 21, 24].forEach((place, i) => {
  expected[place] = i + 1;
});

describe.each(targets)('$name', (target) => {
  it.each([
    { from: 'x again', noted: false },
    { from: 'what forward noted', noted: true },
  ])('windows 2 x 2 three apart on 5 x 5 give dy to the largest of each, found from $from', ({ noted }) => {
    const gradient = onTarget(target, 2, (runtime) =>
      scope(() => {
        const x = tensor(runtime, input, [1, side, side, 1]);
        const dy = tensor(runtime, Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]);
        const y = tensor(runtime, new Float32Array(4), [1, 2, 2, 1]);
        const choice = tensor(runtime, new Uint8Array(4), [1, 2, 2, 1]);
        // What is not written keeps this.
        const dx = tensor(runtime, new Float32Array(side * side).fill(NaN), [1, side, side, 1]);
        const settings = { ...window, relu: 0, dilationH: 1, dilationW: 1 };
        runtime.run('max_pool2d.forward', [x.native(), y.native(), choice.native()], settings);
        const known = noted ? [null, choice.native()] : [x.native(), null];
        runtime.run('max_pool2d.inputGradient', [...known, dy.native(), dx.native()], settings);
        return dx.data();
      }),
    );
    expect(gradient).toEqual(expected);
  });
});
