// Classes of one's own with a way back and without; configs and files that are refused, each by name.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Config,
  createRuntime,
  layers,
  lossConfig,
  type losses,
  lossFrom,
  type Model,
  modelConfig,
  modelFromConfig,
  multiply,
  type OwnClass,
  optimizerConfig,
  readModelConfig,
  registry,
  type Shape,
  sequential,
  sum,
  type Tensor,
  tensor,
} from '../../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-config-'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

function told(ask: () => unknown): string {
  try {
    ask();
    return 'nothing';
  } catch (error) {
    return `${(error as Error).name} ${(error as Error).message}`;
  }
}

abstract class Same extends layers.Layer {
  readonly kind = 'same';
  readonly kerasName: string = 'Same';
  override computeOutputShape(inputs: readonly Shape[]): Shape {
    return layers.single(this, inputs);
  }
}

/** A layer with a way back. */
class Square extends Same {
  static readonly className = 'Square';
  override readonly kerasName = 'Square';
  constructor(readonly times: number) {
    super('square', {});
  }
  static fromConfig({ times }: Config): Square {
    return new Square(times as number);
  }
  override getConfig(): Config {
    return { ...super.getConfig(), times: this.times };
  }
  override call([x]: readonly Tensor[]): Tensor {
    return Array.from({ length: this.times }).reduce<Tensor>((y) => multiply(y, y), x!);
  }
}

/** A layer without one. */
class Lost extends Same {
  override readonly kerasName = 'Lost';
  override call([x]: readonly Tensor[]): Tensor {
    return x!;
  }
}

const around = (layer: layers.Layer): Model =>
  sequential([layers.input({ shape: [3] }), layer, layers.dense({ units: 1 })], { name: 'net' });

describe('classes of one’s own', () => {
  it('come back where they are registered, with the bits they had', () => {
    const before = around(new Square(2));
    const config = JSON.parse(JSON.stringify(modelConfig(before)));
    expect(config.config.layers[1]).toMatchObject({
      module: null,
      class_name: 'Square',
      registered_name: 'Custom>Square',
    });
    const after = modelFromConfig(config, { custom: registry([Square]) });
    expect(modelConfig(after)).toEqual(modelConfig(before));
    const sample = () => tensor(runtime, [0.5, 0.25, 2], [1, 3]);
    const target = () => tensor(runtime, [1], [1, 1]);
    const bits = (net: Model) => {
      net.compile({ runtime, loss: 'binaryCrossentropy' });
      return [net.trainOnBatch(sample(), target()).loss, ...net.predictOnBatch(sample()).data()];
    };
    expect(bits(after)).toEqual(bits(before));
  });

  it('are refused by name where nobody registered them, and where they have no way back', () => {
    expect(told(() => modelFromConfig(modelConfig(around(new Square(1)))))).toBe(
      "ArgumentError modelFromConfig: expected a layer of a class that is known, got 'Square'; one of your own is made known with registry([...])",
    );
    expect(told(() => modelConfig(around(new Lost('lost', {}))))).toBe(
      'ArgumentError modelConfig: expected a class that has a way back, got Lost; give it a className, getConfig() and a static fromConfig(config)',
    );
  });

  it('are losses and optimizers, too', () => {
    const compute = (prediction: Tensor) => sum(prediction);
    const total: losses.Loss & { className: string } = {
      name: 'total',
      className: 'Total',
      getConfig: () => ({}),
      compute,
    };
    const custom = registry([{ className: 'Total', fromConfig: () => total } satisfies OwnClass]);
    expect(lossFrom(lossConfig(total), { custom })).toBe(total);
    expect(told(() => lossConfig({ name: 'nameless', compute }))).toBe(
      'ArgumentError lossConfig: expected a class that has a way back, got Object; give it a className, getConfig() and a static fromConfig(config)',
    );
    expect(told(() => optimizerConfig({ name: 'x', settings: {}, slots: [], update: () => {} }))).toMatch(
      /^ArgumentError/,
    );
  });

  it.each([
    [[{}], 'classes with className, a word, got Object'],
    [[class Nameless {}], 'classes with className, a word, got Nameless without one'],
    [[{ className: 'A' }], 'A to have fromConfig(config), got undefined'],
    [[Square, Square], 'classes of different names, got two Square'],
    [7, 'a list of classes, got 7'],
  ])('are no others: %o', (classes, message) => {
    expect(told(() => registry(classes as never))).toBe(`ArgumentError registry: expected ${message}`);
  });
});

