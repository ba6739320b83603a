// The networks known by name: numbers of parameters, names and shapes of weights as Keras's own networks and PyTorch's have them
// (fixtures/networks of test/agreement, by keras_networks.py and torch_networks.py), their options, and what they refuse.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { program } from '../../lib/cli/program.js';
import { pytorchWanted } from '../../lib/exchange/pytorch.js';
import { ArgumentError, createRuntime, type Model, networks } from '../../lib/index.js';
import { modelNamed, models } from '../../lib/networks/index.js';
import { root, text } from '../architecture/sources.js';

const folder = join(root, 'test/agreement/fixtures/networks');
const read = <T>(name: string): T => JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());

interface Told {
  options: Record<string, unknown>;
  total: number;
  trainable: number;
  weights: string[];
}
const keras = read<{ keras: string; networks: Record<string, Told> }>('networks.json.gz');
const torch = read<{
  torch: string;
  networks: Record<string, { trainable: number; state: Record<string, number[]> }>;
}>('torch.json.gz');

type Maker = (options: object) => Model;
const makers: Record<string, Maker> = {
  inception_v3: networks.inceptionV3,
  lenet5: networks.lenet5,
  mobilenet: networks.mobilenet,
  mobilenet_v2: networks.mobilenetV2,
  preact_resnet18: networks.preactResnet18,
  resnet18: networks.resnet18,
  resnet50: networks.resnet50,
  unet: networks.unet,
  xception: networks.xception,
};

/** Names and shapes, without order: Keras lists layers by their depth. */
const weightsOf = (net: Model) => net.namedWeights().map(({ name, weight }) => `${name} ${weight.shape}`);

describe.each(Object.entries(keras.networks))(`%s is that of Keras ${keras.keras}`, (tag, told) => {
  const net = makers[tag.split(' ')[0]!]!(told.options);

  it('in its number of parameters', () => {
    expect(net.countParams()).toEqual({ total: told.total, trainable: told.trainable });
  });

  it('in names and shapes of all weights', () => {
    expect(weightsOf(net).sort()).toEqual([...told.weights].sort());
  });
});

describe.each(Object.entries(torch.networks))(`%s is that of PyTorch ${torch.torch}`, (tag, told) => {
  const net = makers[tag]!(tag === 'resnet50' ? { layout: 'torch' } : {});

  it('in its number of parameters', () => {
    expect(net.countParams().trainable).toBe(told.trainable);
  });

  it('in names and shapes of all entries of the state_dict, without a table of modules', () => {
    using runtime = createRuntime({ threads: 1 });
    net.build({ runtime });
    const wanted = pytorchWanted(net, {}).map(({ from, arrangement }) => [from, arrangement!.shape] as const);
    expect(Object.fromEntries(wanted)).toEqual(told.state);
    net.dispose();
  });
});

describe('the numbers that papers and libraries name', () => {
  it.each([
    ['lenet5', {}, 61_706, 0],
    ['preact_resnet18', {}, 11_171_146, 6_784],
    ['resnet18', {}, 11_689_512, 9_600],
    ['resnet50', {}, 25_583_592, 53_120],
    ['resnet50', { layout: 'torch' }, 25_557_032, 53_120],
    ['mobilenet', {}, 4_231_976, 21_888],
    ['mobilenet_v2', {}, 3_504_872, 34_112],
    ['inception_v3', {}, 23_817_352, 34_432],
    ['xception', {}, 22_855_952, 54_528],
    ['unet', {}, 31_030_593, 0],
  ] as const)('%s %j: %d and %d', (name, options, trainable, others) => {
    expect(makers[name]!(options).countParams()).toEqual({ trainable, total: trainable + others });
  });
});

