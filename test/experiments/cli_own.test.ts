// A network and data of one's own in every command that trains: a LeNet-5 and ten digits out of IDX files, as a user writes
// them, in a folder of their own, by relative paths.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';
import { digits, lenet, writeDigits } from '../support/own_digits.js';

let folder = '';
const run = (...args: string[]) => samebits(args, {}, folder);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-own-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'samebits'), 'dir');
  writeFileSync(join(folder, 'lenet.mjs'), lenet);
  writeFileSync(join(folder, 'digits.mjs'), digits);
  writeDigits(folder, 'train', 60, 0);
  writeDigits(folder, 't10k', 20, 60);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = ['--model', './lenet.mjs', '--data', './digits.mjs', '--batch-size', '16'];

describe('a network and data of one\u2019s own', () => {
  it('are written in under 30 lines', () => {
    expect(`${lenet}${digits}`.trimEnd().split('\n').length).toBeLessThan(30);
  });

  it('train, go on, and end in the same bits with another thread count and instruction set', () => {
    const whole = run(
      'train',
      ...own,
      '--epochs',
      '2',
      '--threads',
      '2',
      '--out',
      'whole',
      '--trace',
      'steps',
      '--json',
    );
    expect(whole.stderr).toContain('train: 60 samples of 10 classes: 0 6, 1 6, 2 6');
    const { weightsHash, dataHash, classNames, parameters } = JSON.parse(whole.stdout);
    expect([parameters, classNames]).toEqual([37_106, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']]);
    const other = ['--threads', '1', '--isa', 'scalar'];
    run('train', ...own, '--epochs', '1', ...other, '--out', 'parts');
    const rest = JSON.parse(run('train', '--resume', 'parts', '--epochs', '2', '--json').stdout);
    expect([rest.weightsHash, rest.dataHash]).toEqual([weightsHash, dataHash]);
    const seeded = JSON.parse(run('train', ...own, '--epochs', '2', '--seed', '7', '--json').stdout);
    expect(seeded.weightsHash).not.toBe(weightsHash);
    expect(seeded.dataHash).toBe(dataHash);
  });

  it('are compared in both modes by trials in processes of their own', () => {
    const { stdout, stderr, code } = run(
      ...[
        'compare',
        ...own,
        '--epochs',
        '1',
        '--runs',
        '2',
        '--threads',
        '2',
        '--explain',
        '2',
        '--out',
        'both',
        '--json',
      ],
    );
    expect(stderr).not.toContain('expected');
    expect(code).toBe(0);
    const [{ targets, explained }] = [JSON.parse(stdout)].flat();
    expect(explained.pictures.map(({ name }: { name: string }) => name)).toEqual(['validation 0', 'validation 1']);
    const hashes = (mode: string) =>
      Object.entries<{ runs: { weightsHash: string }[] }>(targets)
        .filter(([target]) => target.endsWith(mode))
        .flatMap(([, { runs }]) => runs.map(({ weightsHash }) => weightsHash));
    const alone = JSON.parse(run('train', ...own, '--epochs', '1', '--json').stdout);
    expect(hashes('deterministic')).toEqual([alone.weightsHash, alone.weightsHash]);
    expect(hashes('atomic')).toHaveLength(2);
  });

  it('are attributed', () => {
    const { stdout } = run('attribute', ...own, '--steps', '2', '--runs', '1', '--json');
    const { kernels, sources } = JSON.parse(stdout);
    expect(kernels).toContain('average_pool2d.inputGradient');
    expect(sources.find(({ name }: { name: string }) => name === 'atomic mode').distinctWeights).toBe(1);
  });

  it('are explained: a sample of the run\u2019s own data, one of data that are named, covered or not', () => {
    const { stdout, code } = run('gradcam', '--run', 'whole', '--sample', 'validation:3', '--json');
    const { image, runs } = JSON.parse(stdout);
    expect([code, image, runs[0].layer]).toEqual([0, { path: 'validation:3', height: 28, width: 28 }, 'conv2d_1']);
    const named = ['--sample', 'train:0', '--data', './digits.mjs', '--occlude', '6,9,6,9'];
    const covered = JSON.parse(run('gradcam', '--run', 'whole', ...named, '--json').stdout);
    expect(covered.runs[0].occlusion.heatHash).not.toBe(covered.runs[0].heatHash);
  });

  it.each([
    [['--sample', 'validation'], "--sample: expected a split and a number, as in validation:3, got 'validation'"],
    [['--sample', 'validation:20'], '--sample: expected sample 20 of validation, got data with 20, numbered from 0'],
    [['--sample', 'train:0', '--image', 'a.png'], "--image: expected no sample beside it, got 'train:0'"],
    [
      ['--sample', 'train:0', '--data', 'synthetic'],
      '--sample: expected samples [28, 28, 1], as the runs were trained on, got [28, 28, 3]',
    ],
  ])('are not explained by %j', (more, message) => {
    const { code, stderr } = run('gradcam', '--run', 'whole', ...more);
    expect([code, stderr.split('\n').at(-2)]).toEqual([2, `samebits: ${message}`]);
  });

  it('of somebody else are explained with data that the user names, and no others', () => {
    const key = { SAMEBITS_KEY: join(folder, 'another.key') };
    const asked = ['gradcam', '--run', 'whole', '--sample', 'train:0', '--json'];
    const { code, stderr } = samebits(asked, key, folder);
    expect([code, stderr]).toEqual([
      2,
      "samebits: --sample: expected data beside it, got none; the run 'whole' was not begun by this user on this machine, so the data it names are not opened\n",
    ]);
    expect(samebits([...asked, '--data', './digits.mjs'], key, folder).code).toBe(0);
  });

  it('learn by what is asked for in words', () => {
    const asked = (...words: string[]) => JSON.parse(run('train', ...own, '--epochs', '1', '--json', ...words).stdout);
    const usual = asked().weightsHash;
    expect(asked('--optimizer', 'sgd:learningRate=0.1').weightsHash).toBe(usual);
    expect(asked('--optimizer', 'rmsprop').weightsHash).not.toBe(usual);
  });
});

describe('what is refused before any work', () => {
  it.each([
    [
      ['--image-size', '28'],
      "train: expected no imageSize beside data './digits.mjs', got 28; only pictures in folders have it",
    ],
    [
      ['--damaged', 'skip'],
      "train: expected no damaged beside data './digits.mjs', got 'skip'; only pictures in folders have it",
    ],
    [['--samples', '61'], "train './digits.mjs': expected samples to be at most the 60 of train, got 61"],
    [['--model', './gone.mjs'], "train: expected a module './gone.mjs', got no such file"],
    [['--data', './gone.mjs'], "train: expected a module './gone.mjs', got no such file"],
    [['--model', 'keras_convnet'], 'keras_convnet: expected imageSize to be an integer >= 78, got 28'],
    [
      ['--data', './lenet.mjs'],
      "train default export of './lenet.mjs': expected options train, validation, test, classNames, targets, digest, got 'name'",
    ],
    [['--loss', 'hinge2'], 'train: expected loss to be one of '],
  ])('%s', (more, message) => {
    const { code, stderr, stdout } = run('train', ...own, ...more, '--out', 'never');
    expect(stderr).toContain(`samebits: ${message}`);
    expect([code, stdout]).toEqual([2, '']);
  });
});
