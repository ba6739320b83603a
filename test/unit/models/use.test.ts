// A model counts its epochs on, is learnt by one fit at a time, and has one learning rate: what n fits of one epoch do is
// what one fit of n epochs does, and no name that nobody reads is taken.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  attribute,
  createRuntime,
  explainRuns,
  gradCam,
  kerasConvnet,
  layers,
  losses,
  type Model,
  openDataset,
  optimizers,
  sequential,
  tensor,
  train,
  verifyReceipt,
  weightsHash,
} from '../../../lib/index.js';
import { hashTensors, restoreState, stateOf } from '../../../lib/runs/index.js';
import { small as smallTraining } from '../../determinism/trainings.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-use-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});
const compile = compileOptions(runtime);
const data = halves(20);
const options = { batchSize: 6 };
const bits = (net: Model) => hashTensors(stateOf(net));

describe('epochs', () => {
  const told = async (net: Model, fits: readonly number[]) => {
    const epochs: unknown[] = [];
    for (const count of fits) {
      const callbacks = {
        onEpochEnd: ({ epoch, logs }: { epoch: number; logs: object }) => void epochs.push([epoch, logs]),
      };
      await net.fit(data, { ...options, epochs: count, callbacks });
    }
    return { epochs, bits: bits(net), done: [net.epochs, net.iterations] };
  };

  it('in fits of any length, drawn with seed 3, are those of one fit: bits, and what callbacks are told', async () => {
    const whole = await told(small().compile(compile), [6]);
    expect(whole.done).toEqual([6, 24]);
    expect(whole.epochs.map((one) => (one as [number])[0])).toEqual([0, 1, 2, 3, 4, 5]);
    const cuts = fc.subarray([1, 2, 3, 4, 5]).map((at) => [...at, 6].map((end, i) => end - (at[i - 1] ?? 0)));
    await fc.assert(
      fc.asyncProperty(cuts, async (fits) => {
        expect(await told(small().compile(compile), fits)).toEqual(whole);
      }),
      { seed: 3, numRuns: 12, examples: [[[1, 1, 1, 1, 1, 1]]] },
    );
  });

  it('have orders of their own: control, the first epoch twice is not the first two', async () => {
    const twice = small().compile(compile);
    for (const _ of [1, 2]) await twice.fit(data, { ...options, epochs: 1, initialEpoch: 0 });
    expect(bits(twice)).not.toBe((await told(small().compile(compile), [2])).bits);
  });

  it('go on in another model that was given the state, and the counts', async () => {
    const straight = await told(small().compile(compile), [3]);
    const first = small().compile(compile);
    await first.fit(data, { ...options, epochs: 2 });
    const second = small().compile({ ...compile, seed: 3 });
    restoreState(second, stateOf(first), 'memory');
    [second.epochs, second.iterations] = [first.epochs, first.iterations];
    await second.fit(data, options);
    expect(bits(second)).toBe(straight.bits);
  });

  it('begin again with compile and dispose, and where a fit was stopped in an epoch', async () => {
    const net = small().compile(compile);
    const fresh = stateOf(net);
    const once = await told(net, [1]);
    net.compile(compile);
    expect([net.epochs, net.iterations]).toEqual([0, 0]);
    restoreState(net, fresh, 'memory');
    expect(await told(net, [1])).toEqual(once);
    net.dispose();
    expect(await told(net.compile(compile), [1])).toEqual(once);
    const stop = new AbortController();
    const onBatchEnd = () => stop.abort(new Error('stopped'));
    await expect(net.fit(data, { ...options, callbacks: { onBatchEnd }, signal: stop.signal })).rejects.toThrow(
      'stopped',
    );
    expect(net.epochs).toBe(1);
  });
});

