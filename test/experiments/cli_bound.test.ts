// What a run binds, from the command line: code is compared with what the run began with before any of it is run, and what the
// folder of a stranger names is not followed. Every module here leaves a file when it is run; the controls look for it.

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { samebits } from '../support/cli.js';

/** A module that tells, by a file beside it, that it was run. */
const telling = (name: string, code: string) =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('./${name}.ran', import.meta.url), '');\n${code}`;

/** A loss of the user's own that does not tell its config: no receipt can make this network learn again. */
const net = telling(
  'net',
  `import { defineModel, layers, losses, sequential } from 'samebits';
import { filters } from './parts.mjs';
const { binaryCrossentropy } = losses;
const given = binaryCrossentropy();
export const own = { name: 'own', compute: (...all) => given.compute(...all) };
const either = { className: 'Either', fromConfig: ({ ours }) => (ours ? given : own) };
export default defineModel({
  name: 'net',
  build: ({ sampleShape }) =>
    sequential([
      layers.input({ shape: sampleShape }),
      layers.rescaling({ scale: 1 / 255 }),
      layers.conv2d({ filters, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ]),
  loss: own,
  classes: [either],
});
`,
);
const points = (salt: number) =>
  telling(
    'points',
    `const sample = (i) => ({ x: Uint8Array.from({ length: 64 }, (_, k) => (k * 7 + i * 31 + ${salt}) % 256), y: i % 2 });
export default { train: { length: 6, sampleShape: [8, 8, 1], sample }, validation: { length: 2, sampleShape: [8, 8, 1], sample } };
`,
  );

let folder = '';
const at = (...path: string[]) => join(folder, ...path);
const as =
  (user: string) =>
  (...args: string[]) =>
    samebits(args, { SAMEBITS_KEY: at(`${user}.key`) }, folder);
const me = as('me');
const stranger = as('stranger');
const ran = () => ['net', 'points'].filter((name) => existsSync(at(`${name}.ran`)));
const write = (name: string, text: string) => writeFileSync(at(name), text);
const hashOf = (run: string) => JSON.parse(readFileSync(at(run, 'receipt.json'), 'utf8')).sources.model.sha256;
const own = ['--model', './net.mjs', '--data', './points.mjs', '--batch-size', '3', '--threads', '1'];
const flip = ['--flip', 'step=2,tensor=conv2d/kernel,index=0,bit=20'];
const look = ['--sample', 'validation:0', '--out', 'looks'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-bound-'));
  mkdirSync(at('node_modules'));
  symlinkSync(root, at('node_modules', 'samebits'), 'dir');
  write('net.mjs', net);
  write('parts.mjs', 'export const filters = 2;\n');
  write('points.mjs', points(1));
  expect(me('train', ...own, '--epochs', '1', '--out', 'run').code).toBe(0);
  expect(me('train', ...own, '--epochs', '1', '--out', 'flipped', ...flip).code).toBe(0);
}, 60_000);
beforeEach(() => {
  write('net.mjs', net);
  write('parts.mjs', 'export const filters = 2;\n');
  write('points.mjs', points(1));
  for (const name of ran()) rmSync(at(`${name}.ran`));
  rmSync(at('looks'), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What asks for the code of the run, and who says so. */
const asking: [string, string[], string][] = [
  ['resume', ['train', '--resume', 'run', '--epochs', '2'], 'resume'],
  ['verify', ['verify', 'run', '--model', './net.mjs'], 'verify'],
  ['gradcam', ['gradcam', '--run', 'run', '--model', './net.mjs', ...look], '--model'],
  ['diff', ['diff', 'run', 'flipped', '--model', './net.mjs'], 'diff'],
];

describe('a module that changed by one byte is refused before it is run', () => {
  it.each(asking)('by %s, itself or what it imports', (_name, args, who) => {
    const began = hashOf('run');
    for (const changed of ['net.mjs', 'parts.mjs']) {
      const before = readFileSync(at(changed), 'utf8');
      write(changed, `${before} `);
      const { code, stderr } = me(...args);
      expect(stderr).toMatch(
        new RegExp(
          `samebits: ${who}: expected the module of the training, ${began}, in '\\.?/?net\\.mjs', got sha256:[0-9a-f]{64}\\n$`,
        ),
      );
      expect([code, existsSync(at('net.ran'))]).toEqual([2, false]);
      write(changed, before);
    }
  });

  it('and is taken as it was (control)', () => {
    for (const [, args] of asking.slice(1)) {
      rmSync(at('net.ran'), { force: true });
      const { code, stderr } = me(...args);
      expect(stderr).not.toContain('samebits: ');
      expect([code, existsSync(at('net.ran'))]).toEqual([args[0] === 'diff' ? 1 : 0, true]);
    }
    // Who began a run need not name its code; a stranger has to.
    expect(me('verify', 'run').stdout).toMatch(/^equal/);
  });
});

describe('a run that was killed before its first checkpoint', () => {
  it('is begun again with the module it was begun with, and no other', () => {
    mkdirSync(at('early'));
    copyFileSync(at('run', 'settings.json'), at('early', 'settings.json'));
    write('parts.mjs', 'export const filters = 3;\n');
    const changed = me('train', '--resume', 'early');
    expect(changed.stderr).toMatch(
      /samebits: resume: expected the module of the training, sha256:\w+, in '\.\/net\.mjs', got sha256:/,
    );
    expect([changed.code, ran()]).toEqual([2, []]);
    write('parts.mjs', 'export const filters = 2;\n');
    expect(me('train', '--resume', 'early').code).toBe(0);
    expect(me('diff', 'run', 'early').stdout).toMatch(/^no difference in 2 steps/);
  });
});

describe('another network or other data than those of the receipt are refused', () => {
  it('data of a module with another digest, by the run that goes on', () => {
    const { dataHash } = JSON.parse(readFileSync(at('run', 'receipt.json'), 'utf8'));
    write('points.mjs', points(2));
    const { code, stderr } = me('train', '--resume', 'run', '--epochs', '2');
    expect(stderr).toContain(
      `samebits: resume: expected the data of the training, ${dataHash}, in './points.mjs', got sha256:`,
    );
    expect(code).toBe(2);
  });

  it('data of a module with another digest', () => {
    const { dataHash } = JSON.parse(readFileSync(at('run', 'receipt.json'), 'utf8'));
    write('points.mjs', points(2));
    const { code, stderr } = me('verify', 'run', '--data', './points.mjs');
    expect(stderr).toContain(
      `samebits: verify: expected the data of the training, ${dataHash}, in './points.mjs', got sha256:`,
    );
    expect(code).toBe(2);
    expect(me('diff', 'run', 'flipped', '--data', './points.mjs').stderr).toContain(dataHash);
  });

  it('a name of the table for code of a module, and the other way round', () => {
    expect(me('verify', 'run', '--model', 'keras_convnet').stderr).toBe(
      `samebits: verify: expected the module of the training, ${hashOf('run')}, got 'keras_convnet'\n`,
    );
    const table = ['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '4', '--image-size', '78'];
    me('train', ...table, '--epochs', '1', '--out', 'table');
    const { code, stderr } = me('verify', 'table', '--model', './net.mjs');
    expect(stderr).toBe("samebits: verify: expected model 'keras_convnet' of the receipt, got './net.mjs'\n");
    expect([code, ran()]).toEqual([2, []]);
  });
});

describe('what the folder of a stranger names is not followed', () => {
  const given = ['--model', './net.mjs', '--data', './points.mjs'];
  const needs =
    /expected a receipt with the config of its loss, got one without; it is code of model net, sha256:[0-9a-f]{64}: say by model which module has it/;
  it.each<[string, string[], RegExp | undefined]>([
    ['resume', ['train', '--resume', 'run', '--epochs', '2'], /expected model and data beside the run 'run', got none/],
    ['verify', ['verify', 'run'], /expected data, where those of the training lie now, got none/],
    ['verify on data', ['verify', 'run', '--data', './points.mjs'], needs],
    ['gradcam', ['gradcam', '--run', 'run', ...look], needs],
    ['diff', ['diff', 'run', 'flipped'], undefined],
    ['weights', ['weights', 'run'], undefined],
    ['report', ['report', 'run', '--out', 'page'], undefined],
  ])('%s', (_name, args, message) => {
    const { code, stderr, stdout } = stranger(...args);
    expect(ran()).toEqual([]);
    if (message === undefined) expect([0, 1]).toContain(code);
    else expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    if (args[0] === 'diff') expect(stdout).toContain('say by model which module has it');
  });

  it('but is where the user names it (control)', () => {
    for (const args of [
      ['verify', 'run', ...given],
      ['gradcam', '--run', 'run', ...given, ...look],
      ['diff', 'run', 'flipped', ...given],
    ]) {
      for (const name of ran()) rmSync(at(`${name}.ran`));
      const { code, stderr } = stranger(...args);
      expect(stderr).not.toContain('samebits: ');
      expect([code, ran()]).toEqual([args[0] === 'diff' ? 1 : 0, ['net', 'points']]);
    }
    const { stdout } = stranger('train', '--resume', 'run', '--epochs', '2', ...given, '--out', 'longer', '--json');
    expect(JSON.parse(stdout).epochs).toHaveLength(2);
  });

  it('nor where its mark is of somebody else', () => {
    const path = at('flipped', 'settings.json');
    const before = readFileSync(path, 'utf8');
    const { mark } = JSON.parse(readFileSync(at('run', 'settings.json'), 'utf8'));
    writeFileSync(path, JSON.stringify({ ...JSON.parse(before), mark }));
    expect(me('train', '--resume', 'flipped', '--epochs', '2').stderr).toContain('expected model and data beside');
    writeFileSync(path, before);
    expect(ran()).toEqual([]);
  });
});

describe('links in the folder of a stranger', () => {
  const links = ['receipt.json', 'weights', join('weights', 'epoch-0001.safetensors'), 'settings.json'];
  const own = ['--model', './net.mjs', '--data', './points.mjs'];
  const commands: [string, (run: string) => string[]][] = [
    ['resume', (run) => ['train', '--resume', run, '--epochs', '2', ...own]],
    ['verify', (run) => ['verify', run, ...own]],
    ['diff', (run) => ['diff', run, 'flipped']],
    ['weights', (run) => ['weights', run]],
    ['--run', (run) => ['gradcam', '--run', run, ...look]],
  ];
  const linked = (name: string) => {
    rmSync(at('linked'), { recursive: true, force: true });
    cpSync(at('run'), at('linked'), { recursive: true });
    rmSync(at('linked', name), { recursive: true });
    symlinkSync(at('run', name), at('linked', name));
  };

  it.each(links)('are not followed: %s', (name) => {
    linked(name);
    for (const [who, args] of commands) {
      const { code, stderr } = stranger(...args('linked'));
      expect(stderr).toBe(
        `samebits: ${who}: expected a run folder 'linked' without links, got '${name}'; it is not followed: the run is not of this user on this machine\n`,
      );
      expect([code, ran()]).toEqual([1, []]);
    }
  });

  it('are in one that this user began (control)', () => {
    linked('weights');
    expect(me('verify', 'linked').stdout).toMatch(/^equal/);
  });
});

describe('classes of the user\u2019s own', () => {
  it('are named in words, as those of the package', () => {
    const hash = (...loss: string[]) =>
      JSON.parse(me('train', ...own, '--epochs', '1', '--json', ...loss).stdout).weightsHash;
    expect(hash('--loss', 'Either')).toBe(hash());
    expect(hash('--loss', 'Either:ours=true')).toBe(hash('--loss', 'binaryCrossentropy'));
    expect(hash('--loss', 'binaryCrossentropy')).not.toBe(hash());
  });
});
