// Losses over values, rows, classes and masks against Keras (compared/losses.ts): value and gradient agree within the rounding of float32.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, lossConfig, losses, lossFrom } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { lossesCompared, lossesKept } from './compared/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

it.each(lossesCompared(runtime))('$title is what Keras computes', ({ pairs }) => {
  for (const { label, got, theirs, tolerance } of pairs()) expectClose(label, got, theirs, tolerance);
});

it.each(lossesKept)('$name has its name, and its config goes back', ({ name, loss, answer }) => {
  expect(loss.name).toBe(name.replace(/_.*/, ''));
  expect(lossConfig(loss)).toMatchObject({ class_name: answer.config.class_name });
  expect(lossConfig(lossFrom(lossConfig(loss)))).toEqual(lossConfig(loss));
});

describe('refusals', () => {
  const shapeOf = (...shape: number[]) => ({ shape, activation: 'linear' });
  const cases: [string, () => unknown, string][] = [
    ['an unknown option', () => losses.huber({ alpha: 1 } as never), "huber: expected options delta, got 'alpha'"],
    ['a delta of 0', () => losses.huber({ delta: 0 }), 'huber: expected delta to be a number > 0, got 0'],
    [
      'a class as 0',
      () => losses.hinge().checkTargets!('fit', [1, -1, 0, 1], [2]),
      'fit: expected targets of -1 and 1 for hinge, got 0 in sample 1',
    ],
    [
      'NaN as a target',
      () => losses.meanSquaredError().checkTargets!('fit', [1, Number.NaN], [1]),
      'fit: expected finite targets for meanSquaredError, got NaN in sample 1',
    ],
    [
      'a share above 1',
      () => losses.klDivergence().checkTargets!('fit', [1.5, 0], [2]),
      'fit: expected targets from 0 to 1 for klDivergence, got 1.5 in sample 0',
    ],
    [
      'a label that is no class',
      () => losses.sparseCategoricalCrossentropy().checkTargets!('fit', [0, 2, 3], [2, 3]),
      'fit: expected targets of sparseCategoricalCrossentropy to be integers from 0 to 2, got 3 in sample 1',
    ],
    [
      'labels of one probability',
      () => losses.sparseCategoricalCrossentropy().checkOutput!('compile', shapeOf(1)),
      'compile: expected outputs of two classes or more for sparseCategoricalCrossentropy, got [1]',
    ],
    [
      'smoothing above 1',
      () => losses.binaryCrossentropy({ labelSmoothing: 1.5 }),
      'binaryCrossentropy: expected labelSmoothing to be a number from 0 to 1, got 1.5',
    ],
    [
      'smoothing of labels',
      () => losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.1 } as never),
      "sparseCategoricalCrossentropy: expected options fromLogits, clipped, got 'labelSmoothing'",
    ],
    [
      'a negative gamma',
      () => losses.binaryFocalCrossentropy({ gamma: -1 }),
      'binaryFocalCrossentropy: expected gamma to be a number >= 0, got -1',
    ],
    [
      'focus on one class',
      () => losses.categoricalFocalCrossentropy().checkOutput!('compile', shapeOf(1)),
      'compile: expected outputs of two classes or more for categoricalFocalCrossentropy, got [1]',
    ],
    [
      'an axis twice',
      () => losses.dice({ axis: [1, 1] }),
      'dice: expected axis to be null or different axes from 0, got [1, 1]',
    ],
    [
      'an axis that outputs do not have',
      () => losses.dice({ axis: [1, 4] }).checkOutput!('compile', shapeOf(2, 2, 1)),
      'compile: expected axis from 0 to 3 for dice of outputs [2, 2, 1], got 4',
    ],
    [
      'an angle of one value',
      () => losses.cosineSimilarity().checkOutput!('compile', shapeOf(1)),
      'compile: expected outputs of 2 values or more for cosineSimilarity, got [1]',
    ],
  ];
  it.each(cases)('%s', (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});
