// Every default of ours against Keras's, kept in fixtures/keras_defaults.json by keras_defaults.py. A layer made without an
// option has to give the bits of one that is told Keras's default, and other bits when told something else: so a default
// that is another one and an option that is ignored both fail. What differs on purpose is listed by name, with the reason.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, losses, model, optimizers, tensor } from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { uniforms } from '../support/inputs.js';
import { fixedByUs, inOurs, inputs, kinds, others, ours } from './defaults_table.js';

interface Described {
  required: string[];
  defaults: Record<string, unknown>;
}
type Fixture = Record<'initializers' | 'losses' | 'optimizers', Record<string, Described>> & {
  keras: string;
  layers: Record<string, Described & { weights: [name: string, shape: number[], trainable: boolean][] }>;
  methods: Record<string, Record<string, unknown>>;
};

const keras: Fixture = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_defaults.json'), 'utf8'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

const camel = (name: string) => name.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());

/** The options that a maker takes, as its refusal of an unknown one lists them. */
function optionsOf(make: (options: never) => unknown, given: object): string[] {
  try {
    make({ ...given, nothingOfThisName: 1 } as never);
  } catch (error) {
    return /expected options (.*), got 'nothingOfThisName'$/.exec((error as Error).message)![1]!.split(', ');
  }
  return [];
}

/** All that a layer does: first values, outputs before and after a training step, and the step itself. */
function behaviour(layer: layers.Layer, shape: readonly number[], twice: boolean): string {
  const x = layers.input({ shape });
  const read = layer.apply(twice ? [x, layers.rescaling({ scale: 3, name: 'third' }).apply(x)] : x);
  const net = model({ inputs: x, outputs: layers.dense({ units: 2 }).apply(layers.flatten().apply(read)) });
  const loss = losses.binaryCrossentropy({ fromLogits: true });
  net.compile({ runtime, loss, optimizer: optimizers.sgd({ learningRate: 0.5 }), seed: 5 });
  const size = shape.reduce((a, b) => a * b, 1);
  const given = tensor(
    runtime,
    uniforms(31, 7, 6 * size).map((u) => 2 * u - 1),
    [6, ...shape],
  );
  const targets = tensor(runtime, uniforms(32, 7, 12).map(Math.round), [6, 2]);
  const weights = () => net.namedWeights().map(({ name, weight }) => [name, ...weight.tensor.data()]);
  const told = [layer.name, weights(), [...net.predictOnBatch(given).data()], net.trainOnBatch(given, targets).loss];
  told.push([...net.trainOnBatch(given, targets).predictions], weights(), [...net.predictOnBatch(given).data()]);
  net.dispose();
  return JSON.stringify(told);
}

describe.each(Object.entries(kinds))(`layer %s has the defaults of Keras ${keras.keras}`, (kerasName, maker) => {
  const { required, defaults } = keras.layers[kerasName]!;
  const { given = {}, layer: make } = maker;
  const known = optionsOf(make, given);
  const does = (options: object) =>
    behaviour(make({ ...given, ...options } as never), maker.shape ?? inputs.picture, maker.joins ?? false);

  it('is called as in Keras, and has its weights', () => {
    const layer = make(given as never);
    expect(layer.kerasName).toBe(kerasName);
    const x = layers.input({ shape: maker.shape ?? inputs.picture });
    layer.apply(maker.joins ? [x, x] : x);
    const weights = layer.weights.map(({ name, shape, trainable }) => [name, shape, trainable]);
    expect(weights).toEqual(keras.layers[kerasName]!.weights);
  });

  it('takes no option but those of Keras', () => {
    const theirs = [...required, ...Object.keys(defaults)].map(camel);
    expect(known.filter((name) => !theirs.includes(name) && ours[`${kerasName}.${name}`] === undefined)).toEqual([]);
  });

  it('requires what Keras requires', () => {
    const mine = required.map(camel).filter((name) => ours[`${kerasName}.${name}`] === undefined);
    expect(Object.keys(given).sort()).toEqual(mine.sort());
    for (const name of mine) expect(() => make({ ...given, [name]: undefined } as never)).toThrow();
  });

  it.each(Object.entries(defaults))('%s = %j', (name, value) => {
    if (!known.includes(camel(name))) {
      expect(fixedByUs).toHaveProperty(name);
      expect(value).toEqual(fixedByUs[name]!.value);
      return;
    }
    const { change, beside, unseen } = others(kerasName, name);
    const without = does(beside);
    const told = inOurs(name, value);
    if (told !== undefined) expect(does({ ...beside, [camel(name)]: told })).toBe(without);
    if (unseen === undefined) expect(does({ ...beside, ...change })).not.toBe(without);
    else expect(does({ ...beside, ...change })).toBe(without);
  });
});

const choosing = Object.entries(keras.initializers).filter(([, { defaults }]) => Object.keys(defaults).length > 0);

