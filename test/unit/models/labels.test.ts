// Labels of pictures as targets: as many classes and as many pictures as a user has, and no label that is none.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Split, sequential } from '../../../lib/index.js';
import { samplesOf } from '../../../lib/models/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** Pictures of one value, the number of the picture modulo 256. */
function splitOf(labels: Uint32Array, classes = 2): Split {
  const read = (indices: ArrayLike<number>) => ({
    x: Uint8Array.from(indices, (i) => i & 255),
    y: Array.from(indices, (i) => labels[i]!),
  });
  const targets = { kind: 'class', shape: [], classes } as const;
  return { length: labels.length, sampleShape: [1, 1, 1], targets, labels, read };
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
        const samples = samplesOf('fit', splitOf(Uint32Array.from(labels), classes), { x: [1, 1, 1], y: [classes] });
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
    ['a label between two', [0, 1.5], 'fit: expected labels to be integers from 0 to 2, got 1.5 for sample 1'],
    ['a label below 0', [-1, 1], 'fit: expected labels to be integers from 0 to 2, got -1 for sample 0'],
    [
      'a label that is none',
      [0, undefined],
      'fit: expected labels to be integers from 0 to 2, got undefined for sample 1',
    ],
    ['too few labels', [0], 'fit: expected as many labels as samples (2), got 1'],
    ['a label beyond the classes', [0, 7], 'fit: expected labels to be integers from 0 to 2, got 7 for sample 1'],
  ])('refuse %s', (_what, labels, message) => {
    const split = { ...splitOf(Uint32Array.of(0, 1), 3), labels: labels as never };
    expect(() => samplesOf('fit', split, { x: [1, 1, 1], y: [3] })).toThrow(message);
  });

  it('refuse more classes than outputs', () => {
    const split = splitOf(Uint32Array.of(0, 1), 8);
    expect(() => samplesOf('fit', split, { x: [1, 1, 1], y: [3] })).toThrow(
      'fit: expected a model with outputs for 8 classes, got [3]',
    );
  });
});

describe('samples', () => {
  it('of another shape than the model takes are refused, also where their size is the same', async () => {
    const { input, flatten, dense } = layers;
    using net = sequential([input({ shape: [2, 3, 1] }), flatten(), dense({ units: 1, activation: 'sigmoid' })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    const split = { ...splitOf(Uint32Array.of(0, 1)), sampleShape: [3, 2, 1] as const };
    await expect(net.fit(split)).rejects.toThrow('fit: expected samples [2, 3, 1], got [3, 2, 1]');
    await expect(net.evaluate({ ...split, sampleShape: undefined } as never)).rejects.toThrow(
      'evaluate: expected samples [2, 3, 1], got undefined',
    );
  });
});
