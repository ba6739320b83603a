// docs/contract.md is enough for an independent implementer: pictures, first values and a whole epoch of keras_convnet, written
// from that page alone in this folder, have the library's bits.

import { afterAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  type Dataset,
  hashTensors,
  kerasConvnet,
  layers,
  openDataset,
  sequential,
  weightsHash,
} from '../../lib/index.js';
import { learningOf } from '../../lib/models/index.js';
import { modelNamed } from '../../lib/networks/index.js';
import { stateOf } from '../../lib/runs/index.js';
import { expectSameBits } from '../support/bits.js';
import { crackedPicture } from './cracks.js';
import { KerasConvnet, meanLoss } from './keras_convnet.js';
import { uniform } from './philox.js';
import { syntheticPicture } from './synthetic.js';

const kSide = 78;
const kSamples = 3;
const kBatch = 2;
const kSeed = 2 ** 33 + 1001;

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

function bytesOf({ length, read }: Dataset['train']): Uint8Array {
  return Uint8Array.from(read(Array.from({ length }, (_, i) => i)).x);
}

const drawnSets = {
  synthetic: syntheticPicture,
  cracks: (seed: number, split: 'train' | 'validation', i: number, size: readonly [number, number]) =>
    crackedPicture(seed, split, i, size, 0.5),
};

describe.each(['synthetic', 'cracks'] as const)('%s pictures', (source) => {
  it.each([
    [0, 12, 9],
    [7, 64, 64],
    [kSeed, 33, 70],
  ])('of seed %d, %d by %d, are those of the page in every byte', async (seed, height, width) => {
    const data = await openDataset({ source, imageSize: [height, width], samples: 12, seed, cache: false });
    const splits = [
      ['train', data.train],
      ['validation', data.validation!],
    ] as const;
    for (const [name, split] of splits) {
      const drawn = Array.from({ length: split.length }, (_, i) => drawnSets[source](seed, name, i, [height, width]));
      expect([...split.labels!]).toEqual(drawn.map(({ label }) => label));
      expectSameBits(name, bytesOf(split), Uint8Array.from(drawn.flatMap(({ pixels }) => [...pixels])));
    }
    data.dispose();
  });
});

it('of any share of cracks each picture has the label of the page', async () => {
  const share = 0.15;
  const data = await openDataset({
    ...{ source: 'cracks', imageSize: 16, samples: 40, seed: 3, cache: false, dataOptions: { cracked: share } },
  });
  const drawn = Array.from({ length: 40 }, (_, i) => crackedPicture(3, 'train', i, [16, 16], share));
  expect([...data.train.labels!]).toEqual(drawn.map(({ label }) => label));
  expect(drawn.filter(({ label }) => label === 1)).toHaveLength(6);
  expectSameBits('train', bytesOf(data.train), Uint8Array.from(drawn.flatMap(({ pixels }) => [...pixels])));
  data.dispose();
});

describe('first values', () => {
  it('of depthwise, pointwise and one-axis weights have the fans, streams and steps of the page', () => {
    const { conv2d, input, separableConv2d } = layers;
    const inner = sequential([separableConv2d({ filters: 5, kernelSize: [2, 3], depthMultiplier: 2 })], {
      name: 'inner',
    });
    const biased = conv2d({ filters: 3, kernelSize: 1, biasInitializer: 'heUniform' });
    const model = sequential([input({ shape: [4, 6, 3] }), inner, biased]);
    model.make(runtime, 5, 1);
    // 1 input, 2 the input of `inner`, 3 the separable convolution, 4 the convolution.
    const drawn = (count: number, layer: number, step: number, limit: number) =>
      uniform({ seed: 5n, stream: 256 * layer, step }, count, -limit, limit);
    const want: Record<string, Float32Array> = {
      'inner/separable_conv2d/depthwise_kernel': drawn(36, 3, 0, Math.sqrt(6 / (6 * 3 + 6 * 2))),
      'inner/separable_conv2d/pointwise_kernel': drawn(30, 3, 1, Math.sqrt(6 / (6 + 5))),
      'inner/separable_conv2d/bias': new Float32Array(5),
      'conv2d/kernel': drawn(15, 4, 0, Math.sqrt(6 / (5 + 3))),
      'conv2d/bias': drawn(3, 4, 1, Math.sqrt(6 / 3)),
    };
    expect(model.namedWeights().map(({ name }) => name)).toEqual(Object.keys(want));
    for (const { name, weight } of model.namedWeights()) expectSameBits(name, weight.tensor.data(), want[name]!);
    model.dispose();
  });
});

describe(`an epoch of keras_convnet, ${kSamples} pictures of ${kSide} x ${kSide} in batches of ${kBatch}`, () => {
  it('has the bits of one that was written from the page', async () => {
    const source = { source: 'synthetic', imageSize: kSide, samples: kSamples, seed: kSeed, cache: false } as const;
    const data = await openDataset(source);
    using model = kerasConvnet({ imageSize: kSide });
    const learning = learningOf('test', modelNamed('test', 'keras_convnet'), model, data.train.targets);
    model.compile({ runtime, ...learning, seed: kSeed });
    const theirs = new KerasConvnet(kSide, kSeed);
    const names = theirs.weights.map(({ name }) => name);
    expect(model.namedWeights().map(({ name }) => name)).toEqual(names);
    const weights = () => model.weights.map((weight) => weight.tensor.data());
    weights().forEach((values, i) => {
      expectSameBits(`first ${names[i]}`, values, theirs.weights[i]!.values);
    });
    expect(weightsHash(model)).toBe(theirs.hash(false));

    const batchOf = (split: 'train' | 'validation', indices: readonly number[]) => {
      const drawn = indices.map((i) => syntheticPicture(kSeed, split, i, [kSide, kSide]));
      return {
        x: Float32Array.from(drawn.flatMap(({ pixels }) => [...pixels])),
        t: Float32Array.from(drawn, ({ label }) => label),
      };
    };
    const order = theirs.order(kSamples, 0);
    const steps = [order.slice(0, kBatch), order.slice(kBatch)].map((indices) => {
      const { loss, probabilities } = theirs.run(batchOf('train', indices), true);
      const hits = indices.filter((index, i) => (probabilities[i]! > 0.5 ? 1 : 0) === index % 2).length;
      return { loss, size: indices.length, hits };
    });
    const judged = theirs.run(
      batchOf(
        'validation',
        Array.from({ length: data.validation!.length }, (_, i) => i),
      ),
      false,
    );

    const [epoch] = await model.fit(data.train, { batchSize: kBatch, validationData: data.validation! });
    weights().forEach((values, i) => {
      expectSameBits(`last ${names[i]}`, values, theirs.weights[i]!.values);
    });
    expect(weightsHash(model)).toBe(theirs.hash(false));
    expect(hashTensors(stateOf(model))).toBe(theirs.hash(true));
    expect(epoch!.logs).toMatchObject({
      loss: meanLoss(steps),
      accuracy: steps.reduce((sum, { hits }) => sum + hits, 0) / kSamples,
      valLoss: judged.loss,
    });
    data.dispose();
  });
});
