// keras_convnet: Listing 3 of Leventi-Peetz and Oestreich (2022), layer by layer, and what it does not accept.
import { describe, expect, it } from 'vitest';
import { show } from '../../lib/errors/index.js';
import { ArgumentError, kerasConvnet } from '../../lib/index.js';
import { modelNamed, models } from '../../lib/networks/index.js';

describe('keras_convnet', () => {
  it('has 991,041 trainable parameters at 180 x 180, as the paper says', () => {
    expect(kerasConvnet().countParams()).toEqual({ total: 991_041, trainable: 991_041 });
    expect(kerasConvnet({ imageSize: 180 }).summary()).toContain(' Trainable params: 991,041 (3.78 MB)');
  });

  it('has the layers of Listing 3, in order, with their shapes and parameters', () => {
    const rows = kerasConvnet()
      .summary()
      .split('\n')
      .filter((line) => line.startsWith('│'))
      .map((line) =>
        line
          .split('│')
          .slice(1, 4)
          .map((cell) => cell.trim())
          .join(' | '),
      );
    expect(rows).toEqual([
      'input_layer (InputLayer) | (None, 180, 180, 3) | 0',
      'data_augmentation (Sequential) | (None, 180, 180, 3) | 0',
      'rescaling (Rescaling) | (None, 180, 180, 3) | 0',
      'conv2d (Conv2D) | (None, 178, 178, 32) | 896',
      'max_pooling2d (MaxPooling2D) | (None, 89, 89, 32) | 0',
      'conv2d_1 (Conv2D) | (None, 87, 87, 64) | 18,496',
      'max_pooling2d_1 (MaxPooling2D) | (None, 43, 43, 64) | 0',
      'conv2d_2 (Conv2D) | (None, 41, 41, 128) | 73,856',
      'max_pooling2d_2 (MaxPooling2D) | (None, 20, 20, 128) | 0',
      'conv2d_3 (Conv2D) | (None, 18, 18, 256) | 295,168',
      'max_pooling2d_3 (MaxPooling2D) | (None, 9, 9, 256) | 0',
      'conv2d_4 (Conv2D) | (None, 7, 7, 256) | 590,080',
      'flatten (Flatten) | (None, 12544) | 0',
      'dropout (Dropout) | (None, 12544) | 0',
      'dense (Dense) | (None, 1) | 12,545',
    ]);
  });

  it('augments with a flip, a rotation and a zoom', () => {
    const [augmentation] = kerasConvnet().layers.filter((layer) => layer.name === 'data_augmentation');
    expect(augmentation!.leaves.slice(1).map((layer) => layer.kerasName)).toEqual([
      'RandomFlip',
      'RandomRotation',
      'RandomZoom',
    ]);
  });

  it('has the same weights without augmentation, when that is asked for', () => {
    const plain = kerasConvnet({ augmentation: false });
    expect(plain.countParams()).toEqual({ total: 991_041, trainable: 991_041 });
    expect(plain.layers.map((layer) => layer.name)).not.toContain('data_augmentation');
  });

  it('takes pictures from 78 x 78 on, and has one output a class for more than two', () => {
    expect(kerasConvnet({ imageSize: 78 }).sampleShapes).toEqual({ x: [78, 78, 3], y: [1] });
    expect(kerasConvnet({ imageSize: 78, classes: 3 }).sampleShapes.y).toEqual([3]);
    expect(() => kerasConvnet({ imageSize: 77 })).toThrow(
      new ArgumentError({ who: 'keras_convnet', expected: 'imageSize to be an integer >= 78', got: '77' }),
    );
  });
});

describe('modelNamed', () => {
  it('refuses an unknown model', () => {
    expect(() => modelNamed('train', 'alexnet')).toThrow(
      `train: expected model to be one of ${Object.keys(models).map(show).join(', ')}, got 'alexnet'`,
    );
    expect(() => modelNamed('train', 'toString')).toThrow("got 'toString'");
  });
});
