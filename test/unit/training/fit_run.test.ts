// model.fit with a run: the folder that samebits train leaves for the same model, data and seed, file by file; stopped and gone
// on with; verified; and what it refuses before any work.

import { generateKeyPairSync } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileHash } from '../../../lib/files/index.js';
import {
  createRuntime,
  defineData,
  diffRuns,
  type FitOptions,
  hashTensors,
  layers,
  loadWeights,
  losses,
  type Model,
  openTask,
  readReceipt,
  readSafetensors,
  sequential,
  tensor,
  train,
  verifyReceipt,
  weightsHash,
} from '../../../lib/index.js';
import { put } from '../../data/pictures.js';
import { curveOf, readEvents } from '../../support/event_records.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-fit-run-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]) => join(folder, ...path);

/** Lines and columns of 4 x 4 pixels, told apart. */
const pixels = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 4 }, (_, column) => [(i % 2 === 0 ? row : column) === i % 4 ? 1 : 0.125 * (i % 5)]),
    ),
  );
const labels = (count: number) => Array.from({ length: count }, (_, i) => i % 2);
const oneHot = (count: number) => labels(count).map((label) => [1 - label, label]);
const definition = defineData({
  train: { x: pixels(22), y: labels(22) },
  validation: { x: pixels(6), y: labels(6) },
});

put(folder, {
  'lines.mjs': `export default {
  train: { x: ${JSON.stringify(pixels(22))}, y: ${JSON.stringify(labels(22))} },
  validation: { x: ${JSON.stringify(pixels(6))}, y: ${JSON.stringify(labels(6))} },
};
`,
});

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

/** A network in a row with dropout, compiled. */
function small(changes: Partial<Parameters<Model['compile']>[0]> = {}): Model {
  const net = sequential(
    [
      layers.input({ shape: [4, 4, 1] }),
      layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
    { name: 'small' },
  );
  const learning = { optimizer: 'rmsprop:learningRate=0.01', loss: 'categoricalCrossentropy', metrics: ['accuracy'] };
  return net.compile({ runtime, seed: 1001, ...learning, ...changes });
}

const run = { trace: 'ops', traceValues: 1, checkpoints: 'all', keepSteps: 3 } as const;
const options = { epochs: 3, batchSize: 4 };

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();
const hashesIn = (path: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, fileHash(join(path, name))]));
const resultIn = (path: string) => JSON.parse(readFileSync(join(path, 'result.json'), 'utf8'));

/** A run that its signal stops in the middle of its second epoch. */
async function stopped(out: string): Promise<void> {
  const stop = new AbortController();
  using net = small();
  const callbacks = {
    onBatchEnd: ({ progress }: { progress: { epoch: number; step: number } }) => {
      if (progress.epoch === 1 && progress.step === 2) stop.abort(new Error('stopped'));
    },
  };
  const fit = net.fit(definition, { ...options, run: { ...run, out }, callbacks, signal: stop.signal });
  await expect(fit).rejects.toThrow('stopped');
}