const dense = () => layers.dense({ units: 2, name: 'd' }).getConfig();
const row = (...list: unknown[]) => ({ class_name: 'Sequential', config: { name: 'net', layers: list } });
const ofDense = (change: object) => row({ class_name: 'Dense', config: { ...dense(), ...change } });
const begin = { class_name: 'InputLayer', config: { batch_shape: [null, 2], name: 'x' } };
const use = (from: [string, number], kwargs = {}) => ({
  args: [{ class_name: '__keras_tensor__', config: { keras_history: [...from, 0] } }],
  kwargs,
});
const functional = (nodes: unknown[], more: object = {}) => ({
  class_name: 'Functional',
  config: {
    layers: [
      { ...begin, name: 'x', inbound_nodes: [] },
      { class_name: 'Dense', config: dense(), name: 'd', inbound_nodes: nodes },
    ],
    ...{ input_layers: ['x', 0, 0], output_layers: ['d', 0, 0], ...more },
  },
});
const lambda = { class_name: 'Lambda', config: { name: 'trick', function: { class_name: '__lambda__', config: {} } } };
const deep = () => {
  let value: unknown = {};
  for (let i = 0; i < 100_000; i++) value = [value];
  return value;
};

describe('a config is refused', () => {
  it.each<[string, unknown, string | RegExp]>([
    ['that is none', 7, 'DataError modelFromConfig: expected a config of a layer as { class_name, config }, got 7'],
    [
      'of no network',
      { class_name: 'Dense', config: dense() },
      'DataError modelFromConfig: expected the config of a Sequential or Functional, got Dense',
    ],
    [
      'of an unknown layer',
      row({ class_name: 'GRU', config: {} }),
      "ArgumentError modelFromConfig: expected a layer of a class that is known, got 'GRU'; one of your own is made known with registry([...])",
    ],
    [
      'with a Lambda',
      row(lambda),
      "ArgumentError modelFromConfig: expected a config without code, got Lambda 'trick'; nothing that a file brings is run",
    ],
    [
      'with a pickled activation',
      ofDense({ activation: { class_name: '__lambda__', config: { code: 'gASV' } } }),
      "ArgumentError modelFromConfig: expected a config without code, got __lambda__ in 'd'; nothing that a file brings is run",
    ],
    [
      'with an activation by the name of a function',
      ofDense({ activation: { class_name: 'function', config: 'os.system', registered_name: 'os.system' } }),
      "ArgumentError dense: expected activation to be one of 'linear', 'elu', 'exponential', 'gelu', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'leaky_relu', 'log_softmax', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'softmax', 'softplus', 'swish', 'tanh', got 'os.system'",
    ],
    [
      'with a regularizer of outputs that there is not',
      ofDense({ activity_regularizer: { class_name: 'L3', config: {} } }),
      "ArgumentError regularizer: expected a regularizer of a class that is known, got 'L3'; one of your own is made known with registry([...])",
    ],
    [
      'with a regularizer that there is not',
      ofDense({ kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } }),
      "ArgumentError regularizer: expected a regularizer of a class that is known, got 'OrthogonalRegularizer'; one of your own is made known with registry([...])",
    ],
    [
      'with a constraint that there is not',
      ofDense({ bias_constraint: { class_name: 'MinMaxNorm', config: {} } }),
      "ArgumentError constraint: expected a constraint of a class that is known, got 'MinMaxNorm'; one of your own is made known with registry([...])",
    ],
    [
      'with another dtype',
      ofDense({ dtype: 'float16' }),
      /^DataError Dense: expected dtype to be .*float32.*, got "float16"$/,
    ],
    [
      'with an option of nobody',
      ofDense({ colour: 1 }),
      /^DataError Dense: expected options units, .* in a config, got 'colour'$/,
    ],
    [
      'without what has no default',
      row({ class_name: 'Dense', config: {} }),
      'ArgumentError dense: expected units to be an integer >= 1, got undefined',
    ],
    ['too deep', row(deep()), 'DataError modelFromConfig: expected a config of at most 500 levels, got a deeper one'],
    [
      'with layers that wait for each other',
      functional([use(['d', 0])]),
      'DataError modelFromConfig: expected layers without a circle, got one through d',
    ],
    [
      'with a tensor of nobody',
      functional([use(['y', 0])]),
      "DataError modelFromConfig: expected tensors of layers in the config, got 'y'",
    ],
    [
      'with a use of nobody',
      functional([use(['x', 1])]),
      'DataError modelFromConfig: expected uses of x up to 0, got 1',
    ],
    [
      'with a call that says more',
      functional([use(['x', 0], { training: true })]),
      'DataError modelFromConfig: expected calls of d with tensors alone, got training',
    ],
    [
      'with an input inside',
      row(begin, begin),
      'DataError modelFromConfig: expected an InputLayer only where a network begins, got one elsewhere',
    ],
    [
      'without a shape',
      row({ class_name: 'InputLayer', config: {} }),
      'DataError modelFromConfig: expected batch_shape to be a list, got undefined',
    ],
    [
      'with a shape that is open',
      row({ class_name: 'InputLayer', config: { batch_shape: [null, null] } }),
      'ShapeError input: expected shape to be a list of at most 7 lengths >= 1, got [null]',
    ],
  ])('%s', (_what, config, message) => {
    const got = told(() => modelFromConfig(config));
    if (typeof message === 'string') expect(got).toBe(message);
    else expect(got).toMatch(message);
  });

  it('as it is not, where nothing is wrong with it', () => {
    expect(modelFromConfig(functional([use(['x', 0])])).layers.map(({ name }) => name)).toEqual(['x', 'd']);
  });
});

