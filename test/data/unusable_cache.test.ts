// A cache of its own choosing that cannot be used: told in one line, done without, and the memory still counts. Root may
// write anywhere, so the folders here are ones that nobody can make.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type DatasetOptions, openDataset } from '../../lib/data/index.js';
import { temporaryFolder, twoClasses } from './pictures.js';

const names = ['SAMEBITS_CACHE', 'XDG_CACHE_HOME', 'HOME'] as const;
const before = names.map((name) => process.env[name]);
const { homedir } = os;

function set(values: Partial<Record<(typeof names)[number], string | undefined>>): void {
  for (const name of names) {
    if (values[name] === undefined) delete process.env[name];
    else process.env[name] = values[name];
  }
}

afterEach(() => {
  set(Object.fromEntries(names.map((name, i) => [name, before[i]])));
  os.homedir = homedir;
  syncBuiltinESMExports();
});

/** Opens a dataset; its digest, its first picture, what was noted, and which phases its pictures went through. */
async function opened(options: DatasetOptions) {
  const notes: string[] = [];
  const phases = new Set<string>();
  const dataset = await openDataset({
    ...options,
    onNote: (note) => notes.push(note),
    onProgress: ({ split, phase }) => phases.add(`${split}: ${phase}`),
  });
  const pixels = Uint8Array.from(dataset.train.read([1]).x);
  dataset.dispose();
  return { digest: dataset.digest, pixels, notes, phases: [...phases] };
}

const synthetic = { source: 'synthetic', imageSize: 4, samples: 6 } as const;
const note = (what: string) =>
  `dataset cache: ${what}, so pictures are prepared in memory; SAMEBITS_CACHE names another folder`;

/** A regular file, below which no folder can be. */
function regularFile(): string {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  return file;
}

/** What is wrong, the system's code for it, and how it comes about with a regular file `at`. */
type Case = [string, string, (at: string) => { env: Parameters<typeof set>[0]; folder: string }];

const inProc: Case = [
  'a HOME in /proc',
  'ENOENT',
  () => ({ env: { HOME: '/proc/nobody' }, folder: '/proc/nobody/.cache/samebits' }),
];

describe('a cache that cannot be used is told once and done without', () => {
  it.each<Case>([
    ['a HOME below a file', 'ENOTDIR', (at) => ({ env: { HOME: at }, folder: join(at, '.cache', 'samebits') })],
    [
      'an XDG_CACHE_HOME below a file',
      'ENOTDIR',
      (at) => ({ env: { XDG_CACHE_HOME: at }, folder: join(at, 'samebits') }),
    ],
    ['a SAMEBITS_CACHE that is a file', 'EEXIST', (at) => ({ env: { SAMEBITS_CACHE: at }, folder: at })],
    ...(process.platform === 'linux' ? [inProc] : []),
  ])('%s', async (_name, code, place) => {
    const { env, folder } = place(regularFile());
    set(env);
    const found = await opened(synthetic);
    const without = await opened({ ...synthetic, cache: false });
    expect(without.notes).toEqual([]);
    expect(found).toEqual({ ...without, notes: [note(`'${folder}' cannot be used (${code})`)] });
    expect(found.phases).toEqual(['train: preparing', 'validation: preparing']);
  });

  it('a user without a home folder', async () => {
    const noHome = [note('this user has no home folder')];
    set({ HOME: '' });
    expect((await opened(synthetic)).notes).toEqual(noHome);
    os.homedir = () => {
      throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
    };
    syncBuiltinESMExports();
    set({});
    expect((await opened(synthetic)).notes).toEqual(noHome);
    const cache = temporaryFolder();
    set({ SAMEBITS_CACHE: cache });
    expect((await opened(synthetic)).notes).toEqual([]);
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('a cache that fails behind its first split keeps that one', async () => {
    const cache = temporaryFolder();
    set({ SAMEBITS_CACHE: cache });
    const whole = await opened(synthetic);
    rmSync(cache, { recursive: true });
    const notes: string[] = [];
    const prepared = { train: 0, validation: 0, test: 0 };
    // The folder becomes a file between the splits: the first has been opened by then and stays open.
    const dataset = await openDataset({
      ...synthetic,
      onNote: (text) => notes.push(text),
      onProgress: ({ split, phase, done, total }) => {
        if (phase === 'preparing') prepared[split]++;
        if (split !== 'train' || phase !== 'checking' || done !== total) return;
        rmSync(cache, { recursive: true });
        writeFileSync(cache, '');
      },
    });
    expect(notes).toEqual([note(`'${cache}' cannot be used (EEXIST)`)]);
    expect(prepared).toEqual({ train: 6, validation: 3, test: 0 });
    expect(dataset.digest).toBe(whole.digest);
    expect(Uint8Array.from(dataset.train.read([1]).x)).toEqual(whole.pixels);
    dataset.dispose();
  });
});

it('pictures that cannot fit into memory without the cache are refused before any is made', async () => {
  set({ HOME: regularFile() });
  const notes: string[] = [];
  const opening = openDataset({
    source: 'synthetic',
    imageSize: 2 ** 14,
    samples: 2 ** 14,
    onNote: (text) => notes.push(text),
    onProgress: () => {
      throw new Error('a picture was made');
    },
  });
  await expect(opening).rejects.toThrow(
    /^openDataset: expected pictures that fit into memory together, the .* of this machine, got 24576 of 805306368 bytes, 18\.0 TiB; with a cache they are read a batch at a time; or take a smaller imageSize or fewer samples$/,
  );
  expect(notes).toHaveLength(1);
});

it('a cache folder that was asked for is refused instead', async () => {
  const source = await twoClasses();
  const notes: string[] = [];
  const cache = regularFile();
  const opening = openDataset({ source, imageSize: 4, cache, onNote: (text) => notes.push(text) });
  await expect(opening).rejects.toThrow(
    /^dataset cache: expected to read or write '.*\.pictures', got EEXIST; cache: false works without it$/,
  );
  expect(notes).toEqual([]);
});
