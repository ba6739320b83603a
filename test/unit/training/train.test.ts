// One training from its options: the run folder, what it tells, and what it refuses before any work.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  hashTensors,
  kerasConvnet,
  layers,
  loadWeights,
  readSafetensors,
  type StepProgress,
  saveWeights,
  sequential,
  type TrainOptions,
  type TrainResult,
  train,
  weightsHash,
  writeSafetensors,
} from '../../../lib/index.js';
import { weightsOf } from '../../../lib/runs/index.js';

let folder: string;
const cache = process.env['SAMEBITS_CACHE'];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-trial-'));
  process.env['SAMEBITS_CACHE'] = join(folder, 'cache');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (cache === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = cache;
});

const options: TrainOptions = {
  model: 'keras_convnet',
  data: 'synthetic',
  samples: 6,
  imageSize: 78,
  epochs: 2,
  batchSize: 4,
  seed: 1001,
  device: 'cpu',
  isa: 'auto',
  mode: 'deterministic',
  threads: 2,
  damaged: 'refuse',
};

describe('a run folder', () => {
  let out: string;
  let result: TrainResult;
  const told: string[] = [];
  beforeAll(async () => {
    out = join(folder, 'deep', 'run');
    result = await train(
      { ...options, out },
      {
        onPhase: (phase) => told.push(phase),
        onStep: ({ epoch, epochs, step, steps }: StepProgress) => told.push(`${epoch}/${epochs} ${step}/${steps}`),
        onEpoch: ({ epoch }, epochs) => told.push(`epoch ${epoch}/${epochs}`),
      },
    );
  });

  it('holds the weights of each epoch, history, checkpoint, predictions, receipt and result, and nothing else', () => {
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint.safetensors',
      'data.json',
      'history.jsonl',
      'predictions.safetensors',
      'receipt.json',
      'result.json',
      'settings.json',
      'usage.json',
      'weights',
    ]);
    expect(readdirSync(join(out, 'weights'))).toEqual(['epoch-0001.safetensors', 'epoch-0002.safetensors']);
  });

  it('says in its files what the result says', () => {
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);
    const lines = readFileSync(join(out, 'history.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(result.epochs);
    result.epochs.forEach(({ epoch, weightsHash }) => {
      const { tensors } = readSafetensors(join(out, 'weights', `epoch-000${epoch}.safetensors`));
      expect(hashTensors(tensors)).toBe(weightsHash);
    });
    const { tensors } = readSafetensors(join(out, 'predictions.safetensors'));
    expect(tensors[0]!.shape).toEqual([3, 1]);
    expect(hashTensors(tensors)).toBe(result.predictionsHash);
    expect(result.weightsHash).toBe(result.epochs[1]!.weightsHash);
    expect(result.epochs[0]!.weightsHash).not.toBe(result.epochs[1]!.weightsHash);
  });

  it('tells target, contract, parameters, times and memory', () => {
    expect(result).toMatchObject({ contract: 2, threads: 2, seed: 1001, parameters: 978_753, model: 'keras_convnet' });
    expect(result.target).toMatch(/^cpu\/[a-z0-9]+\/deterministic$/);
    expect(result.dataHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(result.stepSeconds).toHaveLength(4);
    const sorted = [...result.stepSeconds].sort((a, b) => a - b);
    expect(result.stepSecondsMedian).toBe((sorted[1]! + sorted[2]!) / 2);
    expect(result.peakMemoryMiB).toBeGreaterThan(50);
  });

  it('was made in this order', () => {
    const epoch = (n: number) => [`${n}/2 1/2`, `${n}/2 2/2`, 'validating', `epoch ${n}/2`];
    expect(told).toEqual(['reading pictures', ...epoch(1), ...epoch(2)]);
  });

  it('is not written over, and nothing is written without one', async () => {
    await expect(train({ ...options, out })).rejects.toThrow(
      `train: expected out to be a new or empty folder, got '${out}' with a finished training; choose another folder, or go on with it to more epochs by resume`,
    );
    const before = readdirSync(folder, { recursive: true }).length;
    await train({ ...options, epochs: 1 });
    expect(readdirSync(folder, { recursive: true }).length).toBe(before);
  });

  it('gives weights that a model of the same shape can load', async () => {
    using runtime = createRuntime({ threads: 1 });
    using net = kerasConvnet({ imageSize: 78 }).compile({ runtime, loss: 'binaryCrossentropy' });
    await loadWeights(net, join(out, 'weights', 'epoch-0002.safetensors'));
    expect(weightsHash(net)).toBe(result.weightsHash);
  });

  const others: [string, Partial<TrainOptions>, string, string][] = [
    ['batch size', { batchSize: 5 }, 'batchSize 4', '5'],
    ['seed', { seed: 1002 }, 'seed 1001', '1002'],
    ['mode', { mode: 'atomic' }, "mode 'deterministic'", "'atomic'"],
    ['picture size', { imageSize: 80 }, 'imageSize 78', '80'],
  ];
  it.each(others)('is not gone on with by a training of another %s', async (_what, change, there, here) => {
    const before = statSync(join(out, 'checkpoint.safetensors')).mtimeMs;
    await expect(train({ ...options, ...change, resume: out })).rejects.toThrow(
      `resume: expected ${there} of the run '${out}', got ${here}; a training goes on with the settings it began with`,
    );
    expect(statSync(join(out, 'checkpoint.safetensors')).mtimeMs).toBe(before);
  });

  it('is not gone on with by a training on other data, another contract or another model', async () => {
    const message = (name: string) => new RegExp(`^resume: expected ${name} .* of the checkpoint, got `);
    const altered = join(folder, 'altered');
    const settings = readFileSync(join(out, 'settings.json'), 'utf8');
    cpSync(out, altered, { recursive: true });
    writeFileSync(join(altered, 'settings.json'), settings.replace('"samples": 6', '"samples": 8'));
    await expect(train({ resume: altered, epochs: 3 })).rejects.toThrow(
      `resume: expected the data of the training, ${result.dataHash}, in 'synthetic', got sha256:`,
    );
    writeFileSync(join(altered, 'settings.json'), settings);
    const { tensors, metadata } = readSafetensors(join(out, 'checkpoint.safetensors'));
    for (const [name, value] of [['contract', 99] as const, ['model', 'other'] as const]) {
      const identity = JSON.stringify({ ...JSON.parse(metadata['identity']!), [name]: value });
      writeSafetensors(join(altered, 'checkpoint.safetensors'), { tensors, metadata: { ...metadata, identity } });
      await expect(train({ resume: altered, epochs: 3 })).rejects.toThrow(message(name));
    }
  });

  it('is not gone on with when its checkpoint is cut, is not one, or is not there', async () => {
    const bytes = readFileSync(join(out, 'checkpoint.safetensors'));
    const broken = join(folder, 'broken');
    const path = join(broken, 'checkpoint.safetensors');
    cpSync(out, broken, { recursive: true });
    rmSync(join(broken, 'result.json'));
    rmSync(path);
    await expect(train({ ...options, resume: broken })).rejects.toThrow(
      `resume: expected a checkpoint '${path}', got none beside 'data.json'`,
    );
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    await expect(train({ ...options, resume: broken })).rejects.toThrow(/^safetensors: expected a whole file /);
    writeSafetensors(path, { tensors: [], metadata: {} });
    await expect(train({ ...options, resume: broken })).rejects.toThrow(
      `resume: expected a checkpoint '${path}', got one without its identity`,
    );
  });
});