describe('options of networks', () => {
  it.each(Object.entries(makers))('%s takes size, channels, classes and width', (name, make) => {
    const net = make({ imageSize: [96, 80], channels: 2, classes: 3, width: 1 / 16 });
    expect(net.sampleShapes).toEqual({ x: [96, 80, 2], y: name === 'unet' ? [96, 80, 3] : [3] });
    expect(net.name).toBe(name);
    expect(net.countParams().total).toBeLessThan(make({}).countParams().total / 20);
  });

  it.each(Object.entries(makers).filter(([name]) => name !== 'unet'))(
    '%s ends with an output a class: of one class softmax, of several sigmoid',
    (_name, make) => {
      const ends = (options: object) => make({ imageSize: 96, width: 1 / 32, classes: 2, ...options }).lastActivation;
      expect([ends({}), ends({ several: true })]).toEqual(['softmax', 'sigmoid']);
    },
  );

  it('of unet say how often, how wide, how much is dropped and how rows are doubled', () => {
    const kinds = (options: object) => {
      const net = networks.unet({ imageSize: 32, width: 1 / 16, depth: 2, ...options });
      return net.layers.map(({ kind }) => kind).filter((kind) => /pooling|transpose|up_/.test(kind));
    };
    const down = ['max_pooling2d', 'max_pooling2d'];
    expect(kinds({})).toEqual([...down, 'conv2d_transpose', 'conv2d_transpose']);
    expect(kinds({ upsampling: 'bilinear' })).toEqual([...down, 'up_sampling2d', 'up_sampling2d']);
    expect(kinds({ depth: 1 })).toEqual(['max_pooling2d', 'conv2d_transpose']);
    const config = JSON.stringify(networks.unet({ imageSize: 32, depth: 2, dropout: 0.25, l2: 0.001 }));
    expect(config).toContain('"rate":0.25');
    expect(config.match(/"class_name":"L2"/g)).toHaveLength(2 * 2 * 2 + 2 + 2 + 1);
  });

  it('of lenet5 say activation and pooling', () => {
    const net = networks.lenet5({ activation: 'relu', pooling: 'max' });
    expect(net.layers.map(({ kind }) => kind)).toContain('max_pooling2d');
    expect(net.layers[1]!.lastActivation).toBe('relu');
    expect(networks.lenet5().layers.map(({ kind }) => kind)).toContain('average_pooling2d');
    expect(networks.lenet5().layers[1]!.lastActivation).toBe('tanh');
  });

  it('of keras_convnet have a padding with which it takes pictures of 32 x 32', () => {
    expect(networks.kerasConvnet({ imageSize: 32, padding: 'same', classes: 10 }).sampleShapes).toEqual({
      x: [32, 32, 3],
      y: [10],
    });
  });

  const refused: [make: () => unknown, message: string][] = [
    [() => networks.xception({ imageSize: 70 }), 'xception: expected imageSize to be an integer >= 71, got 70'],
    [() => networks.inceptionV3({ imageSize: 74 }), 'inception_v3: expected imageSize to be an integer >= 75, got 74'],
    [() => networks.resnet18({ classes: 1 }), 'resnet18: expected classes to be an integer >= 2, got 1'],
    [() => networks.mobilenet({ width: 0 }), 'mobilenet: expected width to be a number > 0, got 0'],
    [() => networks.lenet5({ channels: 0 }), 'lenet5: expected channels to be an integer >= 1, got 0'],
    [
      () => networks.resnet50({ layout: 'caffe' as 'torch' }),
      "resnet50: expected layout to be one of 'keras', 'torch', got 'caffe'",
    ],
    [() => networks.unet({ imageSize: 40 }), 'unet: expected imageSize to be a multiple of 16 (2^depth), got 40'],
    [
      () => networks.unet({ upsampling: 'cubic' as 'nearest' }),
      "unet: expected upsampling to be one of 'transposed', 'nearest', 'bilinear', got 'cubic'",
    ],
    [
      () => networks.lenet5({ pooling: 'min' as 'max' }),
      "lenet5: expected pooling to be one of 'average', 'max', got 'min'",
    ],
    [
      () => networks.kerasConvnet({ imageSize: 32, padding: 'full' as 'same' }),
      "keras_convnet: expected padding to be one of 'valid', 'same', got 'full'",
    ],
    [
      () => networks.kerasConvnet({ imageSize: 15, padding: 'same' }),
      'keras_convnet: expected imageSize to be an integer >= 16, got 15',
    ],
    [
      () => networks.mobilenetV2({ alpha: 0.5 } as object),
      "mobilenet_v2: expected options imageSize, channels, classes, several, width, preprocessing, got 'alpha'",
    ],
    [
      () => networks.resnet18({ channels: 1, preprocessing: 'torch' }),
      "resnet18: expected 3 channels for preprocessing 'torch', got 1; 'unit' and 'tf' take any",
    ],
  ];
  it.each(refused)('are refused: %s', (make, message) => {
    expect(make).toThrow(ArgumentError);
    expect(make).toThrow(new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`));
  });
});

describe('the table', () => {
  const data = { sampleShape: [96, 96, 3], classes: 4, targetKind: 'class', targetShape: [], options: {} } as const;

  it('has every network of this room by the name of its file', () => {
    expect(Object.keys(models)).toEqual([
      ...[
        'inception_v3',
        'keras_convnet',
        'lenet5',
        'mini_xception',
        'mini_xception_conv',
        'mobilenet',
        'mobilenet_v2',
      ],
      ...['preact_resnet18', 'resnet18', 'resnet50', 'unet', 'xception'],
    ]);
  });

  it('is named whole by the help of the command line, the README and its page', () => {
    const help = program()
      .commands.find((command) => command.name() === 'train')!
      .helpInformation()
      .replace(/\s+/g, ' ');
    expect(help).toContain(`network to train: ${Object.keys(models).join(', ')}, or a file`);
    for (const page of ['README.md', 'docs/networks.md']) {
      for (const name of Object.keys(models)) expect(text(page)).toContain(`\`${name}\``);
    }
  });

  it('builds for pictures of 0 to 255, with the preprocessing of each network', () => {
    const first = (name: string, changes: object = {}) => {
      const [, layer] = modelNamed('test', name).build({ ...data, ...changes }).layers;
      const { scale, offset } = layer!.getConfig() as { scale?: number; offset?: number };
      return [layer!.name, scale, offset];
    };
    for (const name of ['inception_v3', 'mobilenet', 'mobilenet_v2', 'xception']) {
      expect(first(name)).toEqual(['preprocessing', 1 / 127.5, -1]);
    }
    for (const name of ['lenet5', 'preact_resnet18', 'resnet18'])
      expect(first(name)).toEqual(['preprocessing', 1 / 255, 0]);
    expect(first('resnet50')[0]).toBe('preprocessing_columns');
    expect(first('resnet50', { options: { layout: 'torch' } })).toEqual(['preprocessing', 1 / 255, 0]);
    expect(first('resnet50', { sampleShape: [96, 96, 1] })).toEqual(['preprocessing', 1 / 255, 0]);
    expect(first('xception', { options: { preprocessing: 'none' } })[0]).toBe('block1_conv1');
  });

  it('builds unet for masks alone, and the others for whole pictures alone', () => {
    const mask = { ...data, targetKind: 'mask', targetShape: [96, 96], options: { width: 1 / 32 } } as const;
    expect(modelNamed('test', 'unet').build(mask).sampleShapes.y).toEqual([96, 96, 4]);
    expect(modelNamed('test', 'unet').build({ ...mask, classes: 2 }).sampleShapes.y).toEqual([96, 96, 1]);
    expect(() => modelNamed('test', 'unet').build(data)).toThrow(
      "unet: expected targets of the kind 'mask', got 'class'",
    );
    expect(() => modelNamed('test', 'resnet18').build(mask)).toThrow(
      "resnet18: expected targets of the kind 'class' or 'several', got 'mask'",
    );
    expect(() => modelNamed('test', 'lenet5').build({ ...data, options: { classes: 3 } })).toThrow(
      "lenet5: expected options width, preprocessing, activation, pooling, kernelInitializer, got 'classes'",
    );
  });
});
