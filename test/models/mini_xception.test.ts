// mini_xception: Listing 6 of Leventi-Peetz and Oestreich (2022), its changed form, and its layers' refusals.
import { describe, expect, it } from 'vitest';
import { ArgumentError, layers, miniXception, miniXceptionConv, modelEntry, trainTrial } from '../../lib/index.js';

const { batchNormalization, globalAveragePooling2d, input, separableConv2d } = layers;

const trial = {
  data: 'synthetic',
  samples: 12,
  imageSize: 37,
  epochs: 1,
  batchSize: 5,
  seed: 1001,
  device: 'cpu',
  mode: 'deterministic',
  damaged: 'refuse',
} as const;
const train = async (model: string, more: { isa: 'auto' | 'scalar'; threads: number; mode?: 'atomic' }) =>
  (await trainTrial({ ...trial, ...more, model }, {})).weightsHash;

describe('mini_xception', () => {
  it('has 718,849 trainable and 3,008 other parameters, as the paper says', () => {
    expect(miniXception().countParams()).toEqual({ total: 721_857, trainable: 718_849 });
  });

  it('has five residual blocks of two separable convolutions', () => {
    const count = (kind: string) => miniXception().layers.filter((layer) => layer.kind === kind).length;
    expect(['separable_conv2d', 'batch_normalization', 'max_pooling2d', 'add', 'conv2d'].map(count)).toEqual([
      10, 10, 5, 5, 6,
    ]);
  });

  it('as mini_xception_conv has full convolutions and no sums', () => {
    const kinds = new Set(miniXceptionConv().layers.map((layer) => layer.kind));
    expect([...kinds]).not.toContain('separable_conv2d');
    expect([...kinds]).not.toContain('add');
  });

  it('refuses pictures that the first convolution cannot read', () => {
    expect(() => modelEntry('train', 'mini_xception', 4)).toThrow(
      'train: expected imageSize to be an integer >= 5, got 4; image size too small for the network mini_xception',
    );
  });

  it.each(['mini_xception', 'mini_xception_conv'])(
    '%s ends in the same bits with 1 and 3 threads and on scalar, and in others in atomic mode',
    async (model) => {
      const first = await train(model, { isa: 'auto', threads: 1 });
      expect(await train(model, { isa: 'auto', threads: 3 })).toBe(first);
      expect(await train(model, { isa: 'scalar', threads: 2 })).toBe(first);
      // Whether threads meet in so small a training is up to chance, so it may take more than one.
      let atomic = first;
      for (let tries = 0; tries < 10 && atomic === first; ++tries) {
        atomic = await train(model, { isa: 'auto', threads: 2, mode: 'atomic' });
      }
      expect(atomic).not.toBe(first);
    },
  );
});

describe('the layers of mini_xception', () => {
  const message = (make: () => layers.Layer) => {
    try {
      make();
    } catch (error) {
      expect(error).toBeInstanceOf(ArgumentError);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };

  it('refuse bad options in the user words', () => {
    expect(message(() => separableConv2d({ filters: 4, kernelSize: 3, depthMultiplier: 0 }))).toBe(
      'separable_conv2d: expected depthMultiplier to be an integer >= 1, got 0',
    );
    expect(message(() => batchNormalization({ momentum: 1.5 }))).toBe(
      'batch_normalization: expected momentum to be from 0 to 1, got 1.5',
    );
    expect(message(() => batchNormalization({ epsilon: -1 }))).toBe(
      'batch_normalization: expected epsilon to be a number >= 0, got -1',
    );
  });

  it('know their output shapes', () => {
    const x = input({ shape: [9, 7, 6] });
    expect(separableConv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }).apply(x).shape).toEqual([
      5, 4, 4,
    ]);
    expect(globalAveragePooling2d().apply(x).shape).toEqual([6]);
    expect(batchNormalization().apply(x).shape).toEqual([9, 7, 6]);
  });
});
