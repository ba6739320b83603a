// Activations inside a layer, behind it as one of their own, and fused by a model: the same values, forward and backward.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, model, optimizers, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const { activation, batchNormalization, conv2d, dense, flatten, input, separableConv2d } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

type Name = NonNullable<layers.DenseOptions['activation']>;
const names: Name[] = ['linear', 'relu', 'sigmoid', 'softmax', 'tanh'];
const makers: Record<string, (name?: Name) => layers.Layer> = {
  conv2d: (name) =>
    conv2d({ filters: 3, kernelSize: 2, biasInitializer: 'randomUniform', ...(name && { activation: name }) }),
  separableConv2d: (name) => separableConv2d({ filters: 3, kernelSize: 2, ...(name && { activation: name }) }),
  dense: (name) => dense({ units: 5, ...(name && { activation: name }) }),
};

const x = tensor(
  runtime,
  uniforms(101, 1, 4 * 36).map((u) => 2 * u - 1),
  [4, 4, 3, 3],
);
const y = tensor(runtime, uniforms(101, 2, 4).map(Math.round), [4, 1]);

/** A layer that does nothing: first values count with a layer's place, which has to be the same on both sides. */
const same = () => activation({ activation: 'linear' });

/** Outputs of a picture's layers before and after a step, and the weights then. */
function behaviour(row: (place: layers.Symbolic) => layers.Symbolic) {
  const place = input({ shape: [4, 3, 3] });
  const net = model({ inputs: place, outputs: dense({ units: 1 }).apply(flatten().apply(row(place))) });
  net.compile({ runtime, loss: 'binaryCrossentropy', optimizer: optimizers.sgd({ learningRate: 0.3 }), seed: 4 });
  const before = [...net.predictOnBatch(x).data()];
  net.trainOnBatch(x, y);
  const told = [before, [...net.predictOnBatch(x).data()], net.weights.map(({ tensor: values }) => [...values.data()])];
  net.dispose();
  return told;
}

describe.each(Object.entries(makers))('%s', (kind, make) => {
  const read = (place: layers.Symbolic) => (kind === 'dense' ? flatten().apply(place) : place);

  it.each(names)('with %s inside is the layer with it behind', (name) => {
    const inside = behaviour((place) => same().apply(make(name).apply(read(place))));
    expect(inside).toEqual(behaviour((place) => activation({ activation: name }).apply(make().apply(read(place)))));
  });
});

describe('batch normalization with a relu behind it', () => {
  it.each([true, false])('gives the values of the two one after the other, trainable %s', (trainable) => {
    const normalize = () =>
      batchNormalization({ trainable, epsilon: 0.3, momentum: 0.5, movingMeanInitializer: 'randomUniform' });
    const relu = activation({ activation: 'relu' });
    const fused = behaviour((place) => same().apply(same().apply(relu.apply(normalize().apply(place)))));
    // Read twice, the place between them cannot be passed over; adding zero times it changes no value.
    const apart = behaviour((place) => {
      const between = normalize().apply(place);
      const none = layers.rescaling({ scale: 0 }).apply(between);
      return layers.add().apply([activation({ activation: 'relu' }).apply(between), none]);
    });
    const values = (told: unknown[]) => (told.flat(2) as number[]).map((value) => value + 0);
    const [got, want] = [values(fused), values(apart)];
    expect(got.length).toBe(want.length);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(want[i]!, 5);
    });
  });
});
