// Losses over values, rows, classes and masks against Keras, from fixtures/keras_losses.json (keras_losses.py): each is read from Keras's
// own config. Value and gradient agree within the rounding of float32.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, gradients, lossConfig, losses, lossFrom, ones, scope, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { expectClose } from '../support/bits.js';

interface Answer {
  config: object;
  prediction: number[];
  target: number[];
  value: number;
  gradient: number[];
  /** Of outputs, and of targets, where they are other ones. */
  shape?: number[];
  targetShape?: number[];
}
const { shape, losses: answers } = JSON.parse(
  readFileSync(join(root, 'test/agreement/fixtures/keras_losses.json'), 'utf8'),
) as { shape: number[]; losses: Record<string, Answer> };

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

describe.each(Object.entries(answers))('%s', (name, answer) => {
  const { config, prediction, target, value, gradient, shape: own = shape, targetShape = own } = answer;
  // Keras does not write delta into its config.
  const loss = name === 'huber_delta' ? losses.huber({ delta: 0.25 }) : lossFrom(config as never);

  it('is what Keras computes', () => {
    scope(() => {
      const [p, t] = [tensor(runtime, prediction, own), tensor(runtime, target, targetShape)];
      expectClose('value', [loss.compute(p, t).item()], [value], 2e-6);
      const [dp] = gradients(() => ({ loss: loss.compute(p, t) }), [p], ones(runtime, [])).gradients;
      expectClose('gradient', dp!.data(), gradient, 5e-6);
      dp!.dispose();
    });
  });

  it('has its name, and its config goes back', () => {
    expect(loss.name).toBe(name.replace(/_.*/, ''));
    expect(lossConfig(loss)).toMatchObject({ class_name: (config as { class_name: string }).class_name });
    expect(lossConfig(lossFrom(lossConfig(loss)))).toEqual(lossConfig(loss));
  });
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
