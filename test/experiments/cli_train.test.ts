// The commands that work: what they print, what they leave, and what they leave when they are stopped. Pictures are
// small, so a training takes seconds.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../lib/experiments/index.js';
import { capabilities } from '../../lib/index.js';
import type { TrainResult } from '../../lib/runs/index.js';
import { interrupted, resultIn, samebits } from '../support/cli.js';
import { forgeReceipt } from '../support/forge.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = (more: string[] = []) => [
  ...['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '8', '--image-size', '80'],
  ...['--batch-size', '4', '--threads', '2', ...more],
];
const train = (...more: string[]) => samebits(['train', ...small(more)]);
const resultOf = (stdout: string) => resultIn<TrainResult>(stdout);

const hash = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
const share = expect.any(Number);

/** What `train --json` has to print, names and all: a public interface. */
const trainShape = {
  target: expect.stringMatching(/^cpu\/(scalar|avx2|avx512|neon)\/deterministic$/),
  contract: 2,
  model: 'keras_convnet',
  settings: expect.objectContaining({
    data: 'synthetic',
    epochs: 2,
    batchSize: 4,
    imageSize: 80,
    mode: 'deterministic',
  }),
  classNames: ['bears', 'cats'],
  threads: 2,
  seed: 1001,
  parameters: expect.any(Number),
  dataHash: hash,
  weightsHash: hash,
  predictionsHash: hash,
  stepSeconds: [share, share, share, share],
  stepSecondsMedian: share,
  peakMemoryMiB: share,
  epochs: [1, 2].map((epoch) => ({
    epoch,
    loss: share,
    accuracy: share,
    valLoss: share,
    valAccuracy: share,
    seconds: share,
    weightsHash: hash,
  })),
};

