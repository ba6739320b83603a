// What a command says of its pictures before it computes: on stderr and in data.json, the same in every command.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readReceipt } from '../../lib/index.js';
import { pngBytes, put, temporaryFolder } from '../data/pictures.js';
import { samebits } from '../support/cli.js';

const { XDG_CACHE_HOME } = process.env;
const cache = mkdtempSync(join(tmpdir(), 'samebits-cache-'));
beforeAll(() => {
  process.env['XDG_CACHE_HOME'] = cache;
});
afterAll(() => {
  rmSync(cache, { recursive: true, force: true });
  if (XDG_CACHE_HOME === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = XDG_CACHE_HOME;
});

it('train, verify and attribute name classes and counts, and what they leave out and why', async () => {
  const folder = temporaryFolder();
  const [data, run, sources] = [join(folder, 'data'), join(folder, 'run'), join(folder, 'sources')];
  for (const i of [1, 2, 3])
    put(data, { [`cats/${i}.png`]: await pngBytes(i), [`dogs/${i}.png`]: await pngBytes(i + 3) });
  put(data, { 'cats/4.png': 'x', 'cats/5.bmp': 'x', 'dogs/.hidden': 'x', 'list.txt': 'x' });
  const told =
    /^train: 6 samples of 2 classes: cats 3, dogs 3\nleft out of train: 1 with an ending that is not read \(\.bmp 1\), first 'cats\/5\.bmp'\nleft out of train: 1 hidden, their names begin with a dot \(without ending 1\), first 'dogs\/\.hidden'\nleft out of train: 1 beside the class folders \(\.txt 1\), first 'list\.txt'\nleft out of train: 1 damaged \(\.png 1\), first 'cats\/4\.png'\n {2}'cats\/4\.png': the file is none of jpeg, png, gif, webp$/m;
  const training = ['--model', 'mini_xception', '--data', data, '--image-size', '32', '--damaged', 'skip'];
  const trained = samebits(['train', ...training, '--epochs', '1', '--batch-size', '6', '--out', run]);
  expect(trained.stderr).toMatch(told);
  expect(trained.stderr.search(told)).toBeLessThan(trained.stderr.indexOf('epoch 1/1'));
  const described = JSON.parse(readFileSync(join(run, 'data.json'), 'utf8'));
  expect(described.splits).toEqual([
    {
      name: 'train',
      samples: 6,
      classes: [
        { name: 'cats', samples: 3 },
        { name: 'dogs', samples: 3 },
      ],
    },
  ]);
  expect(described.leftOut.map((one: { reason: string; count: number }) => [one.reason, one.count])).toEqual([
    ['ending', 1],
    ['hidden', 1],
    ['outside', 1],
    ['damaged', 1],
  ]);
  expect(Object.keys(readReceipt(join(run, 'receipt.json')).files)).toContain('data.json');
  expect(samebits(['verify', run]).stderr).toMatch(told);
  const attributed = samebits(['attribute', ...training, '--steps', '1', '--runs', '1', '--out', sources]);
  expect(attributed.stderr).toMatch(told);
  expect(JSON.parse(readFileSync(join(sources, 'data.json'), 'utf8'))).toEqual(described);
});

it('a folder of splits is refused as bad data before anything is read', async () => {
  const data = temporaryFolder();
  for (const split of ['train', 'val'])
    put(data, { [`${split}/a/1.png`]: await pngBytes(1), [`${split}/b/1.png`]: 'x' });
  const { code, stderr } = samebits(['train', '--model', 'keras_convnet', '--data', data]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    "got splits: 'train', 'val'; a folder with train/ and validation/ is read as both splits, each with one folder a class",
  );
});