describe('readModelConfig', () => {
  const text = JSON.stringify(modelConfig(around(layers.dense({ units: 2 }))));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const zipped = (files: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)])), { level: 6 });

  it('reads .keras and JSON files', () => {
    const packed = file(
      'net.keras',
      zipped({ 'metadata.json': '{}', 'config.json': text, 'model.weights.h5': 'no h5' }),
    );
    expect(readModelConfig(packed)).toEqual(JSON.parse(text));
    expect(readModelConfig(file('net.json', text))).toEqual(JSON.parse(text));
  });

  it('refuses what is none, and code', () => {
    const read = (path: string) => told(() => readModelConfig(path)).replaceAll(folder, '');
    expect(read(join(folder, 'none.keras'))).toMatch(
      /^FileError readModelConfig: expected a .keras file '\/none.keras', got ENOENT/,
    );
    expect(read(folder)).toBe("FileError readModelConfig: expected a config in JSON '', got no regular file");
    expect(read(file('text.keras', text))).toBe(
      "FileError readModelConfig: expected a .keras file '/text.keras', got no list of entries",
    );
    expect(read(file('other.keras', zipped({ a: '1', b: '2' })))).toBe(
      "FileError readModelConfig: expected a .keras file '/other.keras', got one without config.json (a b)",
    );
    expect(read(file('half.json', text.slice(9)))).toMatch(
      /^FileError readModelConfig: expected a config in JSON '\/half.json', got /,
    );
    expect(read(file('list.json', '[]'))).toBe(
      "DataError readModelConfig: expected a config of a network in '/list.json' as { class_name, config }, got []",
    );
    expect(read(file('code.keras', zipped({ 'config.json': JSON.stringify(row(lambda)) })))).toBe(
      "ArgumentError readModelConfig: expected a config without code, got Lambda 'trick'; nothing that a file brings is run",
    );
  });

  it('does not unpack a config that is too large', () => {
    const large = zipped({ 'config.json': ' '.repeat(2 ** 26 + 1) });
    expect(told(() => readModelConfig(file('large.keras', large))).replaceAll(folder, '')).toBe(
      "FileError readModelConfig: expected a .keras file '/large.keras', got 'config.json' of 67108865 bytes where at most 67108864 are read",
    );
  });
});
