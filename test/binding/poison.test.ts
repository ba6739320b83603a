// Memory of a runtime under the conditions of tests is full of NaNs whose bytes differ: fresh, and where a tensor lay before.

import { describe, expect, it } from 'vitest';
import { Runtime, scope, sum, tensor } from '../../lib/index.js';
import { Tensor } from '../../lib/tensor/index.js';
import { targets } from '../support/targets.js';

const kValues = 1000;
const words = (runtime: Runtime): Set<number> =>
  scope(() => new Set(new Uint32Array(Tensor.empty(runtime, [kValues], 'float32').data().buffer)));

describe.each(targets)('$name', ({ isa, mode }) => {
  it.each([1, 3])(
    'poisons memory that is fresh, used before, or used by calls that wait, with %i threads',
    (threads) => {
      using runtime = new Runtime({ isa, mode, threads }, { poisoned: true });
      expect(words(runtime)).toEqual(new Set([0x7fc0dead]));
      const total = scope(() => {
        let last = tensor(runtime, new Float32Array(kValues).fill(1));
        // Each takes the place of one that a call before it, which may not have begun, still reads or writes.
        for (let i = 0; i < 50; ++i) {
          const next = sum(last, { axes: [0], keepDims: true });
          last.dispose();
          last = tensor(runtime, new Float32Array(kValues).fill(i));
          next.dispose();
        }
        return sum(last).item();
      });
      expect(total).toBe(49 * kValues);
      expect(words(runtime)).toEqual(new Set([0x7fc0dead]));
    },
  );

  it('leaves memory as it is without them', () => {
    using runtime = new Runtime({ isa, mode, threads: 1 });
    expect(words(runtime)).toEqual(new Set([0]));
  });
});
