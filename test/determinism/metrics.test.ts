// Metrics are the same bits however samples are cut into batches, ordered and merged, and after a training was stopped within an
// epoch and gone on with; a metric that adds doubles as they come is not.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, type Model, type metrics, sequential } from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(path.join(tmpdir(), 'samebits-metrics-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const kCount = 37;
const kClasses = 3;
const x = uniforms(5, 1, 4 * kCount);
const y = new Float32Array(kClasses * kCount);
for (let i = 0; i < kCount; i++) y[kClasses * i + (Math.floor(x[4 * i]! * 97) % kClasses)] = 1;
const sampleWeight = Float32Array.from({ length: kCount }, (_, i) => 0.1 + (i % 7) / 3);

/** Adds distances in doubles as they come, which depends on where batches end. */
const plain: metrics.Metric<{ sum: number; count: number }> = {
  name: 'plain',
  start: () => ({ sum: 0, count: 0 }),
  update: ({ sum, count }, { prediction, target }) => ({
    sum: prediction.reduce((all, p, i) => all + (p - target[i]!) ** 2, sum),
    count: count + prediction.length,
  }),
  merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
  result: ({ sum, count }) => sum / count,
};
const names = [
  ...['accuracy', 'mae', 'mse', 'auc', 'auc:curve=PR,name=pr', 'auc:multiLabel=true,average=none,name=each'],
  ...['precision', 'recall:topK=1,average=macro', 'f1Score', 'fBetaScore:beta=2,average=weighted', 'meanIoU', 'dice'],
  ...['confusionMatrix', 'topKCategoricalAccuracy:k=2'],
];

const network = (): Model => {
  const { dense, input } = layers;
  const net = sequential([
    input({ shape: [4] }),
    dense({ units: 8, activation: 'relu' }),
    dense({ units: 3, activation: 'softmax' }),
  ]);
  const weightedMetrics = ['meanAbsoluteError', 'auc:name=weightedAuc', 'recall:name=weightedRecall'];
  return net.compile({
    runtime,
    loss: 'categoricalCrossentropy',
    metrics: [...names, plain],
    weightedMetrics,
    seed: 4,
  });
};

describe('metrics', () => {
  it('do not depend on how samples are cut into batches; a plain sum does', async () => {
    const net = network();
    const told = [];
    for (const batchSize of [1, 5, 16, kCount]) {
      const { loss: _, plain: sum, ...logs } = await net.evaluate({ x, y, sampleWeight }, { batchSize });
      told.push({ logs: JSON.stringify(logs), sum });
    }
    expect(new Set(told.map(({ logs }) => logs)).size).toBe(1);
    expect(new Set(told.map(({ sum }) => sum)).size).toBeGreaterThan(1);
    const values = Object.values(JSON.parse(told[0]!.logs)) as number[];
    expect(values.length).toBe(3 + 2 + 3 + 2 + 3 + 1 + 2 + 9 + 1 + 3);
    expect(new Set(values).size).toBeGreaterThan(12);
    net.dispose();
  });

  it('do not depend on the order of samples; weights change those that are told of them', async () => {
    const net = network();
    const order = Array.from({ length: kCount }, (_, i) => (i * 11) % kCount);
    const turned = {
      x: Float32Array.from(order.flatMap((i) => [...x.subarray(4 * i, 4 * i + 4)])),
      y: Float32Array.from(order.flatMap((i) => [...y.subarray(3 * i, 3 * i + 3)])),
      sampleWeight: order.map((i) => sampleWeight[i]!),
    };
    const strip = ({ loss: _, plain: __, ...logs }: Record<string, number>) => logs;
    const first = strip(await net.evaluate({ x, y, sampleWeight }));
    expect(strip(await net.evaluate(turned, { batchSize: 8 }))).toEqual(first);
    const without = strip(await net.evaluate({ x, y }));
    const differing = Object.keys(first).filter((name) => first[name] !== without[name]);
    expect(differing).toEqual(['meanAbsoluteError', 'weightedAuc', 'weightedRecall']);
    net.dispose();
  });

  it('of a run that was stopped within an epoch are those of one that was not', async () => {
    const data = { x, y };
    const options = { epochs: 2, batchSize: 8, validationData: { x: x.subarray(0, 40), y: y.subarray(0, 30) } };
    const made = () => {
      const { dense, input } = layers;
      const net = sequential([input({ shape: [4] }), dense({ units: 3, activation: 'softmax' })], { name: 'net' });
      return net.compile({ runtime, loss: 'categoricalCrossentropy', metrics: names, seed: 4 });
    };
    const straight = await made().fit(data, { ...options, run: { out: path.join(folder, 'straight') } });
    const stop = new AbortController();
    const out = path.join(folder, 'stopped');
    const first = made().fit(data, {
      ...options,
      run: { out },
      signal: stop.signal,
      callbacks: {
        onBatchEnd: ({ progress }) =>
          void (progress.epoch === 1 && progress.step === 2 && stop.abort(new Error('enough'))),
      },
    });
    await expect(first).rejects.toThrow('enough');
    const resumed = await made().fit(data, { ...options, run: { resume: out } });
    expect(resumed).toEqual(straight);
    expect(Object.keys(straight[1]!.logs)).toContain('valConfusionMatrix_2_1');
    // The control: batches of the epoch's second half alone tell something else.
    const half = await made().fit({ x: x.subarray(64), y: y.subarray(48) }, { ...options, epochs: 1 });
    expect(half[0]!.logs['auc']).not.toBe(straight[1]!.logs['auc']);
  });
});
