// The published packages on a machine with node and nothing else: no compiler, no Python, scripts off, no network. They train,
// and say what to install for what a plain install leaves out. Figures are sizes and lists, not times.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { barePath, install, packAll, ran } from './packed.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-installed-'));
const inside = (...names: string[]) => join(folder, ...names);
const modules = inside('node_modules');
let bare: NodeJS.ProcessEnv = {};

const samebits = (args: readonly string[], main = join(modules, 'samebits/dist/cli/main.js')) =>
  spawnSync(process.execPath, [main, ...args], { cwd: folder, env: bare, encoding: 'utf8' });

/** All files of a folder, as paths from it. */
const filesIn = (place: string): string[] =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

beforeAll(() => {
  bare = barePath(folder);
  install(folder, packAll(folder), bare);
});
afterAll(() => rmSync(folder, { recursive: true }));

const training = ['train', '--model', 'keras_convnet', '--data', 'synthetic', '--image-size', '80', '--epochs', '1'];

describe('a plain install', () => {
  it('trains the ConvNet, to the bits of the checkout', () => {
    const hashes = [undefined, join(root, 'dist/cli/main.js')].map((main) => {
      const { status, stdout, stderr } = samebits([...training, '--samples', '16', '--json'], main);
      expect(status === 0 ? '' : stderr).toBe('');
      return JSON.parse(stdout).weightsHash;
    });
    expect(hashes[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
  });

  it('has at most 25 packages, under 40 MB, and this package under 5', () => {
    const packages = Object.keys(JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages);
    const bytes = (place: string) => filesIn(place).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(packages).toContain('node_modules/samebits');
    expect(packages.length).toBeLessThanOrEqual(25);
    expect(bytes(modules)).toBeLessThan(40e6);
    expect(bytes(join(modules, 'samebits'))).toBeLessThan(5e6);
  });

  it('runs no script, and is built by none', () => {
    const { scripts, gypfile } = JSON.parse(readFileSync(join(modules, 'samebits/package.json'), 'utf8'));
    expect([scripts, gypfile]).toEqual([undefined, false]);
  });

  it('has no map without its sources, and no link that leads nowhere', () => {
    const files = filesIn(join(modules, 'samebits'));
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    const scripts = files.filter((file) => file.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(30);
    expect(scripts.filter((file) => readFileSync(file, 'utf8').includes('sourceMappingURL='))).toEqual([]);
    const links = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, link]) =>
          join(dirname(file), link!),
        ),
      );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((place) => !existsSync(place))).toEqual([]);
  });
});

describe('the types', () => {
  it('need nothing of the user but what the package declares: the types of Node', () => {
    const node = ['@types/node', 'undici-types'];
    for (const name of node) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
    }
    const code = `import { createRuntime, layers, sequential, train, type TrainResult } from 'samebits';
const net = sequential([layers.input({ shape: [4] }), layers.dense({ units: 1 })]);
net.compile({ runtime: createRuntime({ threads: 1 }), optimizer: 'sgd', loss: 'meanSquaredError' });
export const result = async (): Promise<TrainResult> => await train({ model: 'lenet5', data: 'mnist:digits' });
`;
    writeFileSync(inside('user.mts'), code);
    const flags =
      '--strict --noEmit --skipLibCheck false --module nodenext --target es2022 --lib es2023,esnext.disposable';
    writeFileSync(inside('wrong.mts'), code.replace("'sgd'", '42')); // a control: types are checked
    const args = [join(root, 'node_modules/typescript/bin/tsc'), ...flags.split(' '), 'user.mts', 'wrong.mts'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const places = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(places.map((line) => line.slice(0, line.indexOf(',')))).toEqual(['wrong.mts(3']);
    for (const name of node) unlinkSync(join(modules, name));
  });
});

describe('what a plain install leaves out', () => {
  const packages =
    'mathjs@15 cephes@3 @bufbuild/protobuf@2 vega@6 vega-lite@6.4 @resvg/resvg-js@2 pdfkit@0.20 dejavu-fonts-ttf@2';
  const refusal = (extra: string, line: string) => {
    const names = line.split(' ').map((name) => name.replace(/(.)@.*/, '$1'));
    const words = `the packages for ${extra}, which a plain install leaves out, got no ${names.join(', no ')}`;
    return `${extra}: expected ${words}; npm install ${line}`;
  };

  it('is said by the command that needs it, before any work', () => {
    const lines = [
      ['report', 'packages'],
      ['compare', '--model', 'keras_convnet', '--data', 'synthetic', '--out', 'compared'],
    ].map((args) => samebits(args));
    for (const { status, stdout, stderr } of lines) {
      expect([status, stdout, stderr]).toEqual([2, '', `samebits: ${refusal('reports', packages)}\n`]);
    }
    expect(existsSync(inside('compared'))).toBe(false);
    const followed = samebits([...training, '--samples', '16', '--tensorboard', 'events']);
    expect([followed.status, followed.stderr]).toEqual([
      2,
      `samebits: ${refusal('tensorboard', '@bufbuild/protobuf@2')}\n`,
    ]);
  });

  it('is said by the library with its code and its line', () => {
    const script = `import { stats } from 'samebits';
const tried = async (what) => { try { await what(); return 'done'; } catch ({ code, message }) { return [code, message]; } };
console.log(JSON.stringify([
  await tried(() => stats.summarize([1, 2, 4])),
  await tried(() => stats.summarize([1, 1, 1])),
]));
`;
    writeFileSync(inside('left_out.mjs'), script);
    const told = JSON.parse(ran(process.execPath, ['left_out.mjs'], folder, bare));
    expect(told).toEqual([['PACKAGE', refusal('statistics', 'mathjs@15 cephes@3')], 'done']);
  });
});

describe('without the package of this machine', () => {
  it('says what was tried, and both ways to an addon', () => {
    renameSync(join(modules, '@samebits'), inside('taken'));
    try {
      const { status, stderr } = samebits(['info']);
      const tried = ['build/cuda/Release', 'build/Release', 'build/cmake/Release'].map(
        (place) => `node_modules/samebits/${place}/samebits.node (not there)`,
      );
      expect(status).toBe(1);
      expect(
        stderr.startsWith(`samebits: expected a compiled addon, got none that loads: ${tried.join('; ')}; @`),
      ).toBe(true);
      expect(stderr).toContain(`@samebits/${process.platform}-${process.arch}`);
      expect(stderr.endsWith(', or build it: node node_modules/samebits/scripts/build.mjs\n')).toBe(true);
    } finally {
      renameSync(inside('taken'), join(modules, '@samebits'));
    }
  });

  it('names the packages that a build needs', () => {
    const script = join(modules, 'samebits/scripts/build.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, env: bare, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^build: expected node-addon-api.*, got no node-addon-api.*; in the folder of your project run\n/,
    );
    expect(stderr).toMatch(/^ {2}npm install --no-save node-addon-api@\d+\.\d+\.\d+/m);
  });
});
