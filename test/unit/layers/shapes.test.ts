// Layers that change shapes or join inputs: what comes out, and what each refuses.

import { describe, expect, it } from 'vitest';
import { wording } from '../../../lib/errors/index.js';
import { createRuntime, layers, sequential, tensor } from '../../../lib/index.js';

const { input } = layers;
const picture = (...shape: number[]) => input({ shape });

describe('output shapes', () => {
  const cases: [string, layers.Layer, number[], number[]][] = [
    ['conv2dTranspose valid', layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2 }), [4, 6, 2], [9, 13, 5]],
    [
      'conv2dTranspose same',
      layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: [2, 3], padding: 'same' }),
      [4, 6, 2],
      [8, 18, 5],
    ],
    [
      'conv2dTranspose with a stride beyond its kernel',
      layers.conv2dTranspose({ filters: 5, kernelSize: 2, strides: 3 }),
      [4, 6, 2],
      [12, 18, 5],
    ],
    [
      'conv2dTranspose with output padding',
      layers.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, outputPadding: [0, 1] }),
      [4, 6, 2],
      [9, 14, 5],
    ],
    ['depthwiseConv2d', layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), [4, 6, 2], [2, 4, 4]],
    ['upSampling2d', layers.upSampling2d({ size: [2, 3] }), [4, 6, 2], [8, 18, 2]],
    ['zeroPadding2d by one number', layers.zeroPadding2d({ padding: 2 }), [4, 6, 2], [8, 10, 2]],
    ['zeroPadding2d by two', layers.zeroPadding2d({ padding: [1, 0] }), [4, 6, 2], [6, 6, 2]],
    [
      'zeroPadding2d by four',
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [3, 4],
        ],
      }),
      [4, 6, 2],
      [7, 13, 2],
    ],
    [
      'cropping2d',
      layers.cropping2d({
        cropping: [
          [1, 2],
          [0, 4],
        ],
      }),
      [4, 6, 2],
      [1, 2, 2],
    ],
    [
      'maxPooling2d with ceilMode',
      layers.maxPooling2d({ poolSize: 3, strides: 2, ceilMode: true }),
      [6, 8, 2],
      [3, 4, 2],
    ],
    [
      'maxPooling2d with gaps',
      layers.maxPooling2d({ poolSize: 2, dilationRate: [3, 1], strides: 1 }),
      [6, 8, 2],
      [3, 7, 2],
    ],
    [
      'averagePooling2d that counts its padding',
      layers.averagePooling2d({ poolSize: 2, strides: 3, padding: [1, 0, 0, 1], ceilMode: true, countPadding: true }),
      [6, 8, 2],
      [3, 3, 2],
    ],
    ['globalMaxPooling2d', layers.globalMaxPooling2d(), [4, 6, 2], [2]],
    ['permute', layers.permute({ dims: [3, 1, 2] }), [4, 6, 2], [2, 4, 6]],
    ['reshape', layers.reshape({ targetShape: [3, -1, 2] }), [4, 6, 2], [3, 8, 2]],
    ['leakyReLU', layers.leakyReLU(), [4, 6], [4, 6]],
    ['prelu', layers.prelu({ sharedAxes: [1] }), [4, 6], [4, 6]],
  ];
  it.each(cases)('%s', (_what, layer, shape, wanted) => {
    expect(layer.apply(picture(...shape)).shape).toEqual(wanted);
  });

  it('of joins', () => {
    const two = (layer: layers.Layer, ...shapes: number[][]) =>
      layer.apply(shapes.map((shape) => picture(...shape))).shape;
    expect(two(layers.concatenate(), [4, 6, 2], [4, 6, 3], [4, 6, 1])).toEqual([4, 6, 6]);
    expect(two(layers.concatenate({ axis: 1 }), [4, 6], [1, 6])).toEqual([5, 6]);
    expect(two(layers.concatenate({ axis: -2 }), [4, 6], [1, 6])).toEqual([5, 6]);
    expect(two(layers.multiply(), [4, 6, 2], [1, 1, 2])).toEqual([4, 6, 2]);
  });
});