describe('a fit with a run', () => {
  /** Files that tell of bits and of nothing else: no times, no names. */
  const bits = (names: readonly string[]) => names.filter((name) => /^(?:weights|steps|predictions|data)\b/.test(name));

  it('leaves the files of samebits train, with the same bits, and resolves with its history', async () => {
    using net = small();
    writeFileSync(at('small.json'), JSON.stringify(net));
    const asked = { ...options, ...run, seed: 1001, threads: 2, optimizer: 'rmsprop:learningRate=0.01' };
    const want = await train({ ...asked, model: at('small.json'), data: at('lines.mjs'), out: at('train') });
    const history = await net.fit(definition, { ...options, run: { ...run, out: at('fit') } });
    const names = filesIn(at('train'));
    expect(filesIn(at('fit'))).toEqual(names);
    expect(bits(names).length).toBeGreaterThan(7);
    expect(hashesIn(at('fit'), bits(names))).toEqual(hashesIn(at('train'), bits(names)));
    const { dataHash, weightsHash: trained, predictionsHash, parameters, target } = want;
    expect(resultIn(at('fit'))).toMatchObject({ dataHash, weightsHash: trained, predictionsHash, parameters, target });
    expect(weightsHash(net)).toBe(trained);
    expect(history).toEqual(
      want.epochs.map(({ epoch, loss, accuracy, valLoss, valAccuracy }) => ({
        epoch: epoch - 1,
        logs: { loss, accuracy, valLoss, valAccuracy },
      })),
    );
    expect(readReceipt(at('fit', 'receipt.json')).compile).toEqual(readReceipt(at('train', 'receipt.json')).compile);
  });

  it('says the same of arrays, of an open dataset and of its splits', async () => {
    const y = { train: oneHot(22), validation: oneHot(6) };
    using arrays = small();
    const validationData = { x: pixels(6), y: y.validation };
    await arrays.fit({ x: pixels(22), y: y.train }, { ...options, validationData, run: { out: at('arrays') } });
    using task = await openTask({ model: { name: 'small', build: () => small() }, data: definition });
    using whole = small();
    await whole.fit(task.dataset, { ...options, run: { out: at('dataset') } });
    using apart = small();
    const { train: split, validation } = task.dataset;
    await apart.fit(split, { ...options, validationData: validation!, run: { out: at('splits') } });
    for (const name of ['arrays', 'dataset', 'splits']) {
      const { dataHash, weightsHash: found, predictionsHash } = resultIn(at('fit'));
      expect([name, resultIn(at(name))]).toMatchObject([name, { dataHash, weightsHash: found, predictionsHash }]);
    }
    expect(task.dataset.train.read([0]).x).toHaveLength(16);
  });

  it('goes on where it was stopped and ends as one that never was, trace and all', async () => {
    await stopped(at('stopped'));
    using net = small();
    const steps: number[] = [];
    const history = await net.fit(definition, {
      epochs: 3,
      run: { resume: at('stopped') },
      callbacks: { onBatchEnd: ({ progress }) => void steps.push(progress.step) },
    });
    expect(steps).toEqual([3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    expect(history).toHaveLength(3);
    const names = [...bits(filesIn(at('fit'))), 'trace.bin'];
    expect(hashesIn(at('stopped'), names)).toEqual(hashesIn(at('fit'), names));
    expect(diffRuns(at('stopped'), at('fit'))).toMatchObject({ equal: true, finished: [true, true] });
  });

  it('gives a model the end of a run that is finished, and touches nothing', async () => {
    const before = hashesIn(at('fit'), filesIn(at('fit')));
    using net = small();
    const history = await net.fit(definition, { run: { resume: at('fit') } });
    expect(weightsHash(net)).toBe(resultIn(at('fit')).weightsHash);
    expect([net.epochs, net.iterations, history.length]).toEqual([3, 18, 3]);
    expect(hashesIn(at('fit'), filesIn(at('fit')))).toEqual(before);
  });

  it('is verified from its receipt and the data alone, on other threads and another isa', async () => {
    const verified = await verifyReceipt(at('fit'), { data: at('lines.mjs'), threads: 3, isa: 'scalar' });
    expect(verified).toMatchObject({ equal: true, epochs: [1, 2, 3], difference: null });
  });

  it('is signed, and tells TensorBoard, with what validation found, too', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    put(folder, { 'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() });
    using net = small();
    const how = { ...options, epochs: 2, tensorboard: at('events') };
    const history = await net.fit(definition, { ...how, run: { out: at('signed'), sign: at('key.pem') } });
    expect(readReceipt(at('signed', 'receipt.json')).signature?.algorithm).toBe('ed25519');
    const [name, ...more] = readdirSync(at('events'));
    expect(more).toEqual([]);
    const events = readEvents(readFileSync(at('events', name!)));
    expect(curveOf(events, 'batch/loss')).toHaveLength(12);
    for (const [tag, mean] of [
      ['loss', 'loss'],
      ['validation/accuracy', 'valAccuracy'],
    ] as const) {
      expect(curveOf(events, tag)).toEqual(history.map(({ logs }, i) => [i + 1, Math.fround(logs[mean]!)]));
    }
  });

  it('tells callbacks what validation found, and lets them evaluate', async () => {
    using net = small();
    const told: unknown[] = [];
    await net.fit(definition, {
      ...options,
      epochs: 1,
      run: { out: at('told') },
      callbacks: {
        onEpochBegin: (epoch) => void told.push(['begin', epoch]),
        onGradients: (gradients) => void told.push(gradients.length),
        onValidationBegin: (epoch) => void told.push(['validation', epoch]),
        onEpochEnd: async ({ logs }) => {
          const { loss } = await net.evaluate({ x: pixels(6), y: oneHot(6) }, { batchSize: 4 });
          told.push(['end', loss === logs['valLoss'], Object.keys(logs)]);
        },
      },
    });
    const names = ['loss', 'accuracy', 'valLoss', 'valAccuracy'];
    const steps = [4, 4, 4, 4, 4, 4];
    expect(told).toEqual([['begin', 0], ...steps, ['validation', 0], ['end', true, names]]);
  });
});

describe('a run that begins with weights that no seed gives', () => {
  const begun = () => at('tuned', 'initial.safetensors');
  const data = { data: at('lines.mjs') };
  const problem = `verify: expected the weights that the training began with, which no seed gives, in '${at('tuned', 'initial.safetensors')}'`;

  it('keeps them, and is verified with them: whole, and its first epoch alone', async () => {
    using net = small();
    await loadWeights(net, at('fit', 'weights', 'epoch-0003.safetensors'));
    const first = weightsHash(net);
    await net.fit(definition, { ...options, epochs: 2, run: { out: at('tuned'), checkpoints: 'all' } });
    expect(hashTensors(readSafetensors(begun()).tensors)).toBe(first);
    expect(Object.keys(readReceipt(at('tuned', 'receipt.json')).files)).toContain('initial.safetensors');
    expect(await verifyReceipt(at('tuned'), data)).toMatchObject({ equal: true, epochs: [1, 2] });
    expect(await verifyReceipt(at('tuned'), { ...data, epochs: [1] })).toMatchObject({ equal: true, epochs: [1] });
  });

  it('is verified with a file that is brought, and refused without one or with others, before any work', async () => {
    const brought = at('brought.safetensors');
    renameSync(begun(), brought);
    await expect(verifyReceipt(at('tuned'), data)).rejects.toThrow(
      expect.objectContaining({ message: `${problem}, got no such file; say by weights where that file lies now` }),
    );
    expect(await verifyReceipt(at('tuned'), { ...data, epochs: [2] })).toMatchObject({ equal: true, epochs: [2] });
    const weights = at('fit', 'weights', 'epoch-0002.safetensors');
    await expect(verifyReceipt(at('tuned'), { ...data, weights })).rejects.toThrow(
      expect.objectContaining({
        message: `${problem.replace(begun(), weights)}, got another 'conv2d/kernel'`,
      }),
    );
    expect(await verifyReceipt(at('tuned'), { ...data, weights: brought })).toMatchObject({ equal: true });
    await expect(verifyReceipt(at('fit'), { ...data, weights })).rejects.toThrow(
      expect.objectContaining({
        message: `verify: expected no weights for a training that begins with those of its seed, got '${weights}'`,
      }),
    );
    renameSync(brought, begun());
  });

  it('is told as altered where the file beside the receipt is another', async () => {
    copyFileSync(at('fit', 'weights', 'epoch-0002.safetensors'), begun());
    expect(await verifyReceipt(at('tuned'), data)).toMatchObject({
      equal: false,
      difference: { what: 'file', file: 'initial.safetensors' },
    });
  });

  it('takes them along when it goes on in another folder', async () => {
    using net = small();
    await loadWeights(net, at('fit', 'weights', 'epoch-0003.safetensors'));
    const stop = new AbortController();
    const callbacks = { onBatchEnd: () => stop.abort(new Error('stopped')) };
    const fit = net.fit(definition, { ...options, run: { out: at('left') }, callbacks, signal: stop.signal });
    await expect(fit).rejects.toThrow('stopped');
    using again = small();
    await again.fit(definition, { epochs: 1, run: { resume: at('left'), out: at('moved') } });
    expect(await verifyReceipt(at('moved'), data)).toMatchObject({ equal: true, epochs: [1] });
  });
});

describe('what model.fit was given is named by nobody', () => {
  it('so train does not go on with such a run, and says what does', async () => {
    await expect(train({ resume: at('fit'), epochs: 4 })).rejects.toThrow(
      expect.objectContaining({
        message: `resume: expected a run of train, got '${at('fit')}', a run of model.fit; go on with it by model.fit(data, { run: { resume: '${at('fit')}' } })`,
      }),
    );
  });

  it('so verify asks for the data', async () => {
    await expect(verifyReceipt(at('fit'))).rejects.toThrow(
      expect.objectContaining({
        message:
          'verify: expected data, those that model.fit was given, got none; it is a run of model.fit, whose data no file names: a module with the same data, or their folder',
      }),
    );
  });

  it('and its settings and receipt speak of no pictures', () => {
    const settings = JSON.parse(readFileSync(at('fit', 'settings.json'), 'utf8'));
    for (const told of [settings, readReceipt(at('fit', 'receipt.json')).options]) {
      expect(told.data).toBe('given to model.fit');
      expect(Object.keys(told).filter((name) => ['damaged', 'imageSize', 'maxPixels'].includes(name))).toEqual([]);
    }
  });
});

describe('a fit with a run refuses, before any work,', () => {
  const refused = async (net: Model, how: FitOptions, message: string) => {
    const before = weightsHash(net);
    await expect(net.fit(definition, { ...options, run: {}, ...how })).rejects.toThrow(
      expect.objectContaining({ message }),
    );
    expect(weightsHash(net)).toBe(before);
    expect(existsSync(at('none'))).toBe(false);
  };
  const run = { out: at('none') };

  it.each<[string, FitOptions, string]>([
    ['no folder', { run: {} }, 'fit: expected run to have out, or resume to go on, got Object'],
    [
      'another setting',
      { run: { ...run, device: 'cpu' } as never },
      "fit run: expected options flip, out, resume, checkpoints, keepSteps, sign, trace, traceValues, got 'device'",
    ],
    [
      'a bad value',
      { run: { ...run, trace: 'all' as never } },
      "fit run: expected trace to be one of 'weights', 'steps', 'ops', got 'all'",
    ],
    [
      'a trace of values without a trace',
      { run: { ...run, traceValues: 2 } },
      'fit: expected trace beside traceValues 2, got none',
    ],
    [
      'a key that is not there',
      { run: { ...run, sign: at('gone.pem') } },
      `fit: expected a PEM file of an Ed25519 private key, got '${at('gone.pem')}'; ENOENT: no such file or directory`,
    ],
    ['no shuffle', { run, shuffle: false }, 'fit: expected shuffle to be true beside run, got false'],
    [
      'an epoch to begin with',
      { run, initialEpoch: 2 },
      'fit: expected no initialEpoch beside run, got 2; a run begins with its first step, or goes on by resume',
    ],
    [
      'validation beside data that bring their own',
      { run, validationData: { x: [], y: [] } },
      'fit: expected no validationData beside a definition or a dataset, got it; give it as validation of the data',
    ],
  ])('%s', async (_what, how, message) => {
    using net = small();
    await refused(net, how, message);
  });

  it("a loss of one's own without a way back, by its name", async () => {
    const { compute } = losses.categoricalCrossentropy();
    using net = small({ loss: { name: 'mine', compute } as never });
    await refused(
      net,
      { run },
      'lossConfig: expected a class that has a way back, got Object; give it a className, getConfig() and a static fromConfig(config)',
    );
  });

  it('a model that has learnt already', async () => {
    using net = small();
    const x = tensor(runtime, pixels(2));
    const y = tensor(runtime, oneHot(2));
    net.trainOnBatch(x, y);
    x.dispose();
    y.dispose();
    await refused(
      net,
      { run },
      'fit: expected a model that has not learnt since compile beside run, got one after 1 steps; compile it again, or go on with its run by resume',
    );
  });

  it('a folder that is not empty, and a run of another seed, network, way to learn or data', async () => {
    await stopped(at('other'));
    using net = small();
    const before = hashesIn(at('other'), filesIn(at('other')));
    const again = net.fit(definition, { ...options, run: { out: at('other') } });
    await expect(again).rejects.toThrow(/expected out to be a new or empty folder/);
    const resume = { epochs: 3, run: { resume: at('other') } };
    using seeded = small({ seed: 7 });
    await expect(seeded.fit(definition, resume)).rejects.toThrow(/expected seed 1001 of the run .*, got 7/);
    using slower = small({ optimizer: 'sgd' });
    await expect(slower.fit(definition, resume)).rejects.toThrow(/expected learning .* of the checkpoint/);
    const less = defineData({ train: { x: pixels(20), y: labels(20) } });
    await expect(net.fit(less, resume)).rejects.toThrow(/expected dataHash .* of the checkpoint/);
    expect(hashesIn(at('other'), filesIn(at('other')))).toEqual(before);
  });
});