describe.each(choosing)('initializer %s has the defaults of Keras', (kerasName, one) => {
  const name = `${kerasName[0]!.toLowerCase()}${kerasName.slice(1)}` as keyof typeof layers.initializers;
  const make = layers.initializers[name] as (options?: object) => layers.Initializer;
  const values = (initializer: layers.Initializer) =>
    JSON.stringify([
      ...initializer.values(runtime, [4, 6], { seed: initializer.seed ?? 5, stream: 1, step: 0 }).data(),
    ]);
  const changes: Record<string, object> = {
    value: { value: 0.5 },
    mean: { mean: 1 },
    stddev: { stddev: 0.1 },
    minval: { minval: -0.1 },
    maxval: { maxval: 0.1 },
    seed: { seed: 6 },
    gain: { gain: 2 },
    scale: { scale: 2 },
    mode: { mode: 'fan_out' },
    distribution: { distribution: 'untruncated_normal' },
  };
  it.each(Object.entries(one.defaults))('%s = %j', (option, value) => {
    if (changes[option] === undefined) {
      expect(value).toBe(fixedByUs[option]!.value);
      return;
    }
    const plain = kerasName === 'Constant' ? make({ value: 0 }) : make();
    if (value !== null) expect(values(make({ [option]: value }))).toBe(values(plain));
    expect(values(make(changes[option]))).not.toBe(values(plain));
  });
});

const optimizerMakers = Object.values(optimizers).filter((one) => typeof one === 'function' && 'makes' in one);

it('has a maker of every optimizer that was asked for', () => {
  expect(optimizerMakers.map(({ makes }) => makes.className).sort()).toEqual(Object.keys(keras.optimizers).sort());
});

describe.each(optimizerMakers.map((make) => [make.makes.className, make() as optimizers.Optimizer] as const))(
  'optimizer %s has the defaults of Keras',
  (kerasName, optimizer) => {
    const { defaults } = keras.optimizers[kerasName]!;
    const mine = Object.fromEntries(
      Object.entries(optimizer.settings).filter(([name]) => ours[`${kerasName}.${name}`] === undefined),
    );

    it('in all its settings', () => {
      const theirs = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [camel(name), value]));
      // Keras keeps the rate as a float32.
      const rounded = { ...mine, learningRate: Math.fround(mine['learningRate'] as number) };
      expect(theirs).toMatchObject(rounded);
    });

    it('and what it does not have is off in Keras', () => {
      for (const [name, value] of Object.entries(defaults)) {
        if (name !== 'name' && !(camel(name) in mine)) expect([name, value]).toEqual([name, fixedByUs[name]?.value]);
      }
    });
  },
);

describe('losses and compile', () => {
  const p = tensor(runtime, [0.9, 0.2, 0.5, 0.1], [2, 2]);
  const t = tensor(runtime, [1, 0, 0, 1], [2, 2]);
  const bits = (loss: losses.Loss) => loss.compute(p, t).item();

  it('are probabilities and not logits, without smoothing, the mean over the batch', () => {
    for (const { defaults } of Object.values(keras.losses)) {
      expect(defaults['from_logits']).toBe(false);
      for (const name of ['axis', 'label_smoothing', 'reduction']) {
        expect(defaults[name]).toBe(fixedByUs[name === 'axis' ? 'axis' : name]!.value);
      }
    }
    expect(bits(losses.binaryCrossentropy())).toBe(bits(losses.binaryCrossentropy({ fromLogits: false })));
    expect(bits(losses.binaryCrossentropy())).not.toBe(bits(losses.binaryCrossentropy({ fromLogits: true })));
  });

  it('have the names of Keras in our spelling', () => {
    const names = Object.values(keras.losses).map(({ defaults }) => camel(String(defaults['name'])));
    expect([losses.binaryCrossentropy().name, losses.categoricalCrossentropy().name]).toEqual(names);
  });

  it('compile takes the optimizer that Keras takes', () => {
    const x = layers.input({ shape: [2] });
    const net = model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(x) });
    const compiled = net.compile({ runtime, loss: 'binaryCrossentropy' }).compiled;
    expect(compiled.optimizer.name).toBe(keras.methods['compile']!['optimizer']);
    expect(compiled.metrics).toEqual([]);
    expect(keras.methods['compile']!['metrics']).toBe(null);
  });

  it('fit goes through the data once, in an order of its own, 32 samples at a time', async () => {
    const { epochs, shuffle, initial_epoch: first, batch_size: none } = keras.methods['fit']!;
    // None means 32 in Keras.
    expect([epochs, shuffle, first, none]).toEqual([1, true, 0, null]);
    const train = async (options: object) => {
      const x = layers.input({ shape: [2] });
      const net = model({ inputs: x, outputs: layers.dense({ units: 1, activation: 'sigmoid' }).apply(x) });
      net.compile({ runtime, loss: 'binaryCrossentropy', seed: 4 });
      const history = await net.fit({ x: uniforms(3, 1, 140), y: uniforms(3, 2, 70).map(Math.round) }, options);
      return JSON.stringify([history, net.weights.map((weight) => [...weight.tensor.data()])]);
    };
    const plain = await train({});
    expect(await train({ epochs, shuffle, initialEpoch: first, batchSize: 32 })).toBe(plain);
    for (const other of [{ epochs: 2 }, { shuffle: false }, { batchSize: 16 }, { epochs: 2, initialEpoch: 1 }]) {
      expect(await train(other)).not.toBe(plain);
    }
  });
});
