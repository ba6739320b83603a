// Callbacks that decide: a run that is stopped and gone on with has the bits of one that was not, patience and rate included;
// a callback that forgets does not. The receipt computes it again.

import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  callbacks,
  createRuntime,
  defineData,
  type EpochLogs,
  type FitCallbacks,
  layers,
  type Model,
  readReceipt,
  sequential,
  train,
  verifyReceipt,
  weightsHash,
} from '../../lib/index.js';
import { put } from '../data/pictures.js';
import { uniforms } from '../support/inputs.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-callbacks-'));
const runtime = createRuntime({ threads: 1 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);

/** Noise, so that a large rate makes validation worse soon. */
const noise = (seed: number, count: number) => ({
  x: Array.from({ length: count }, (_, i) => [...uniforms(seed, i, 4)]),
  y: Array.from(uniforms(seed, 1000, count), (one) => (one > 0.5 ? 1 : 0)),
});
const definition = { train: noise(7, 24), validation: noise(8, 12) };
put(folder, { 'noise.mjs': `export default ${JSON.stringify(definition)};\n` });
const data = defineData(definition);
const given = { epochs: 9, batchSize: 8 };

function network(): Model {
  const { dense, input } = layers;
  const net = sequential(
    [input({ shape: [4] }), dense({ units: 6, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })],
    {
      name: 'noise',
    },
  );
  return net.compile({
    runtime,
    seed: 3,
    optimizer: 'sgd:learningRate=0.9',
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
}

const plateau = () => callbacks.reduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5, minDelta: 0.02 });
const stopping = () => callbacks.earlyStopping({ patience: 3, minDelta: 0.5, restoreBestWeights: true });
const falling = () =>
  callbacks.learningRateScheduler({ schedule: 'exponentialDecay:initialLearningRate=0.9,decaySteps=2,decayRate=0.5' });

interface Ended {
  history: EpochLogs[];
  hash: string;
  rate: number | undefined;
}

async function ended(net: Model, fit: Promise<EpochLogs[]>): Promise<Ended> {
  const history = await fit;
  const told = { history, hash: weightsHash(net), rate: net.learningRate };
  net.dispose();
  return told;
}

function straight(name: string, list: FitCallbacks[]): Promise<Ended> {
  const net = network();
  return ended(net, net.fit(data, { ...given, callbacks: list, run: { out: at(name), checkpoints: 'all' } }));
}

/** Stops in the middle of epoch 2, counted from 0, and goes on with other objects; or with those that the run names. */
async function resumed(name: string, list: () => FitCallbacks[], again: FitCallbacks[] = list()): Promise<Ended> {
  const stop = new AbortController();
  const stopper: FitCallbacks = {
    onBatchEnd: ({ progress: { epoch, step } }) => void (epoch === 2 && step === 2 && stop.abort(new Error('enough'))),
  };
  const net = network();
  const run = { out: at(name), checkpoints: 'all' } as const;
  const first = net.fit(data, { ...given, callbacks: [...list(), stopper], run, signal: stop.signal });
  await expect(first).rejects.toThrow('enough');
  net.dispose();
  const next = network();
  return ended(next, next.fit(data, { ...given, callbacks: again, run: { resume: at(name), checkpoints: 'all' } }));
}

describe('a run that is gone on with', () => {
  it.each<[string, () => FitCallbacks[]]>([
    ['plateau', () => [plateau()]],
    ['stopping', () => [stopping()]],
    ['both', () => [plateau(), stopping()]],
    ['scheduler', () => [falling()]],
  ])('with %s is the straight one', async (name, list) => {
    const one = await straight(name, list());
    expect(await resumed(`${name}-resumed`, list)).toEqual(one);
    expect(await resumed(`${name}-named`, list, [])).toEqual(one);
    const plain = await straight(`${name}-without`, []);
    expect(one.hash).not.toBe(plain.hash);
    const { options, epochs, stopped } = readReceipt(join(at(name), 'receipt.json'));
    expect(options.callbacks?.length).toBe(list().length);
    expect([epochs.length, stopped]).toEqual([one.history.length, one.history.length < 9 ? true : undefined]);
  });

  it('stops before its epochs with stopping, and keeps its rate with plateau: the test sees what it claims', async () => {
    const one = await straight('seen', [plateau(), stopping()]);
    expect(one.history.length).toBeLessThan(9);
    expect(one.history.length).toBeGreaterThan(3);
    expect(one.rate).toBeLessThan(0.9);
    const { epochs, weightsHash: hash } = readReceipt(join(at('seen'), 'receipt.json'));
    expect(epochs.findIndex((epoch) => epoch.weightsHash === hash)).toBe(0);
    expect(hash).toBe(one.hash);
    // Finished: what goes on with it reads it alone.
    const net = network();
    expect(await ended(net, net.fit(data, { ...given, run: { resume: at('seen') } }))).toMatchObject({
      history: one.history,
      hash: one.hash,
    });
  });

  it("parts from the straight one where a callback of one's own forgets what was measured, and not where it judges it again", async () => {
    const own = (remembers: boolean): FitCallbacks => {
      let seen = 0;
      let model: Model;
      const judge = () => {
        seen += 1;
        if (seen > 1) model.optimizer.learningRate = 0.9 / seen;
      };
      return {
        onTrainBegin: (begin) => {
          model = begin.model;
          if (remembers) begin.done.forEach(judge);
        },
        onEpochEnd: judge,
      };
    };
    const one = await straight('own', [own(true)]);
    expect(await resumed('own-resumed', () => [own(true)])).toEqual(one);
    expect((await resumed('own-forgets', () => [own(false)])).hash).not.toBe(one.hash);
  });
});

describe('a receipt', () => {
  it('of a run with callbacks is computed again, whole and by epochs', async () => {
    const one = await straight('verified', [plateau(), stopping()]);
    const data = at('noise.mjs');
    expect(await verifyReceipt(at('verified'), { data })).toMatchObject({
      equal: true,
      epochs: one.history.map(({ epoch }) => epoch + 1),
    });
    expect(await verifyReceipt(at('verified'), { data, epochs: [2, 4] })).toMatchObject({
      equal: true,
      epochs: [2, 4],
    });
  });

  it('of a training by words has them', async () => {
    const words = ['earlyStopping:monitor=loss,minDelta=100,patience=1'];
    const result = await train({
      model: 'keras_convnet',
      data: 'synthetic',
      samples: 8,
      imageSize: 78,
      epochs: 4,
      threads: 2,
      callbacks: words,
      out: at('words'),
    });
    expect([result.epochs.length, result.stopped]).toEqual([2, true]);
    expect(readReceipt(join(at('words'), 'receipt.json')).options.callbacks).toEqual(words);
    const again = await train({ resume: at('words') });
    expect(again.weightsHash).toBe(result.weightsHash);
    expect(again.epochs.length).toBe(2);
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      "train: expected callbacks to be one of 'earlyStopping', 'learningRateScheduler', 'reduceLROnPlateau', got 'csvLogger:filename=a'",
      () => train({ model: 'keras_convnet', data: 'synthetic', callbacks: ['csvLogger:filename=a'] }),
    ],
    [
      "fit: expected callbacks that decide to be data beside run, got 'learningRateScheduler'; a schedule in place of a function can be kept",
      () => {
        const list = [callbacks.learningRateScheduler({ schedule: (_, rate) => rate / 2 })];
        return network().fit(data, { callbacks: list, run: { out: at('code') } });
      },
    ],
    [
      "earlyStopping: expected monitor to be one of 'loss', 'accuracy', 'valLoss', 'valAccuracy', got 'accurate'",
      () => {
        const list = [callbacks.earlyStopping({ monitor: 'accurate' })];
        return network().fit(data, { callbacks: list, run: { out: at('code') } });
      },
    ],
  ])('is refused, and nothing is written: %s', async (message, start) => {
    await expect(start()).rejects.toThrow(expect.objectContaining({ message }));
    expect(existsSync(at('code')) ? readdirSync(at('code')) : []).toEqual([]);
  });
});
