// mini_xception: Listing 6 of Leventi-Peetz and Oestreich (2022), its changed form, and its layers' refusals.
import { describe, expect, it } from 'vitest';
import { ArgumentError, layers, miniXception } from '../../lib/index.js';
import { miniXceptionConv } from '../../lib/networks/index.js';

const { batchNormalization, globalAveragePooling2d, input, separableConv2d } = layers;

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
    expect(() => miniXception({ imageSize: 4 })).toThrow(
      'mini_xception: expected imageSize to be an integer >= 5, got 4',
    );
  });
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
