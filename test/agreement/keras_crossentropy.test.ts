// Cross-entropies behind a sigmoid or softmax as Keras 3 trains them: from the logits, in each of its ways to run and however
// the activation is written; what is no activation any more is clipped, there as here.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, losses, optimizers, sequential, tensor } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { type Sample, samplesOf, shapeOf, valuesOf, versions } from './keras.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

const { activation, dense, input, rescaling } = layers;
type Row = Parameters<typeof sequential>[0];

/** The ways of keras_samples.py to write the last activation. */
const forms: Record<string, (name: 'sigmoid' | 'softmax', units: number) => Row> = {
  dense: (name, units) => [dense({ units, useBias: false, activation: name })],
  separate: (name, units) => [dense({ units, useBias: false }), activation({ activation: name })],
  linear_behind: (name, units) => [...forms['separate']!(name, units), activation({ activation: 'linear' })],
  nested: (name, units) => [dense({ units, useBias: false }), sequential([activation({ activation: name })])],
  rescaled: (name, units) => [...forms['separate']!(name, units), rescaling({ scale: 1 })],
};

const byLoss = {
  binary: { activation: 'sigmoid', loss: losses.binaryCrossentropy },
  categorical: { activation: 'softmax', loss: losses.categoricalCrossentropy },
} as const;

/** One step of a network whose first kernel is the identity: what keras_samples.py tells of it. */
function oneStep({ loss, form, z, t }: Sample, clipped = false) {
  const kind = byLoss[loss as keyof typeof byLoss];
  const shape = shapeOf(z) as [number, number];
  const [count, units] = shape;
  using model = sequential([input({ shape: [units] }), ...forms[form as string]!(kind.activation, units)]);
  model.compile({ runtime, loss: kind.loss({ clipped }), optimizer: optimizers.sgd({ learningRate: 1 }) });
  const [kernel] = model.weights;
  kernel!.tensor.write(Float32Array.from({ length: units * units }, (_, i) => (i % (units + 1) === 0 ? 1 : 0)));
  using x = tensor(runtime, valuesOf(z), shape);
  using y = tensor(runtime, valuesOf(t), [count, units]);
  const evaluated = model.testOnBatch(x, y).loss;
  using predicted = model.predictOnBatch(x);
  const predictions = predicted.data();
  let gradient: Float32Array | undefined;
  const result = model.trainOnBatch(x, y, ([only]) => {
    gradient = only!.gradient!.data();
  });
  expect(result.predictions).toEqual(predictions);
  return { trained: [result.loss], evaluated: [evaluated], predictions, gradient: gradient! };
}

const title = ({ loss, form, mode, data }: Sample) => `${loss}, ${form}, ${mode}, ${data}`;
const samples = samplesOf('crossentropy').map((sample) => [title(sample), sample] as const);

/**
 * Loss and predictions to a few roundings; a gradient relative to its largest value. What is clipped takes log(1 - p), which
 * is as good as the last digits of p, and XLA has a sigmoid of its own.
 */
const partsOf = ({ form }: Sample) => ({
  trained: form === 'rescaled' ? 2e-5 : 1e-6,
  evaluated: form === 'rescaled' ? 2e-5 : 1e-6,
  predictions: 1e-6,
  gradient: 2e-6,
});

describe(`one step of a network is that of Keras ${versions.keras}`, () => {
  it.each(samples)('%s', (_, sample) => {
    const mine = oneStep(sample);
    for (const [part, tolerance] of Object.entries(partsOf(sample))) {
      expectClose(part, mine[part as keyof typeof mine], valuesOf(sample[part]), tolerance);
    }
  });
});

it('binary cross-entropy from logits of +-Infinity is what Keras says: NaN, or Infinity for the wrong side', () => {
  const loss = losses.binaryCrossentropy({ fromLogits: true });
  for (const { z, t, loss: want } of samplesOf('infinite logit')) {
    const mine = loss.compute(tensor(runtime, valuesOf(z), [1, 1]), tensor(runtime, valuesOf(t), [1, 1])).data();
    expect(mine, `logit ${z} against ${t}`).toEqual(valuesOf(want));
  }
});

describe('the clipped form, by name', () => {
  it.each(samples.filter(([name]) => /(?:far|one hot)$/.test(name) && name.includes('dense, graph')))(
    'is another one where a probability is 0 or 1: %s',
    (_, sample) => {
      expect(() => expectClose('loss', oneStep(sample, true).trained, valuesOf(sample['trained']), 1e-3)).toThrow();
    },
  );

  it('is what Keras computes where the activation is hidden from it', () => {
    const hidden = samples.filter(([name]) => name.includes('rescaled, graph'));
    expect(hidden.length).toBe(5);
    for (const [, sample] of hidden) {
      const mine = oneStep({ ...sample, form: 'dense' }, true);
      expectClose('loss', mine.trained, valuesOf(sample['trained']), 1e-6);
      expectClose('gradient', mine.gradient, valuesOf(sample['gradient']), 2e-6);
    }
  });
});
