// Losses and metrics by name, against values worked out by hand.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, sequential, tensor } from '../../../lib/index.js';
import * as losses from '../../../lib/losses/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const p = tensor(runtime, [0.9, 0.2, 0.5], [3, 1]);
const t = tensor(runtime, [1, 0, 1], [3, 1]);

describe('losses', () => {
  it('binaryCrossentropy is the mean of -log of the probability of what was right', () => {
    const want = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.5)) / 3;
    expect(losses.binaryCrossentropy().compute(p, t).item()).toBeCloseTo(want, 6);
    const logits = tensor(runtime, [Math.log(9), Math.log(0.25), 0], [3, 1]);
    expect(losses.binaryCrossentropy({ fromLogits: true }).compute(logits, t).item()).toBeCloseTo(want, 6);
  });

  it('categoricalCrossentropy is the mean of -log of the share of the right class', () => {
    const classes = tensor(runtime, [0.2, 0.8, 1, 3], [2, 2]);
    const right = tensor(runtime, [0, 1, 1, 0], [2, 2]);
    const want = -(Math.log(0.8) + Math.log(0.25)) / 2;
    expect(losses.categoricalCrossentropy().compute(classes, right).item()).toBeCloseTo(want, 6);
  });

  it('are found by name, and refuse unknown options', () => {
    expect(losses.lossOption('compile', 'binaryCrossentropy').name).toBe('binaryCrossentropy');
    expect(losses.lossOption('compile', 'categoricalCrossentropy').name).toBe('categoricalCrossentropy');
    expect(() => losses.binaryCrossentropy({ logits: true } as never)).toThrow(
      "binaryCrossentropy: expected options fromLogits, clipped, labelSmoothing, got 'logits'",
    );
    expect(() => losses.binaryCrossentropy({ fromLogits: 1 as never })).toThrow(
      'binaryCrossentropy: expected fromLogits to be true or false, got 1',
    );
  });
});

describe('a cross-entropy in a model', () => {
  const { binaryCrossentropy, categoricalCrossentropy } = losses;
  const of = (units: number, activation: 'linear' | 'sigmoid' | 'softmax') =>
    sequential([layers.input({ shape: [2] }), layers.dense({ units, activation })]);

  it.each([
    ['binaryCrossentropy', of(1, 'sigmoid'), true],
    ['binaryCrossentropy', of(3, 'softmax'), false],
    ['binaryCrossentropy', of(1, 'linear'), false],
    [binaryCrossentropy({ clipped: true }), of(1, 'sigmoid'), false],
    [binaryCrossentropy({ fromLogits: true }), of(1, 'linear'), false],
    ['categoricalCrossentropy', of(3, 'softmax'), true],
    ['categoricalCrossentropy', of(3, 'sigmoid'), false],
    [categoricalCrossentropy({ clipped: true }), of(3, 'softmax'), false],
  ] as const)('starts from the logits behind its own activation alone: row %#', (loss, model, fromLogits) => {
    expect(model.compile({ runtime, loss }).compiled.behind !== undefined).toBe(fromLogits);
    model.dispose();
  });

  it('takes logits as outputs with fromLogits', () => {
    const logits = tensor(runtime, [1, -2, 3, 0.5], [2, 2]);
    const right = tensor(runtime, [0, 1, 1, 0], [2, 2]);
    const row = (a: number, b: number, k: number) => Math.log(Math.exp(a) + Math.exp(b)) - [a, b][k]!;
    const loss = categoricalCrossentropy({ fromLogits: true });
    expect(loss.compute(logits, right).item()).toBeCloseTo((row(1, -2, 1) + row(3, 0.5, 0)) / 2, 6);
  });

  it('refuses outputs it cannot judge and options that exclude each other', () => {
    const compile = (units: number, activation: 'sigmoid' | 'softmax', loss: losses.LossOption) => () =>
      of(units, activation).compile({ runtime, loss });
    expect(compile(1, 'softmax', 'categoricalCrossentropy')).toThrow(
      'compile: expected outputs of two classes or more for categoricalCrossentropy, got [1]; binaryCrossentropy is the ' +
        'loss for one probability',
    );
    expect(compile(1, 'sigmoid', binaryCrossentropy({ fromLogits: true }))).toThrow(
      'compile: expected logits as outputs for binaryCrossentropy with fromLogits, got those of a sigmoid; leave ' +
        'fromLogits out: behind a sigmoid the loss is computed from its logits',
    );
    expect(() => binaryCrossentropy({ fromLogits: true, clipped: true })).toThrow(
      'binaryCrossentropy: expected fromLogits or clipped, got both; logits are not clipped',
    );
  });
});
