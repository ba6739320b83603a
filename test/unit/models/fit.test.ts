// Model.fit: what it learns, reports and can be stopped at, and the data it refuses before any work.

import { afterAll, describe, expect, it } from 'vitest';
import {
  type BatchEnd,
  createRuntime,
  layers,
  optimizers,
  type Progress,
  sequential,
  tensor,
  weightsHash,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';
import { compileOptions, halves, small } from './small_model.js';

const { dense, input } = layers;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const compile = compileOptions(runtime);

describe('fit', () => {
  it('learns', async () => {
    const net = small().compile({ ...compile, optimizer: optimizers.rmsprop({ learningRate: 0.01 }) });
    const history = await net.fit(halves(256), { epochs: 15, batchSize: 32, validationData: halves(64) });
    const [first, last] = [history[0]!.logs, history.at(-1)!.logs];
    expect(last['loss']!).toBeLessThan(first['loss']! * 0.6);
    expect(last['accuracy']).toBeGreaterThan(0.9);
    expect(last['valAccuracy']).toBeGreaterThan(0.9);
    expect(last['valLoss']).toBeLessThan(first['valLoss']!);
  });

  it('learns classes with softmax and categorical cross-entropy', async () => {
    const x = uniforms(12, 1, 3 * 120);
    const y = new Float32Array(3 * 120);
    for (let i = 0; i < 120; i++) {
      const row = [...x.subarray(3 * i, 3 * i + 3)];
      y[3 * i + row.indexOf(Math.max(...row))] = 1;
    }
    const net = sequential([input({ shape: [3] }), dense({ units: 3, activation: 'softmax' })]);
    net.compile({
      runtime,
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      optimizer: optimizers.rmsprop({ learningRate: 0.05 }),
    });
    const history = await net.fit({ x, y }, { epochs: 20 });
    expect(history.at(-1)!.logs['accuracy']).toBeGreaterThan(0.9);
  });

  it('ends in the same bits for nested arrays, typed arrays, bytes and tensors', async () => {
    const x = [
      [0, 1],
      [2, 3],
      [4, 5],
      [250, 7],
    ];
    const y = [[0], [1], [1], [0]];
    const hashes = new Set<string>();
    const forms = [x, Float32Array.from(x.flat()), Uint8Array.from(x.flat()), tensor(runtime, x.flat(), [4, 2])];
    for (const form of forms) {
      const net = small().compile(compile);
      await net.fit({ x: form, y }, { epochs: 2, batchSize: 3 });
      hashes.add(weightsHash(net));
    }
    expect(hashes.size).toBe(1);
  });

  it('tells epochs and steps in order, with the loss of each batch and the sums of the epoch', async () => {
    const told: string[] = [];
    const ends: BatchEnd[] = [];
    const net = small().compile(compile);
    const history = await net.fit(halves(10), {
      epochs: 3,
      initialEpoch: 1,
      batchSize: 4,
      validationData: halves(4),
      callbacks: {
        onEpochBegin: (epoch) => void told.push(`begin ${epoch}`),
        onBatchEnd: (end) => {
          ends.push(end);
          told.push(`step ${end.progress.step}/${end.steps}`);
        },
        onValidationBegin: (epoch) => void told.push(`validate ${epoch}`),
        onEpochEnd: ({ epoch }) => void told.push(`end ${epoch}`),
      },
    });
    const epoch = (n: number) => [`begin ${n}`, 'step 1/3', 'step 2/3', 'step 3/3', `validate ${n}`, `end ${n}`];
    expect(told).toEqual([...epoch(1), ...epoch(2)]);
    const [a, b, c] = ends.map(({ loss }) => loss);
    expect(ends[2]!.progress.loss).toBe(a! * 4 + b! * 4 + c! * 2);
    expect(history[0]!.logs['loss']).toBe((a! * 4 + b! * 4 + c! * 2) / 10);
    expect(ends[2]!.progress.samples).toBe(10);
    expect(ends[2]!.progress.metrics['accuracy']).toMatchObject({ weight: [10] });
  });

  it('stops between two steps when its signal aborts, and goes on from its progress in the same bits', async () => {
    const straight = small().compile(compile);
    await straight.fit(halves(10), { epochs: 2, batchSize: 4 });
    const stopped = small().compile(compile);
    const controller = new AbortController();
    let progress: Progress | undefined;
    const onBatchEnd = (end: BatchEnd) => {
      progress = end.progress;
      if (end.progress.step === 2) controller.abort(new Error('enough'));
    };
    const options = { epochs: 2, batchSize: 4 };
    const first = stopped.fit(halves(10), { ...options, callbacks: { onBatchEnd }, signal: controller.signal });
    await expect(first).rejects.toThrow('enough');
    expect(progress).toMatchObject({ epoch: 0, step: 2, samples: 8 });
    await stopped.fit(halves(10), { ...options, from: progress! });
    expect(weightsHash(stopped)).toBe(weightsHash(straight));
  });

  it('does nothing when its signal was aborted before', async () => {
    const net = small().compile(compile);
    const hash = weightsHash(net);
    await expect(net.fit(halves(4), { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(weightsHash(net)).toBe(hash);
  });

  it('lets other work run between its steps', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    await small().compile(compile).fit(halves(64), { epochs: 20, batchSize: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('shuffles by the seed, and not at all when told so', async () => {
    const hashOf = async (shuffle: boolean, seed = 3) => {
      const net = sequential([input({ shape: [2] }), dense({ units: 1, kernelInitializer: 'ones' })]);
      net.compile({ ...compile, seed });
      await net.fit(halves(16), { batchSize: 4, shuffle });
      return weightsHash(net);
    };
    expect(await hashOf(false)).toBe(await hashOf(false, 4));
    expect(await hashOf(true)).not.toBe(await hashOf(false));
    expect(await hashOf(true)).not.toBe(await hashOf(true, 4));
  });

  it('takes no fresh memory once its first steps are done', async () => {
    using own = createRuntime({ threads: 1 });
    const net = small().compile({ ...compile, runtime: own });
    const held: number[] = [];
    await net.fit(halves(64), { batchSize: 8, callbacks: { onBatchEnd: () => void held.push(own.memory().held) } });
    expect(new Set(held.slice(1)).size).toBe(1);
    net.dispose();
  });
});

describe('what data is refused', () => {
  const good = halves(4);
  const bad: [string, unknown, object, string][] = [
    ['no data', null, {}, 'fit: expected data as { x, y } or a split of a dataset, got null'],
    [
      'x that is a word',
      { x: 'abc', y: good.y },
      {},
      "fit: expected x to be a tensor, numbers or a typed array, got 'abc'",
    ],
    ['no samples', { x: [], y: [] }, {}, 'fit: expected x to hold samples [2] of 2 values each, got 0 values'],
    [
      'half a sample',
      { x: [1, 2, 3], y: [1] },
      {},
      'fit: expected x to hold samples [2] of 2 values each, got 3 values',
    ],
    [
      'a tensor of another shape',
      { x: tensor(runtime, [1, 2, 3], [1, 3]), y: [1] },
      {},
      'fit: expected x [n, 2], got [1, 3]',
    ],
    [
      'fewer targets than samples',
      { x: good.x, y: [1, 0, 1] },
      {},
      'fit: expected as many targets as samples (4), got 3',
    ],
    [
      'NaN',
      { x: [1, 2, Number.NaN, 4], y: [1, 0] },
      {},
      'fit: expected x without NaN and Infinity, got NaN in sample 1',
    ],
    [
      'Infinity in targets',
      { x: [1, 2], y: [1 / 0] },
      {},
      'fit: expected y without NaN and Infinity, got Infinity in sample 0',
    ],
    ['an empty batch', good, { batchSize: 0 }, 'fit: expected batchSize to be an integer >= 1, got 0'],
    ['no epochs', good, { epochs: 0 }, 'fit: expected epochs to be an integer >= 1, got 0'],
    ['a negative epoch', good, { initialEpoch: -1 }, 'fit: expected initialEpoch to be an integer >= 0, got -1'],
    ['a shuffle that is a number', good, { shuffle: 1 }, 'fit: expected shuffle to be true or false, got 1'],
    [
      'an unknown option',
      good,
      { epoch: 3 },
      "fit: expected options batchSize, signal, epochs, initialEpoch, shuffle, validationData, callbacks, from, verbose, tensorboard, run, validationSplit, classWeight, stepsPerEpoch, got 'epoch'; did you mean epochs?",
    ],
    [
      'validation data with NaN',
      good,
      { validationData: { x: [Number.NaN, 0], y: [1] } },
      'fit: expected x without NaN and Infinity, got NaN in sample 0',
    ],
  ];
  it.each(bad)('%s', async (_what, data, options, message) => {
    const net = small().compile(compile);
    const hash = weightsHash(net);
    await expect(net.fit(data as never, options)).rejects.toThrow(expect.objectContaining({ message }));
    expect(weightsHash(net)).toBe(hash);
  });

  it('a split with more classes than the model has outputs', async () => {
    const split = {
      length: 3,
      sampleShape: [2],
      targets: { kind: 'class', shape: [], classes: 3 } as const,
      labels: Uint32Array.of(0, 1, 2),
      read: () => ({ x: new Uint8Array(0), y: [] }),
    };
    await expect(small().compile(compile).fit(split)).rejects.toThrow(
      'fit: expected a model with outputs for 3 classes, got [1]',
    );
  });
});
