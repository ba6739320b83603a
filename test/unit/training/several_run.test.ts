// Models with several inputs and outputs in run folders: the bits of a plain fit, a run that goes on, a receipt that is verified from
// rows of a module, and the loss of each output in history, receipt and CSV.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  callbacks,
  createRuntime,
  defineData,
  defineModel,
  layers,
  loadModel,
  type Model,
  model,
  openTask,
  readReceipt,
  verifyReceipt,
  weightsHash,
} from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-several-run-'));
const at = (...path: string[]) => join(folder, ...path);
const runtime = createRuntime({ threads: 2 });
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});

const count = 12;
const left = uniforms(41, 1, count * 4);
const right = uniforms(42, 2, count * 4);
const kind = Array.from({ length: count }, (_, i) => i % 3);
const size = uniforms(43, 3, count * 2);
const part = (from: number, to: number) => ({
  x: { left: left.subarray(4 * from, 4 * to), right: right.subarray(4 * from, 4 * to) },
  y: { kind: kind.slice(from, to), size: size.subarray(2 * from, 2 * to) },
});
const [data, validationData] = [part(0, 9), part(9, 12)];

const learning = {
  ...{ optimizer: 'adam:learningRate=0.01', seed: 4 },
  loss: { kind: 'sparseCategoricalCrossentropy', size: 'huber:delta=0.5' },
  lossWeights: { size: 0.25 },
  metrics: { size: ['mae'], kind: 'accuracy' },
} as const;

function compiled(): Model {
  const [a, b] = [layers.input({ shape: [4], name: 'left' }), layers.input({ shape: [2, 2], name: 'right' })];
  const shared = layers.dense({ units: 3, activation: 'tanh' });
  const both = layers.concatenate().apply([shared.apply(a), shared.apply(layers.flatten().apply(b))]);
  const dropped = layers.dropout({ rate: 0.25 }).apply(both);
  const outputs = [
    layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(dropped),
    layers.dense({ units: 2, name: 'size' }).apply(dropped),
  ];
  return model({ inputs: [a, b], outputs, name: 'two' }).compile({ runtime, ...learning });
}

const names = ['loss', 'kind_loss', 'size_loss', 'kind_accuracy', 'size_mae'];
const options = { epochs: 3, batchSize: 4, validationData };