describe('what is refused before any work', () => {
  const bad: [string, Partial<TrainOptions>, RegExp][] = [
    [
      'an unknown model',
      { model: 'alexnet' },
      /^train: expected model to be one of 'inception_v3', 'keras_convnet', .* got 'alexnet'$/,
    ],
    ['too small a picture', { imageSize: 77 }, /^keras_convnet: expected imageSize to be an integer >= 78, got 77$/],
    ['no batch', { batchSize: 0 }, /^train: expected batchSize to be an integer >= 1, got 0$/],
    ['half an epoch', { epochs: 0.5 }, /^train: expected epochs to be an integer >= 1, got 0.5$/],
    ['a negative seed', { seed: -1 }, /^train: expected seed to be an integer >= 0, got -1$/],
    ['no threads', { threads: 0 }, /^train: expected threads to be an integer from 1 to 1024, got 0$/],
    ['a device that is not there', { device: 'cuda' }, /^createRuntime: expected an available device, got 'cuda'; /],
    ['a folder that is not there', { data: 'no/such/folder' }, /no\/such\/folder/],
  ];
  it.each(bad)('%s', async (_what, change, message) => {
    const out = join(folder, 'never');
    const phases: string[] = [];
    await expect(train({ ...options, ...change, out }, { onStep: () => phases.push('step') })).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) }),
    );
    expect(phases).toEqual([]);
    expect(existsSync(out)).toBe(false);
  });

  it('a folder that cannot be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(train({ ...options, out: join(file, 'run') })).rejects.toThrow(/^train: expected to make '/);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

