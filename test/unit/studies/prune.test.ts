// Run folders that take less room: what goes by need, what stays, and that nothing of it is done unsaid. Controls: a dry run touches
// nothing, a run that is not finished is left.

import {
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
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimFolder, fileHash } from '../../../lib/files/index.js';
import { readReceipt, receiptPath } from '../../../lib/runs/index.js';
import { pruneRuns } from '../../../lib/studies/index.js';
import { train } from '../../../lib/training/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-prune-'));
afterAll(() => rmSync(folder, { recursive: true }));

const options = { model: 'keras_convnet', data: 'synthetic', imageSize: 78, samples: 4, batchSize: 2, epochs: 2 };
const kept = { keepSteps: 2, checkpoints: 'all', threads: 2 } as const;
const study = join(folder, 'study');
const trial = (name: string) => join(study, 'trials/all', name);

/** The files of a folder and below, with their hashes. */
const filesIn = (place: string) =>
  Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(place.length + 1), fileHash(path)]),
  );

beforeAll(async () => {
  mkdirSync(study);
  writeFileSync(join(study, 'study.json'), '{}');
  for (const name of ['deterministic-01', 'deterministic-02']) await train({ ...options, ...kept, out: trial(name) });
  await train({ ...options, ...kept, mode: 'atomic', out: trial('atomic-01') });
});

describe('pruning a study', () => {
  it('says first what goes, and how many bytes, and touches nothing', () => {
    const before = filesIn(study);
    const planned = pruneRuns(study, { dryRun: true });
    expect(filesIn(study)).toEqual(before);
    const { removed, runs, waiting } = planned;
    expect([runs, waiting]).toEqual([3, []]);
    const of = (name: string) =>
      removed.filter(({ path }) => path.startsWith(trial(name))).map(({ path }) => path.slice(trial(name).length + 1));
    const both = ['checkpoint.safetensors', 'checkpoints/epoch-0001.safetensors', 'checkpoints/epoch-0002.safetensors'];
    const steps = ['steps/step-000001.safetensors', 'steps/step-000004.safetensors'];
    expect(of('atomic-01')).toEqual([...both, ...steps]);
    // What a deterministic training had before its end can be computed again.
    expect(of('deterministic-01')).toEqual([...both, ...steps, 'weights/epoch-0001.safetensors']);
    for (const { path, bytes, inReceipt } of removed) expect([bytes, inReceipt]).toEqual([statSync(path).size, true]);
    const gone = removed.reduce((sum, { bytes }) => sum + bytes, 0);
    const twice = planned.linked.reduce((sum, [, , bytes]) => sum + bytes, 0);
    expect(planned.before - planned.after).toBe(gone + twice);
  });

  it('removes just that, lists it, and keeps identical weights once', () => {
    const before = filesIn(study);
    const planned = pruneRuns(study, { dryRun: true });
    const done = pruneRuns(study);
    expect(done).toEqual(planned);
    const after = filesIn(study);
    const gone = new Set(planned.removed.map(({ path }) => path.slice(study.length + 1)));
    const added = Object.keys(after).filter((name) => !(name in before));
    expect(added.map((name) => name.split('/').at(-1))).toEqual(['pruned.json', 'pruned.json', 'pruned.json']);
    const rest = Object.fromEntries(Object.entries(before).filter(([name]) => !gone.has(name)));
    expect(Object.fromEntries(Object.entries(after).filter(([name]) => name in before))).toEqual(rest);
    const list = JSON.parse(readFileSync(join(trial('atomic-01'), 'pruned.json'), 'utf8'));
    const { files } = readReceipt(receiptPath(trial('atomic-01')));
    expect(Object.keys(list)).toHaveLength(5);
    for (const [name, { hash }] of Object.entries(list as Record<string, { hash: string }>))
      expect(hash).toBe(files[name]);
    // The deterministic trainings are copies.
    const last = (name: string) => statSync(join(trial(name), 'weights/epoch-0002.safetensors'));
    expect(last('deterministic-02').ino).toBe(last('deterministic-01').ino);
    expect(last('atomic-01').ino).not.toBe(last('deterministic-01').ino);
    expect(existsSync(join(trial('atomic-01'), 'steps'))).toBe(false);
  });

  it('has nothing left to do then', () => {
    const again = pruneRuns(study);
    expect(again).toMatchObject({ removed: [], linked: [] });
    expect(again.before).toBe(again.after);
  });
});

describe('pruning other runs', () => {
  it('keeps what a report compares, or what is named', async () => {
    const run = join(folder, 'run');
    await train({ ...options, ...kept, out: run });
    const goes = (more: object) =>
      pruneRuns(run, { dryRun: true, ...more }).removed.map(({ path }) => path.slice(run.length + 1));
    const checkpoints = ['checkpoints/epoch-0001.safetensors', 'checkpoints/epoch-0002.safetensors'];
    expect(goes({})).toEqual(['checkpoint.safetensors', ...checkpoints]);
    expect(goes({ keep: ['checkpoint', 'weights', 'steps'] })).toEqual(checkpoints);
    expect(goes({ keep: ['checkpoint', 'checkpoints', 'steps'] })).toEqual(['weights/epoch-0001.safetensors']);
  });

  it('leaves a run that is not finished, or that another process holds, and says so', async () => {
    const both = join(folder, 'both');
    const stop = new AbortController();
    const stopped = train(
      { ...options, out: join(both, 'stopped') },
      { onStep: () => stop.abort(new Error('stop')), signal: stop.signal },
    );
    await expect(stopped).rejects.toThrow('stop');
    expect(() => pruneRuns(both)).toThrow(
      `prune: expected a folder with finished trainings '${both}', got one that is not finished`,
    );
    await train({ ...options, out: join(both, 'held') });
    await train({ ...options, out: join(both, 'whole') });
    using _claim = claimFolder('test', join(both, 'held'));
    const { runs, waiting, removed } = pruneRuns(both);
    expect(runs).toBe(1);
    expect(waiting.map(([path]) => path)).toEqual([join(both, 'held'), join(both, 'stopped')]);
    expect(waiting[0]![1]).toMatch(/^held by process \d+ of host /);
    expect(removed.map(({ path }) => path)).toEqual([join(both, 'whole/checkpoint.safetensors')]);
  });

  it.each([
    [
      { keep: ['weight'] },
      /^prune: expected keep to be one of 'checkpoint', 'checkpoints', 'weights', 'steps', 'trace', got 'weight'$/,
    ],
    [{ dryRun: 1 }, /^prune: expected dryRun to be true or false, got 1$/],
  ])('refuses %j', (given, message) => {
    expect(() => pruneRuns(study, given as object)).toThrow(message);
  });

  it('refuses a folder without finished trainings', () => {
    const none = join(folder, 'none');
    expect(() => pruneRuns(none)).toThrow(`prune: expected a folder with finished trainings '${none}', got no folder`);
    mkdirSync(none);
    expect(() => pruneRuns(none)).toThrow(`prune: expected a folder with finished trainings '${none}', got none`);
  });
});