describe('a run of several outputs', () => {
  it('has the bits of a plain fit, and tells the loss of each output', async () => {
    using plain = compiled();
    const want = await plain.fit(data, { ...options, callbacks: callbacks.csvLogger({ filename: at('log.csv') }) });
    using kept = compiled();
    expect(await kept.fit(data, { ...options, run: { out: at('run') } })).toEqual(want);
    expect(weightsHash(kept)).toBe(weightsHash(plain));
    const validation = names.map((name) => `val${name[0]!.toUpperCase()}${name.slice(1)}`);
    expect(Object.keys(want[0]!.logs)).toEqual([...names, ...validation]);
    expect(readFileSync(at('log.csv'), 'utf8').split(/\r?\n/)[0]).toBe(['epoch', ...names, ...validation].join(','));
    for (const { logs } of want) {
      const { loss, kind_loss: first, size_loss: second } = logs as Record<string, number>;
      expect(loss).toBeCloseTo(first! + 0.25 * second!, 6);
    }
    const { compile, epochs } = readReceipt(at('run', 'receipt.json'));
    expect(Object.keys(epochs[0]!.means)).toEqual([...names, ...validation]);
    expect(compile.loss).toMatchObject({ class_name: 'OutputLosses', config: { weights: { kind: 1, size: 0.25 } } });
    expect(compile.metrics.map((one) => one?.config['output'])).toEqual(['kind', 'size']);
  });

  it('goes on where it was stopped, within an epoch', async () => {
    const stop = new AbortController();
    using first = compiled();
    const stopped = first.fit(data, {
      ...options,
      run: { out: at('stopped') },
      signal: stop.signal,
      callbacks: {
        onBatchEnd: ({ progress }) =>
          void (progress.epoch === 1 && progress.step === 2 && stop.abort(new Error('enough'))),
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    using again = compiled();
    const history = await again.fit(data, { ...options, run: { resume: at('stopped') } });
    using straight = compiled();
    expect(history).toEqual(await straight.fit(data, options));
    expect(weightsHash(again)).toBe(weightsHash(straight));
    using other = compiled();
    other.compile({ runtime, ...learning, lossWeights: { size: 0.5 } });
    await expect(other.fit(data, { ...options, epochs: 4, run: { resume: at('stopped') } })).rejects.toThrow(
      /^resume: expected learning /,
    );
  });

  it('is verified from its receipt and rows of all values', async () => {
    const rows = (from: number, to: number) => ({
      x: Array.from({ length: to - from }, (_, i) => [
        ...left.subarray(4 * (from + i), 4 * (from + i + 1)),
        ...right.subarray(4 * (from + i), 4 * (from + i + 1)),
      ]),
      y: Array.from({ length: to - from }, (_, i) => [
        kind[from + i]!,
        ...size.subarray(2 * (from + i), 2 * (from + i + 1)),
      ]),
    });
    const given = { train: rows(0, 9), validation: rows(9, 12), targets: 'value' };
    writeFileSync(at('rows.mjs'), `export default ${JSON.stringify(given)};\n`);
    const asked = { data: at('rows.mjs'), threads: 1, isa: 'scalar' } as const;
    expect(await verifyReceipt(at('run'), asked)).toMatchObject({ equal: true, epochs: [1, 2, 3], difference: null });
    // The control: one target is another.
    given.train.y[0]![2]! += 1;
    writeFileSync(at('other.mjs'), `export default ${JSON.stringify(given)};\n`);
    await expect(verifyReceipt(at('run'), { ...asked, data: at('other.mjs') })).rejects.toThrow(
      /^verify: expected the data of the training, sha256:/,
    );
  });
});

it.each(['keras', 'h5'])('a .%s file keeps how several outputs learn', async (ending) => {
  using net = compiled();
  await net.fit(data, { ...options, epochs: 1 });
  await net.save(at(`two.${ending}`));
  using again = await loadModel(at(`two.${ending}`), { runtime });
  expect(await again.evaluate(validationData)).toEqual(await net.evaluate(validationData));
  expect(again.compiled.loss).toMatchObject({ name: net.compiled.loss.name, weights: [1, 0.25] });
});

it('callbacks watch the loss of an output', async () => {
  using net = compiled();
  const stopping = callbacks.earlyStopping({ monitor: 'valSize_loss', patience: 1, minDelta: 10 });
  expect(await net.fit(data, { ...options, epochs: 5, callbacks: stopping })).toHaveLength(2);
});

describe('a definition of a network with several outputs', () => {
  const definition = defineModel({
    name: 'two',
    build: ({ sampleShape }) => {
      const x = layers.input({ shape: sampleShape });
      const outputs = ['kind', 'size'].map((name, i) => layers.dense({ units: 3 - i, name }).apply(x));
      return model({ inputs: x, outputs });
    },
    ...{ loss: { kind: 'meanAbsoluteError', size: 'meanSquaredError' }, lossWeights: [2, 1], metrics: { size: 'mae' } },
  });
  const rows = (width: number) =>
    Array.from({ length: 4 }, (_, i) => Array.from({ length: width }, (_, k) => (i + k) % 3));

  it('is opened and learns by the loss of each', async () => {
    const data = { train: { x: rows(4), y: rows(5) }, targets: 'value' } as const;
    using task = await openTask({ model: definition, data: defineData(data) });
    const net = task.compile(runtime);
    const { logs } = (await net.fit(task.dataset.train))[0]!;
    expect(Object.keys(logs)).toEqual(['loss', 'kind_loss', 'size_loss', 'size_mae']);
    expect(logs['loss']).toBeCloseTo(2 * logs['kind_loss']! + logs['size_loss']!, 5);
  });

  it('is refused for targets that are classes', async () => {
    const data = defineData({ train: { x: rows(4), y: [0, 1, 2, 1] } });
    await expect(openTask({ model: definition, data })).rejects.toThrow(
      expect.objectContaining({
        message:
          "openTask: expected targets of the kind 'value' for the 2 outputs of model 'two', got 'class'; a target is a row of those of all outputs",
      }),
    );
  });
});