describe('a model in use', () => {
  const free = (who: string, by: string) => `${who}: expected a model that is free, got one in ${by}; await that first`;
  const refused = (who: string, by: string) => expect.objectContaining({ message: free(who, by) });
  const x = () => tensor(runtime, data.x.slice(0, 2), [1, 2]);

  it('is learnt by one fit alone, which ends as if nothing had been asked', async () => {
    const alone = small().compile(compile);
    await alone.fit(data, options);
    const net = small().compile(compile);
    const fit = net.fit(data, options);
    await expect(net.fit(data, options)).rejects.toEqual(refused('fit', 'fit'));
    for (const [who, ask] of [
      ['evaluate', () => net.evaluate(data)],
      ['predict', () => net.predict(data.x)],
    ] as const) {
      await expect(ask()).rejects.toThrow(
        `${who}: expected a model that is not learning, got one in fit; await that first, or ask in a callback of fit`,
      );
    }
    expect(() => net.compile(compile)).toThrow(free('compile', 'fit'));
    expect(() => net.dispose()).toThrow(free('dispose', 'fit'));
    expect(() => net.trainOnBatch(x(), tensor(runtime, [1], [1, 1]))).toThrow(free('trainOnBatch', 'fit'));
    await fit;
    expect(bits(net)).toBe(bits(alone));
    await net.evaluate(data);
  });

  it('is free again when a fit fails', async () => {
    const net = small().compile(compile);
    const onBatchEnd = () => {
      throw new Error('of the user');
    };
    await expect(net.fit(data, { ...options, callbacks: { onBatchEnd } })).rejects.toThrow('of the user');
    await expect(net.fit({ x: [1], y: [1, 2] } as never)).rejects.toThrow();
    await net.fit(data, options);
    net.dispose();
  });

  it('is judged in callbacks, awaited or not, between two steps', async () => {
    const alone = small().compile(compile);
    const want: unknown[] = [];
    await alone.fit(data, {
      ...options,
      callbacks: { onBatchEnd: async () => void want.push(await alone.evaluate(data)) },
    });
    const net = small().compile(compile);
    const found: Promise<unknown>[] = [];
    await net.fit(data, {
      ...options,
      callbacks: { onBatchEnd: () => void found.push(net.evaluate(data, { batchSize: 1 })) },
    });
    const means = (await Promise.all(found)) as { accuracy: number }[];
    expect(means.map(({ accuracy }) => accuracy)).toEqual(
      (want as { accuracy: number }[]).map(({ accuracy }) => accuracy),
    );
    expect(bits(net)).toBe(bits(alone));
    const inside = { onEpochEnd: () => net.fit(data).then(() => {}) };
    await expect(net.fit(data, { ...options, callbacks: inside })).rejects.toEqual(refused('fit', 'fit'));
  });

  it('is judged by many at once, and neither learns nor goes away meanwhile', async () => {
    const net = small().compile(compile);
    const both = Promise.all([net.evaluate(data, { batchSize: 3 }), net.predict(data.x, { batchSize: 2 })]);
    await expect(net.fit(data)).rejects.toEqual(refused('fit', 'evaluate'));
    expect(() => net.dispose()).toThrow(free('dispose', 'evaluate'));
    const [means, outputs] = await both;
    expect([means, outputs.data()]).toEqual([
      await net.evaluate(data, { batchSize: 3 }),
      (await net.predict(data.x)).data(),
    ]);
  });
});

describe.each(['sgd', 'rmsprop'] as const)('the learning rate of %s', (name) => {
  it('is set in one place, for the next step, and nowhere else', async () => {
    const hashes = [];
    for (const rates of [
      [0.5, 0.5],
      [0.5, 0.125],
      [0.125, 0.125],
    ] as const) {
      const net = small().compile({ ...compile, optimizer: optimizers[name]({ learningRate: rates[0] }) });
      await net.fit(data, options);
      net.optimizer.learningRate = rates[1];
      expect([net.optimizer.learningRate, net.optimizer.settings['learningRate']]).toEqual([rates[1], rates[1]]);
      await net.fit(data, options);
      hashes.push(weightsHash(net));
    }
    expect(new Set(hashes).size).toBe(3);
  });

  it('is not set among the settings, nor to what is no rate', () => {
    const optimizer = optimizers[name]();
    const before = { ...optimizer.settings };
    for (const setting of Object.keys(before)) {
      expect(() => Object.assign(optimizer.settings, { [setting]: 1 })).toThrow(TypeError);
    }
    for (const rate of [-1, Number.NaN, Number.POSITIVE_INFINITY, '1']) {
      expect(() => {
        optimizer.learningRate = rate as number;
      }).toThrow(
        `${name}: expected learningRate to be a number >= 0, got ${typeof rate === 'string' ? `'${rate}'` : rate}`,
      );
    }
    expect(optimizer.settings).toEqual(before);
  });
});

