// Targets that cannot fit the loss are refused once, before any step, by fit, its validation and evaluate; all of them are looked
// at. What Keras takes as shares is taken.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, sequential } from '../../../lib/index.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const kSamples = 100;
const last = kSamples - 1;

/** A model of this loss for outputs of `shape`, and data with the given target as the last one. */
function given(loss: 'binaryCrossentropy' | 'categoricalCrossentropy', target: readonly number[], places = 1) {
  const units = target.length;
  const shape = places === 1 ? [units] : [places, units];
  const activation = loss === 'binaryCrossentropy' ? ('sigmoid' as const) : ('softmax' as const);
  const model = sequential([
    layers.input({ shape: places === 1 ? [2] : [places, 2] }),
    layers.dense({ units, activation }),
  ]);
  model.compile({ runtime, loss });
  const size = places * units;
  const y = new Float32Array(kSamples * size);
  for (let i = 0; i < y.length; i += units) y[i] = 1;
  y.set(target, y.length - units);
  return { model, shape, data: { x: new Float32Array(kSamples * places * 2).fill(0.5), y } };
}

type Given = ReturnType<typeof given>;
const good = (row: Given) => ({ x: row.data.x, y: row.data.y.map((_, i) => (i % row.shape.at(-1)! === 0 ? 1 : 0)) });

async function refusal(row: Given, work: 'fit' | 'validation' | 'evaluate'): Promise<string> {
  const { model, data } = row;
  const before = model.weights.map((weight) => weight.tensor.data());
  const ways = {
    fit: () => model.fit(data),
    validation: () => model.fit(good(row), { validationData: data }),
    evaluate: () => model.evaluate(data),
  };
  const message = await ways[work]().then(
    () => 'nothing was refused',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  );
  expect(model.iterations).toBe(0);
  expect(model.weights.map((weight) => weight.tensor.data())).toEqual(before);
  model.dispose();
  return message;
}

const classes = 'give each class its share, for one class a 1 and zeros';
const bad = [
  ['binaryCrossentropy', [-1], 1, 'from 0 to 1', '-1', 'write the two classes as 0 and 1'],
  ['binaryCrossentropy', [2], 1, 'from 0 to 1', '2', 'write the two classes as 0 and 1'],
  ['binaryCrossentropy', [0, 1.5], 3, 'from 0 to 1', '1.5', 'write the two classes as 0 and 1'],
  ['categoricalCrossentropy', [0, 7, 0], 1, 'from 0 to 1', '7', classes],
  ['categoricalCrossentropy', [-0.5, 1, 0.5], 1, 'from 0 to 1', '-0.5', classes],
  ['categoricalCrossentropy', [0, 0, 0], 1, 'that sum to 1 over the 3 classes', '0', classes],
  ['categoricalCrossentropy', [1, 1], 4, 'that sum to 1 over the 2 classes', '2', classes],
] as const;

describe.each(bad)('%s against %j in the last of %d places', (loss, target, places, expected, got, hint) => {
  it.each(['fit', 'validation', 'evaluate'] as const)('is refused by %s', async (work) => {
    const who = work === 'evaluate' ? 'evaluate' : 'fit';
    expect(await refusal(given(loss, target, places), work)).toBe(
      `DATA ${who}: expected targets of ${loss} ${expected}, got ${got} in sample ${last}; ${hint}`,
    );
  });
});

describe('shares are taken', () => {
  it.each([
    ['binaryCrossentropy', [0.25]],
    ['categoricalCrossentropy', [0.1, 0.2, 0.7]],
    ['categoricalCrossentropy', [0.9995, 0, 0]],
  ] as const)('%s against %j', async (loss, target) => {
    const { model, data } = given(loss, target);
    const [first] = await model.fit(data);
    expect(Number.isFinite(first!.logs['loss'])).toBe(true);
    model.dispose();
  });
});
