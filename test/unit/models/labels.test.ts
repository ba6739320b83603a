// Labels of pictures as targets: as many classes and as many pictures as a user has, and no label that is none.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Split, samplesOf, sequential } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** Pictures of one value, the number of the picture modulo 256. */
function splitOf(labels: Uint32Array): Split {
  const fill = (indices: ArrayLike<number>, target: Uint8Array) => target.set(Array.from(indices, (i) => i & 255));
  return { length: labels.length, shape: [1, 1, 1], labels, paths: Array.from(labels, String), fill };
}

describe('targets of labels', () => {
  it('have their one at the label, for any number of classes (drawn, seed 15034)', () => {
    const drawn = fc.integer({ min: 2, max: 100_000 }).chain((classes) =>
      fc.record({
        classes: fc.constant(classes),
        labels: fc.array(fc.nat(classes - 1), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ classes, labels }) => {
        const samples = samplesOf('fit', splitOf(Uint32Array.from(labels)), { x: [1, 1, 1], y: [classes] });
        const { x, y } = samples.batch(runtime, Uint32Array.from(labels.keys()));
        const targets = y.data();
        labels.forEach((label, i) => {
          const row = targets.subarray(i * classes, (i + 1) * classes);
          expect(row.indexOf(1)).toBe(label);
          expect(row.reduce((sum, value) => sum + value, 0)).toBe(1);
        });
        x.dispose();
        y.dispose();
      }),
      { seed: 15034, numRuns: 60 },
    );
  });

  it('are read for more pictures than a call can have arguments', async () => {
    const length = 300_000;
    const split = splitOf(Uint32Array.from({ length }, (_, i) => i % 2));
    const samples = samplesOf('fit', split, { x: [1, 1, 1], y: [1] });
    const { x, y } = samples.batch(runtime, Uint32Array.of(length - 1, 0));
    expect([...y.data()]).toEqual([1, 0]);
    x.dispose();
    y.dispose();
  });

  it.each([
    ['a label between two', [0, 1.5], 'fit: expected labels to be integers >= 0, got 1.5 for picture 1'],
    ['a label below 0', [-1, 1], 'fit: expected labels to be integers >= 0, got -1 for picture 0'],
    ['a label that is none', [0, undefined], 'fit: expected labels to be integers >= 0, got undefined for picture 1'],
    ['too few labels', [0], 'fit: expected as many labels as pictures (2), got 1'],
    ['more classes than outputs', [0, 7], 'fit: expected a model with outputs for 8 classes, got [3]'],
  ])('refuse %s', (_what, labels, message) => {
    const split = { ...splitOf(Uint32Array.of(0, 1)), labels: labels as never };
    expect(() => samplesOf('fit', split, { x: [1, 1, 1], y: [3] })).toThrow(message);
  });
});

describe('pictures', () => {
  it('of another shape than the model takes are refused, also where their size is the same', async () => {
    const { input, flatten, dense } = layers;
    using net = sequential([input({ shape: [2, 3, 1] }), flatten(), dense({ units: 1, activation: 'sigmoid' })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    const split = { ...splitOf(Uint32Array.of(0, 1)), shape: [3, 2, 1] as const };
    await expect(net.fit(split)).rejects.toThrow('fit: expected pictures [2, 3, 1], got [3, 2, 1]');
    await expect(net.evaluate({ ...split, shape: undefined } as never)).rejects.toThrow(
      'evaluate: expected pictures [2, 3, 1], got undefined',
    );
  });
});