describe('a disk that fills up', () => {
  it('at the first file leaves no folder', async () => {
    const out = join(folder, 'full', 'run');
    const script = fileURLToPath(new URL('./full_disk_child.ts', import.meta.url));
    const hooks = new URL('../../support/typescript_hooks.mjs', import.meta.url).href;
    // Files may hold 2 MiB, less than a checkpoint; the signal of a file too long is ignored, so writing fails.
    const limited = `trap '' XFSZ; ulimit -f 2048; exec "$0" --import "$1" "$2" "$3"`;
    const child = spawnSync('bash', ['-c', limited, process.execPath, hooks, script, out], { encoding: 'utf8' });
    const refusal = `FileError: write: expected to be able to write '${join(out, 'checkpoint.safetensors')}', got EFBIG: file too large\n`;
    expect({ stdout: child.stdout, stderr: child.stderr }).toEqual({ stdout: refusal, stderr: '' });
    expect(existsSync(join(folder, 'full'))).toBe(false);
  });

  it('later leaves the whole files of before', async () => {
    const out = join(folder, 'later');
    const onStep = ({ step }: StepProgress) => step === 2 && writeFileSync(join(out, 'weights'), 'in the way');
    await expect(train({ ...options, out }, { onStep })).rejects.toThrow(
      /^write: expected to be able to write '.*epoch-0001.safetensors', got EEXIST: file already exists$/,
    );
    expect(readdirSync(out).sort()).toEqual(['checkpoint.safetensors', 'data.json', 'settings.json', 'weights']);
    rmSync(join(out, 'weights'));
    const resumed = await train({ ...options, resume: out });
    expect(resumed.weightsHash).toBe((await train(options)).weightsHash);
  });
});

describe('stopping', () => {
  it('before the pictures are read leaves nothing', async () => {
    const out = join(folder, 'stopped-early');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(train({ ...options, seed: 77, out }, { signal })).rejects.toThrow('stopped');
    expect(existsSync(out)).toBe(false);
  });

  it('leaves whole files only, and all memory is given back', async () => {
    const out = join(folder, 'stopped');
    const controller = new AbortController();
    const stopped = train({ ...options, out }, { onStep: () => controller.abort(), signal: controller.signal });
    await expect(stopped).rejects.toThrow('aborted');
    expect(readdirSync(out).sort()).toEqual(['checkpoint.safetensors', 'data.json', 'settings.json', 'usage.json']);
    const state = JSON.parse(readSafetensors(join(out, 'checkpoint.safetensors')).metadata['state']!);
    expect(state).toMatchObject({ iterations: 1, progress: { epoch: 0, step: 1, samples: 4 } });
  });
});

describe('weights', () => {
  const net = (units: number) =>
    sequential([layers.input({ shape: [3] }), layers.dense({ units, name: 'only' })], { name: 'net' });

  it('saved and loaded are the same bits; those of another model are refused, and change nothing', async () => {
    using runtime = createRuntime({ threads: 1 });
    const path = join(folder, 'weights.safetensors');
    const options = { runtime, loss: 'binaryCrossentropy' } as const;
    using one = net(2).compile(options);
    using same = net(2).compile({ ...options, seed: 9 });
    using other = net(3).compile(options);
    await saveWeights(one, path);
    expect(weightsHash(same)).not.toBe(weightsHash(one));
    await loadWeights(same, path);
    expect(weightsHash(same)).toBe(weightsHash(one));
    expect(weightsOf(one).map(({ name, shape }) => [name, shape])).toEqual([
      ['only/kernel', [3, 2]],
      ['only/bias', [2]],
    ]);
    const before = weightsHash(other);
    await expect(loadWeights(other, path)).rejects.toThrow(
      `weights: expected 'only/kernel' [3, 3] in '${path}', got 'only/kernel' [3, 2]`,
    );
    expect(weightsHash(other)).toBe(before);
  });
});