describe('refusals', () => {
  const cases: [string, () => unknown, string, string, string][] = [
    ['one input to join', () => layers.concatenate().apply(picture(4, 2)), 'concatenate', 'two inputs or more', '1'],
    [
      'inputs that differ beside the axis',
      () => layers.concatenate().apply([picture(4, 2), picture(5, 2)]),
      'concatenate',
      'inputs [4, *]',
      '[5, 2]',
    ],
    [
      'the batch as an axis',
      () => layers.concatenate({ axis: 0 }),
      'concatenate',
      'axis to be an integer other than 0, the batch',
      '0',
    ],
    [
      'an axis that is not there',
      () => layers.concatenate({ axis: 3 }).apply([picture(4, 2), picture(4, 2)]),
      'concatenate',
      'axis 3 among the 3 of an input, the batch being 0',
      '[4, 2]',
    ],
    [
      'three inputs of a difference',
      () => layers.subtract().apply([picture(2), picture(2), picture(2)]),
      'subtract',
      'two inputs',
      '3',
    ],
    [
      'inputs of another rank',
      () => layers.maximum().apply([picture(4, 2), picture(2)]),
      'maximum',
      'inputs of 2 axes beside the batch',
      '[2]',
    ],
    [
      'more cropped than there is',
      () => layers.cropping2d({ cropping: 2 }).apply(picture(4, 6, 2)),
      'cropping2d',
      'input of at least [5, 5, *]',
      '[4, 6, 2]',
    ],
    [
      'borders of three numbers',
      () => layers.zeroPadding2d({ padding: [1, 2, 3] as never }),
      'zeroPadding2d',
      'padding to be an integer >= 0, two, or [[top, bottom], [left, right]]',
      '[1, 2, 3]',
    ],
    [
      'another number of values',
      () => layers.reshape({ targetShape: [5, -1] }).apply(picture(4, 6)),
      'reshape',
      'input of as many values as [5, -1]',
      '[4, 6]',
    ],
    [
      'two lengths that are left',
      () => layers.reshape({ targetShape: [-1, -1] }),
      'reshape',
      'targetShape to be integers >= 1, of which one may be -1',
      '[-1, -1]',
    ],
    [
      'axes that are not each there once',
      () => layers.permute({ dims: [1, 3] }),
      'permute',
      'dims to be 1 to the number of axes of a sample, each once',
      '[1, 3]',
    ],
    [
      'an input of another rank to permute',
      () => layers.permute({ dims: [2, 1] }).apply(picture(4, 6, 2)),
      'permute',
      'input of 2 axes beside the batch',
      '[4, 6, 2]',
    ],
    [
      'a negative slope below zero',
      () => layers.leakyReLU({ negativeSlope: -1 }),
      'leakyReLU',
      'negativeSlope to be a number >= 0',
      '-1',
    ],
    [
      'a largest value below the threshold',
      () => layers.reLU({ maxValue: 1, threshold: 2 }),
      'reLU',
      'maxValue to be null or >= threshold (2)',
      '1',
    ],
    [
      'the batch as a shared axis',
      () => layers.prelu({ sharedAxes: [0] }),
      'prelu',
      'sharedAxes to be null or a list of integers >= 1',
      '[0]',
    ],
    [
      'a shared axis that is not there',
      () => layers.prelu({ sharedAxes: [3] }).apply(picture(4, 2)),
      'p_re_lu',
      'sharedAxes from 1 to 2',
      '3',
    ],
    [
      'output padding of a whole stride',
      () => layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, outputPadding: 2 }).apply(picture(4, 4, 1)),
      'conv2d_transpose',
      'outputPadding to be null or one or two integers >= 0 below the strides (2, 2)',
      '2',
    ],
    [
      'output padding that a convolution does not undo',
      () =>
        layers
          .conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same', outputPadding: 0 })
          .apply(picture(5, 5, 1)),
      'conv2d_transpose',
      'an output that a convolution brings back to [5, 5]',
      'outputPadding 0, which gives [4, 4]',
    ],
  ];
  it.each(cases)('%s', (_what, make, who, expected, got) => {
    expect(make).toThrow(expect.objectContaining({ message: wording({ who, expected, got }) }));
  });
});

it('a cross-entropy behind the softmax layer starts from logits, as behind an activation', () => {
  const trained = (last: layers.Layer) => {
    using runtime = createRuntime({ threads: 1 });
    const net = sequential([input({ shape: [2] }), layers.dense({ units: 3 }), last]);
    net.compile({ runtime, loss: 'categoricalCrossentropy', optimizer: 'sgd:learningRate=100', seed: 2 });
    const [x, y] = [tensor(runtime, [3, -2, 1, 4], [2, 2]), tensor(runtime, [0, 0, 1, 1, 0, 0], [2, 3])];
    // Steps so large that probabilities are 0 and 1: clipped ones would learn nothing more.
    const losses = [1, 2, 3].map(() => net.trainOnBatch(x, y).loss);
    const weights = net.weights.map((weight) => [...weight.tensor.data()]);
    net.dispose();
    return { losses, weights };
  };
  expect(trained(layers.softmax())).toEqual(trained(layers.activation({ activation: 'softmax' })));
});