describe('names that nobody reads', () => {
  const callbacks =
    'onTrainBegin, onEpochBegin, onBatchBegin, onGradients, onBatchEnd, onValidationBegin, onEpochEnd, onTrainEnd';
  const bad: [string, unknown, string][] = [
    ['a list with something else', [{ onEpochEnd: () => {} }, 3], 'got 3; give them by name in one object'],
    ['null', null, 'got null; give them by name in one object'],
    ["Keras's name", { on_epoch_end: () => {} }, "got 'on_epoch_end'; did you mean onEpochEnd?"],
    ['a misspelt name', { onEpochend: () => {} }, "got 'onEpochend'; did you mean onEpochEnd?"],
    ['another name', { onPredictBegin: () => {} }, "got 'onPredictBegin'"],
  ];
  it.each(bad)('are refused as callbacks of fit: %s', async (_what, given, got) => {
    const fit = small()
      .compile(compile)
      .fit(data, { callbacks: given as never });
    await expect(fit).rejects.toEqual(
      expect.objectContaining({ message: `fit callbacks: expected options ${callbacks}, ${got}` }),
    );
  });

  it('are refused as callbacks of fit: what is no function', async () => {
    const fit = small()
      .compile(compile)
      .fit(data, { callbacks: { onEpochEnd: 3 as never } });
    await expect(fit).rejects.toThrow('fit callbacks: expected onEpochEnd to be a function, got 3');
  });

  const { epochs: _epochs, mode: _mode, ...shared } = smallTraining;
  const attributed = { ...shared, steps: 1 };

  /** Every public call that takes options, with a name of each of its option objects misspelt by one letter. */
  const calls: [string, string[], (extra: object) => unknown][] = [
    ['fit', ['epochs', 'batchSize', 'callbacks', 'validationData'], (o) => small().compile(compile).fit(data, o)],
    ['evaluate', ['batchSize', 'signal'], (o) => small().compile(compile).evaluate(data, o)],
    ['predict', ['batchSize', 'signal'], (o) => small().compile(compile).predict(data.x, o)],
    ['compile', ['optimizer', 'metrics'], (o) => small().compile({ ...compile, ...o })],
    ['sgd', ['learningRate', 'momentum'], (o) => optimizers.sgd(o)],
    ['rmsprop', ['learningRate', 'epsilon'], (o) => optimizers.rmsprop(o)],
    ['a loss', ['fromLogits'], (o) => losses.binaryCrossentropy(o)],
    ['dense', ['activation', 'useBias'], (o) => layers.dense({ units: 1, ...o })],
    ['conv2d', ['padding', 'strides'], (o) => layers.conv2d({ filters: 1, kernelSize: 1, ...o })],
    ['input', ['shape'], (o) => layers.input({ shape: [1], ...o })],
    ['sequential', ['name'], (o) => sequential([layers.dense({ units: 1 })], o)],
    ['kerasConvnet', ['classes'], (o) => kerasConvnet({ imageSize: 78, ...o })],
    ['createRuntime', ['threads', 'mode'], (o) => createRuntime(o)],
    ['openDataset', ['samples', 'damaged'], (o) => openDataset({ source: 'synthetic', imageSize: 8, ...o })],
    ['train', ['epochs', 'keepSteps'], (o) => train({ ...smallTraining, ...o })],
    ['hooks of train', ['onStep', 'signal'], (o) => train(smallTraining, o)],
    ['attribute', ['kernels'], (o) => attribute({ ...attributed, ...o } as never)],
    ['hooks of attribute', ['onPhase'], (o) => attribute(attributed as never, o)],
    ['verifyReceipt', ['threads', 'validation'], (o) => verifyReceipt(folder, o)],
    ['hooks of verifyReceipt', ['onEpoch'], (o) => verifyReceipt(folder, {}, o)],
    ['explainRuns', ['runs', 'image'], (o) => explainRuns({ runs: [folder], image: folder, ...o } as never)],
    ['gradCam', ['layer'], (o) => gradCam(small().compile(compile), tensor(runtime, [1], [1, 1]), o as never)],
  ];
  it.each(calls)('are refused by %s, misspelt at drawn places', async (_what, names, call) => {
    const misspelt = fc
      .tuple(fc.constantFrom(...names), fc.nat(), fc.constantFrom('x', '_', ''))
      .map(([name, at, by]) => `${name.slice(0, at % name.length)}${by}${name.slice((at % name.length) + 1)}`)
      .filter((name) => name !== '');
    await fc.assert(
      fc.asyncProperty(misspelt, async (name) => {
        await expect(async () => call({ [name]: 1 })).rejects.toThrow(`got '${name}'`);
      }),
      { seed: 8, numRuns: 6 },
    );
  });
});
