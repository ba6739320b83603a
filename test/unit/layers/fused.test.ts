// Activations inside a layer, behind it as one of their own, and fused by a model: the same values, forward and backward.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, model, networks, optimizers, tensor } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const { activation, batchNormalization, conv2d, dense, flatten, input, leakyReLU, reLU, separableConv2d } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

type Name = NonNullable<layers.DenseOptions['activation']>;
const names: Name[] = ['linear', 'relu', 'relu6', 'leaky_relu', 'hard_swish', 'sigmoid', 'softmax', 'tanh'];
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

/** What can stand behind a layer, and whether a convolution or dense takes it into its pass as batch normalization does. */
const behind: Record<string, [make: () => layers.Layer, told: boolean]> = {
  relu: [() => activation({ activation: 'relu' }), true],
  relu6: [() => activation({ activation: 'relu6' }), true],
  leaky_relu: [() => activation({ activation: 'leaky_relu' }), true],
  hard_sigmoid: [() => activation({ activation: 'hard_sigmoid' }), false],
  hard_silu: [() => activation({ activation: 'hard_silu' }), false],
  hard_swish: [() => activation({ activation: 'hard_swish' }), false],
  'a layer reLU': [() => reLU(), true],
  'a layer reLU up to 6': [() => reLU({ maxValue: 6 }), true],
  'a layer reLU with all options': [() => reLU({ maxValue: 0.5, negativeSlope: 0.1, threshold: 0.25 }), true],
  'a layer leakyReLU': [() => leakyReLU(), true],
};

describe.each(Object.entries(behind))('batch normalization with %s behind it', (_, [make]) => {
  it.each([true, false])('gives the values of the two one after the other, trainable %s', (trainable) => {
    const normalize = () =>
      batchNormalization({ trainable, epsilon: 0.3, momentum: 0.5, movingMeanInitializer: 'randomUniform' });
    const fused = behaviour((place) => same().apply(same().apply(make().apply(normalize().apply(place)))));
    // Read twice, the place between them cannot be passed over; adding zero times it changes no value.
    const apart = behaviour((place) => {
      const between = normalize().apply(place);
      const none = layers.rescaling({ scale: 0 }).apply(between);
      return layers.add().apply([make().apply(between), none]);
    });
    const values = (told: unknown[]) => (told.flat(2) as number[]).map((value) => value + 0);
    const [got, want] = [values(fused), values(apart)];
    expect(got.length).toBe(want.length);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(want[i]!, 5);
    });
  });
});

describe('a model computes in the pass of the layer before', () => {
  /** How many places of a row of layers are passed over. */
  function fused(...row: readonly layers.Layer[]): number {
    const place = input({ shape: [4, 3, 3] });
    const { graph } = model({ inputs: place, outputs: row.reduce((x, layer) => layer.apply(x), place) });
    return graph.places.length - graph.steps.length;
  }

  it.each(Object.entries(behind))('%s', (_, [make, told]) => {
    expect(fused(batchNormalization(), make())).toBe(1);
    const counts = Object.values(makers).map((maker) => fused(maker(), make()));
    expect(counts).toEqual(counts.map(() => Number(told)));
  });

  it('nothing that another layer has, that is read elsewhere, or whose gradient another kernel has (controls)', () => {
    const relu = () => activation({ activation: 'relu' });
    expect(fused(conv2d({ filters: 2, kernelSize: 1, activation: 'relu' }), relu())).toBe(0);
    expect(fused(conv2d({ filters: 2, kernelSize: 1, activityRegularizer: 'l2' }), relu())).toBe(0);
    expect(fused(batchNormalization(), activation({ activation: 'linear' }))).toBe(0);
    expect(fused(batchNormalization(), activation({ activation: 'tanh' }))).toBe(0);
    expect(fused(batchNormalization(), leakyReLU({ negativeSlope: 0 }))).toBe(0);
    expect(fused(conv2d({ filters: 2, kernelSize: 1 }), reLU({ maxValue: 0, negativeSlope: 0.1 }))).toBe(0);
    expect(fused(flatten(), relu())).toBe(0);
    const place = batchNormalization().apply(input({ shape: [4, 3, 3] }));
    const { graph } = model({ inputs: place.inputs[0]!, outputs: layers.add().apply([relu().apply(place), place]) });
    expect(graph.places.length).toBe(graph.steps.length);
  });

  it('every relu6 of MobileNetV2', () => {
    const { graph } = networks.mobilenetV2({ imageSize: 32, classes: 2 });
    expect(graph.places.length - graph.steps.length).toBe(35);
  });
});