describe('train', () => {
  let first: TrainResult;

  it('prints one JSON object of the agreed form on stdout, and a line an epoch on stderr', () => {
    const { code, stdout, stderr } = train('--epochs', '2', '--json', '--out', join(folder, 'run'));
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    first = resultOf(stdout);
    expect(first).toEqual(trainShape);
    expect(first.weightsHash).toBe(first.epochs[1]!.weightsHash);
    expect(stderr).toMatch(
      /^reading pictures\ntrain: 8 samples of 2 classes: bears 4, cats 4\nvalidation: 4 samples of 2 classes: bears 2, cats 2\nvalidating\nepoch 1\/2 {2}loss \d\.\d{4} {2}accuracy .*\nepoch 2\/2 .*\n$/,
    );
    expect(stderr).not.toContain('\u001b');
  });

  it('leaves the same object, the weights of each epoch, history and predictions in its folder', () => {
    const run = join(folder, 'run');
    expect(JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'))).toEqual(first);
    expect(readdirSync(join(run, 'weights')).sort()).toEqual(['epoch-0001.safetensors', 'epoch-0002.safetensors']);
    expect(existsSync(join(run, 'predictions.safetensors'))).toBe(true);
    expect(readFileSync(join(run, 'history.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('ends in the same hashes in a fresh process with other threads and another instruction set', () => {
    const again = resultOf(train('--epochs', '1', '--json', '--threads', '3', '--isa', 'scalar').stdout);
    expect(again).toMatchObject({ target: 'cpu/scalar/deterministic', threads: 3 });
    expect(again.weightsHash).toBe(first.epochs[0]!.weightsHash);
    expect(again.epochs[0]).toMatchObject({ loss: first.epochs[0]!.loss, valLoss: first.epochs[0]!.valLoss });
  });

  it('tells people target, accuracy, time and hashes, which are others with another seed', () => {
    const { stdout } = train('--epochs', '1', '--seed', '1002');
    expect(stdout).toMatch(/^weights {6}sha256:[0-9a-f]{64}$/m);
    expect(stdout).not.toContain(first.epochs[0]!.weightsHash);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual(['target', 'model', 'accuracy', 'step', 'data', 'weights', 'predictions']);
  });

  it('stopped by hand says how to go on, and goes on to the same bits', async () => {
    const run = join(folder, 'stopped');
    const long = small(['--epochs', '2', '--json']);
    const { code, stdout, stderr } = await interrupted(['train', ...long, '--out', run], /epoch 1\/2/);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^samebits: stopped by hand; go on with --resume ${run}$`, 'm'));
    expect(existsSync(join(run, 'result.json'))).toBe(false);
    const again = samebits(['train', '--resume', run, '--json']);
    expect(again.stderr).toMatch(
      new RegExp(`^going on with '${run}', after step \\d of epoch \\d of 2: keras_convnet, data 'synthetic'\n`),
    );
    const resumed = resultOf(again.stdout);
    expect(resumed.weightsHash).toBe(first.weightsHash);
    expect(resumed.epochs.map((epoch) => epoch.weightsHash)).toEqual(first.epochs.map((epoch) => epoch.weightsHash));
  });

  it('does not write into a folder that holds a run', () => {
    const { code, stderr } = train('--epochs', '1', '--out', join(folder, 'run'));
    expect(code).toBe(2);
    expect(stderr).toContain('expected out to be a new or empty folder');
  });

  it('does not go on with the run of another seed', () => {
    const run = join(folder, 'run');
    const { code, stdout, stderr } = train('--epochs', '3', '--seed', '7', '--resume', run, '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `samebits: resume: expected seed 1001 of the run '${run}', got 7; a training goes on with the settings it began with\n`,
    );
  });

  it('says of a finished run that it is, with its result, and touches nothing', () => {
    const run = join(folder, 'run');
    const before = readdirSync(run).map((name) => [name, statSync(join(run, name)).mtimeMs]);
    const { code, stdout, stderr } = samebits(['train', '--resume', run, '--epochs', '2', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `finished already: '${run}' has its 2 epochs\n` });
    expect(resultOf(stdout)).toEqual(first);
    expect(readdirSync(run).map((name) => [name, statSync(join(run, name)).mtimeMs])).toEqual(before);
  });

  it('does not begin where its folder cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stdout, stderr } = train('--epochs', '1', '--out', join(folder, 'file', 'run'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('ENOTDIR');
    expect(stderr).not.toContain('epoch 1/1');
  });

  it('refuses damaged pictures by name, and trains without them when told to skip them', async () => {
    const pictures = join(folder, 'pictures');
    for (const name of ['cats', 'dogs']) {
      mkdirSync(join(pictures, name), { recursive: true });
      const jpeg = await sharp({ create: { width: 90, height: 80, channels: 3, background: '#357' } })
        .jpeg()
        .toBuffer();
      for (const number of [1, 2]) writeFileSync(join(pictures, name, `${number}.jpg`), jpeg);
    }
    writeFileSync(join(pictures, 'cats', '3.jpg'), 'not a picture');
    const size = ['--image-size', '80', '--batch-size', '4', '--epochs', '1'];
    const args = ['train', '--model', 'keras_convnet', '--data', pictures, ...size, '--json'];
    const { code, stdout, stderr } = samebits(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^samebits: openDataset: expected .*got 1 damaged: train 'cats\/3\.jpg'.*\n$/m);
    const skipped = resultOf(samebits([...args, '--damaged', 'skip']).stdout);
    expect(skipped).toMatchObject({ predictionsHash: null, epochs: [{ valLoss: null, valAccuracy: null }] });
  });

  it('refuses a folder without classes, and one with a single class', () => {
    const empty = join(folder, 'empty');
    mkdirSync(join(empty, 'cats'), { recursive: true });
    for (const data of [empty, join(empty, 'cats')]) {
      const { code, stdout, stderr } = samebits(['train', '--model', 'keras_convnet', '--data', data]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^samebits: \w+: expected .*, got .*\n$/m);
    }
  });
});

describe('verify', () => {
  const run = () => join(folder, 'run');

  it('computes the training again and ends with 0 where it is equal', () => {
    const { code, stdout } = samebits(['verify', run(), '--threads', '1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^equal\nsignature {2}none\nfiles {6}6 compared\nepochs {5}1, 2 equal\nroot {7}[0-9a-f]{64}\ntold, not proved:\n {2}version {23}\d.*\n {2}addon {25}sha256:.*\n {2}target {24}cpu\/.*\n {2}threads {23}2\n/,
    );
  });

  it('marks what it cannot prove, warns of another addon, and obeys no character of a stranger', () => {
    const copy = join(folder, 'strange');
    mkdirSync(copy);
    cpSync(join(run(), 'receipt.json'), join(copy, 'receipt.json'));
    forgeReceipt(copy, (receipt) => {
      receipt.addon = receipt.dataHash;
      receipt.environment.cpu = 'fast\nequal\u001b[2K';
    });
    const { code, stdout } = samebits(['verify', copy]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nwarning {4}written with the addon sha256:\w+, verified with sha256:\w+\ntold, not proved:\n/,
    );
    expect(stdout).toContain('cpu fast\\u{a}equal\\u{1b}[2K, cores');
    const found = JSON.parse(samebits(['verify', copy, '--json']).stdout);
    expect(found).toMatchObject({
      equal: true,
      ofEpochs: 2,
      told: { threads: 2, environment: { cores: expect.any(Number) } },
    });
    expect(found.warnings).toHaveLength(1);
  });

  it('tells the file and tensor that was altered, and ends with 1', () => {
    const file = join(run(), 'weights', 'epoch-0002.safetensors');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.with(-1, bytes.at(-1)! ^ 1));
    const told = samebits(['verify', join(run(), 'receipt.json'), '--json']);
    expect(told).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(told.stdout)).toMatchObject({ equal: false, difference: { what: 'file', tensor: 'dense/bias' } });
    const { code, stdout } = samebits(['verify', run()]);
    expect(code).toBe(1);
    expect(stdout).toContain('weights/epoch-0002.safetensors was altered, tensor dense/bias\nreceipt  sha256:');
    writeFileSync(file, bytes);
  });

  it('says that an epoch cannot be computed alone without its checkpoint', () => {
    const { code, stdout, stderr } = samebits(['verify', run(), '--epochs', '2']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('to compute epoch 2 alone, got none; train with --checkpoints all, or verify the whole');
  });

  it('refuses an altered receipt with 1', () => {
    const path = join(run(), 'receipt.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"seed": 1001', '"seed": 1002'));
    const { code, stdout, stderr } = samebits(['verify', path]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `samebits: receipt: expected an unaltered receipt '${path}', got one whose hash is not that of its body\n`,
    );
    writeFileSync(path, text);
  });
});

/** Distances as `compare --json` prints them: a public interface. */
const names = [
  'maxUlp',
  'meanUlp',
  'differingBits',
  'cosineSimilarity',
  'l2',
  'l2Least',
  'l2Largest',
  'maxAbsolute',
  'meanAbsolute',
];
const distances = Object.fromEntries([...names, 'meanRelative', 'signFlips'].map((name) => [name, expect.any(Number)]));

describe('compare', () => {
  let out: string;
  let result: Result;
  const deterministic = () => Object.values(result.targets).find(({ mode }) => mode === 'deterministic')!;
  const args = () => ['compare', ...small(['--epochs', '2', '--runs', '2', '--out', out])];
  beforeAll(() => {
    out = join(folder, 'experiment');
    const { code, stdout } = samebits([...args(), '--json']);
    expect(code).toBe(0);
    result = resultIn<Result>(stdout);
  }, 300_000);

  it('prints one JSON object with every run of every target and what they differ in', () => {
    expect(Object.keys(result.targets)).toEqual(
      ['deterministic', 'atomic'].map((mode) => `cpu/${capabilities().bestIsa}/${mode}`),
    );
    const divergence = {
      layers: expect.arrayContaining([{ layer: expect.any(String), ...distances }]),
      perEpoch: [1, 2].map((epoch) => expect.objectContaining({ epoch, layers: expect.any(Array) })),
    };
    for (const target of Object.values(result.targets)) {
      expect(target).toMatchObject({
        distinctWeights: expect.any(Number),
        distinctPredictions: expect.any(Number),
        divergence,
      });
      expect(target.runs).toHaveLength(2);
      for (const run of target.runs) expect(Object.keys(run).sort()).toEqual(Object.keys(trainShape).sort());
    }
  });

  it('finds one bit pattern in deterministic mode and every distance 0', () => {
    const { distinctWeights, distinctPredictions, divergence } = deterministic();
    expect({ distinctWeights, distinctPredictions, firstEpoch: divergence.firstEpoch }).toEqual({
      distinctWeights: 1,
      distinctPredictions: 1,
      firstEpoch: null,
    });
    expect(divergence.layers.map(({ maxUlp, differingBits }) => [maxUlp, differingBits])).toEqual(
      divergence.layers.map(() => [0, 0]),
    );
  });

  it('writes the report and its tables beside the result', () => {
    const tables = ['runs', 'epochs', 'divergence'].flatMap((name) => [`${name}.csv`, `${name}.json`]);
    const files = tables.map((name) => join('tables', `keras_convnet-${name}`));
    const pages = ['divergence', 'explanations', 'statistics', 'price'].map((name) => `${name}.html`);
    for (const name of ['report.html', ...pages, ...files, 'result.json']) {
      expect(existsSync(join(out, name)), name).toBe(true);
    }
    const hash = deterministic().runs[0]!.weightsHash;
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(hash);
  });

  it('started again goes on with what is there: nothing is trained twice, the result is the same', () => {
    const { code, stdout, stderr } = samebits(args());
    expect(code).toBe(0);
    expect(stderr.match(/finished earlier/g)).toHaveLength(4);
    expect(stdout).toContain(`report: ${join(out, 'report.html')}`);
    expect(stdout).toContain('deterministic: Both runs ended in the same');
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);
  });

  it('stopped by hand keeps what is finished and says how to go on', async () => {
    const stopped = ['compare', ...small(['--epochs', '1', '--runs', '2', '--out', join(folder, 'cut')])];
    const { code, stdout, stderr } = await interrupted(stopped, /trial 2 of 4/);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('samebits: stopped by hand with 1 of 4 trials finished; go on with --out');
    expect(readdirSync(join(folder, 'cut')).sort()).toEqual(['deterministic-01', 'experiment.json']);
  });
});
