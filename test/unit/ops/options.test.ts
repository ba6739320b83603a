// An option that an operation does not know is refused, and so is a word that it does not know: nothing is computed as if it were not there.

import { describe, expect, it } from 'vitest';
import * as samebits from '../../../lib/index.js';
import { type Tensor, zeros } from '../../../lib/index.js';
import * as operations from '../../../lib/public/operations.js';
import { testRuntime } from '../../support/test_runtime.js';

const runtime = testRuntime();
const z = (...shape: number[]) => zeros(runtime, shape);
const x = z(2, 3);
const picture = z(1, 4, 4, 2);
const sequence = { seed: 1, stream: 2, step: 3 };
const transform = { sequence, count: 1, size: [4, 4] as const };
type Options = Record<string, unknown>;

/** Each operation with options, called with those that it needs and others. */
const calls: Record<string, (others: Options) => Tensor> = {
  argmax: (o) => samebits.argmax(x, o),
  argmin: (o) => samebits.argmin(x, o),
  averagePool2d: (o) => samebits.averagePool2d(picture, { poolSize: 2, ...o }),
  batchNorm: (o) => {
    const [mean, variance] = [z(3), z(3)];
    return samebits.batchNorm(x, { mean, variance }, { gamma: null, beta: null }, { training: false, ...o });
  },
  binaryCrossentropy: (o) => samebits.binaryCrossentropy(x, x, o),
  categoricalCrossentropy: (o) => samebits.categoricalCrossentropy(x, x, o),
  clip: (o) => samebits.clip(x, { low: 0, high: 1, ...o }),
  concatenate: (o) => samebits.concatenate([x, x], o),
  conv2d: (o) => samebits.conv2d(picture, z(2, 2, 2, 3), o),
  conv2dTranspose: (o) => samebits.conv2dTranspose(picture, z(2, 2, 3, 2), o),
  dense: (o) => samebits.dense(x, z(3, 2), o),
  depthwiseConv2d: (o) => samebits.depthwiseConv2d(picture, z(2, 2, 2, 1), o),
  dropout: (o) => samebits.dropout(x, { rate: 0.5, ...sequence, ...o }),
  elu: (o) => samebits.elu(x, o),
  gather: (o) => samebits.gather(x, [1], o),
  groupNorm: (o) => samebits.groupNorm(x, { gamma: null, beta: null }, { groups: 3, ...o }),
  gelu: (o) => samebits.gelu(x, o),
  imageTransform: (o) => samebits.imageTransform(picture, z(1, 6), o),
  l2Normalize: (o) => samebits.l2Normalize(x, o),
  layerNorm: (o) => samebits.layerNorm(x, { gamma: null, beta: null }, o),
  leakyRelu: (o) => samebits.leakyRelu(x, o),
  max: (o) => samebits.max(x, o),
  matmul: (o) => samebits.matmul(x, z(3, 2), o),
  maxPool2d: (o) => samebits.maxPool2d(picture, { poolSize: 2, ...o }),
  mean: (o) => samebits.mean(x, o),
  min: (o) => samebits.min(x, o),
  oneHot: (o) => samebits.oneHot(zeros(runtime, [2], 'int32'), { classes: 2, ...o }),
  pad: (o) =>
    samebits.pad(x, {
      padWidth: [
        [0, 0],
        [1, 0],
      ],
      ...o,
    }),
  randomNormal: (o) => samebits.randomNormal(runtime, [2], sequence, o),
  randomUniform: (o) => samebits.randomUniform(runtime, [2], sequence, o),
  relu: (o) => samebits.relu(x, o),
  rescaling: (o) => samebits.rescaling(x, { scale: 2, ...o }),
  reverse: (o) => samebits.reverse(x, o),
  separableConv2d: (o) => samebits.separableConv2d(picture, z(2, 2, 2, 1), z(1, 1, 2, 3), o),
  slice: (o) => samebits.slice(x, { start: [0, 0], shape: [1, 1], ...o }),
  sum: (o) => samebits.sum(x, o),
  transpose: (o) => samebits.transpose(x, o),
  upSampling2d: (o) => samebits.upSampling2d(picture, o),
  flipMatrices: (o) => samebits.flipMatrices(runtime, { ...transform, ...o }, { horizontal: true, vertical: false }),
  rotationMatrices: (o) => samebits.rotationMatrices(runtime, { ...transform, ...o }, [0, 1]),
  zoomMatrices: (o) => samebits.zoomMatrices(runtime, { ...transform, ...o }, [1, 2]),
};

/** Those without options, and those whose options other tests refuse (custom; the steps of optimizers, whose settings optimizers check). */
const others = new Set(
  `abs add batchNormMoving batchNormStatistics broadcastTo clipByGlobalNorm clipByNorm clipByValue custom divide exp flatten gradients
  hardSigmoid hardSwish log logSoftmax maximum minimum multiply negate pow relu6 reshape resizeBilinear selu sigmoid softmax softplus
  sqrt square subtract swish tanh toFloat`.split(/\s+/),
);

describe('operations', () => {
  it('are all here', () => {
    const functions = Object.entries(operations).filter(
      ([name, one]) => typeof one === 'function' && !/Update$/.test(name),
    );
    const known = new Set([...Object.keys(calls), ...others]);
    expect(functions.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(Object.entries(calls))(
    '%s refuses an option that it does not know, and takes those that it knows',
    (_, call) => {
      expect(call({}).shape.length).toBeGreaterThanOrEqual(0);
      expect(() => call({ strid: 1 })).toThrow(/: expected options .*, got 'strid'/);
    },
  );

  it.each(['conv2d', 'dense', 'separableConv2d'])('%s refuses an activation that it cannot apply', (name) => {
    expect(() => calls[name]!({ activation: 'sigmoid' })).toThrow(
      /expected activation to be one of 'linear', 'relu', 'relu6', 'leaky_relu', got 'sigmoid'/,
    );
  });

  it('resizeBilinear refuses a size that is none', () => {
    expect(() => samebits.resizeBilinear(picture, { size: [2, 2] } as never)).toThrow(
      'resizeBilinear: expected size to be two integers >= 1, got Object',
    );
  });
});
