// A training killed by SIGKILL in the middle of any change to its folder: whatever lies there is gone on with, ends in the
// bits of a training that was never killed, and has a receipt that verifies. So does one on a disk that was full.

import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readReceipt, type TrainOptions, type TrainResult, train, verifyReceipt } from '../../lib/index.js';
import { receiptPath } from '../../lib/runs/index.js';
import { root } from '../architecture/sources.js';
import { bitsOf, small } from '../determinism/trainings.js';
import { drawnFactor } from '../drawn/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-killed-'));
const cache = process.env['SAMEBITS_CACHE'];
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (cache === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = cache;
});

const options: TrainOptions = {
  ...small,
  samples: 2,
  batchSize: 2,
  epochs: 1,
  threads: 1,
  trace: 'weights',
  keepSteps: 1,
};
const args = [
  ...['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '2', '--image-size', '78', '--epochs', '1'],
  ...['--batch-size', '2', '--threads', '1', '--trace', 'weights', '--keep-steps', '1'],
];
let want: TrainResult;
let files: string[];

beforeAll(async () => {
  process.env['SAMEBITS_CACHE'] = join(folder, 'cache');
  want = await train({ ...options, out: join(folder, 'straight') });
  files = Object.keys(readReceipt(receiptPath(join(folder, 'straight'))).files);
});

/** Trains into a folder in a process that kills itself at change `at`, or counts them for 0. */
function killed(out: string, at: number) {
  const env = { ...process.env, SAMEBITS_KILL: JSON.stringify({ inside: out, at }) };
  const call = ['--import', './test/support/killed_at.mjs', 'dist/cli/main.js', 'train', ...args, '--out', out];
  return spawnSync(process.execPath, call, { cwd: root, encoding: 'utf8', env });
}

/** Goes on with what lies in a folder, and holds the end against the straight run. */
async function goesOnAlike(out: string): Promise<void> {
  // A process killed before it had settings has told nothing but its own end.
  const request = existsSync(join(out, 'settings.json')) ? { resume: out } : { ...options, out };
  expect(bitsOf(await train(request))).toEqual(bitsOf(want));
  expect(await verifyReceipt(out)).toMatchObject({ equal: true, epochs: [1], files: { missing: [] } });
  expect(Object.keys(readReceipt(receiptPath(out)).files)).toEqual(files);
  const all = readdirSync(out, { recursive: true }).map(String);
  expect(all.filter((name) => /\.tmp$|owner/.test(name))).toEqual([]);
}

describe('a training that is killed', () => {
  it('at a change to its folder, in the middle of it, goes on to a receipt that verifies', async () => {
    const counted = killed(join(folder, 'counted'), 0);
    const changes = Number(/^(\d+) changes$/m.exec(counted.stderr)?.[1]);
    expect(changes).toBeGreaterThan(30);
    // Evenly spaced, the first and the last among them; all of them where more cases are drawn than usual.
    const spacing = drawnFactor > 1 ? 1 : (changes - 1) / 15;
    for (let place = 1; place <= changes + spacing / 2; place += spacing) {
      const at = Math.round(place);
      const out = join(folder, `killed-${at}`);
      expect({ at, signal: killed(out, at).signal }).toEqual({ at, signal: 'SIGKILL' });
      await goesOnAlike(out);
      rmSync(out, { recursive: true });
    }
  }, 900_000);

  it('lists in its receipt what it wrote, and nothing that others put there', async () => {
    const out = join(folder, 'littered');
    const onStep = () => {
      mkdirSync(join(out, 'weights'), { recursive: true });
      for (const name of ['.DS_Store', 'checkpoint.safetensors.1.tmp', 'notes.safetensors', 'epoch-0009.safetensors']) {
        writeFileSync(join(out, name), 'of others');
        writeFileSync(join(out, 'weights', name), 'of others');
      }
    };
    await train({ ...options, out }, { onStep });
    expect(Object.keys(readReceipt(receiptPath(out)).files)).toEqual(files);
    expect(await verifyReceipt(out)).toMatchObject({ equal: true });
  });
});

describe('a disk that is full', () => {
  const { writeFileSync: write, writeSync } = fs;
  afterEach(() => {
    Object.assign(fs, { writeFileSync: write, writeSync });
    syncBuiltinESMExports();
  });

  it('at any write, until there is room again, changes no bit of the end', async () => {
    /** Fails at write `at`, and at every one behind it, after half of it. */
    const fill = (at: number) => {
      let writes = 0;
      const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const half = (content: string | Uint8Array) => content.slice(0, content.length >> 1);
      fs.writeFileSync = ((path: string, content: string, settings: object) => {
        writes += 1;
        if (writes < at) return write(path, content, settings);
        write(path, half(content), settings);
        throw full();
      }) as typeof fs.writeFileSync;
      fs.writeSync = ((...call: Parameters<typeof writeSync>) => {
        writes += 1;
        if (writes < at) return writeSync(...call);
        throw full();
      }) as typeof fs.writeSync;
      syncBuiltinESMExports();
      return () => writes;
    };
    const empty = fill(Number.POSITIVE_INFINITY);
    await train({ ...options, out: join(folder, 'roomy') });
    const writes = empty();
    expect(writes).toBeGreaterThan(8);
    for (let at = 1; at <= writes; at += 1) {
      const out = join(folder, `full-${at}`);
      fill(at);
      await expect(train({ ...options, out })).rejects.toThrow('ENOSPC: no space left on device');
      Object.assign(fs, { writeFileSync: write, writeSync });
      syncBuiltinESMExports();
      await goesOnAlike(out);
      rmSync(out, { recursive: true });
    }
  }, 300_000);
});

/** Mounts a file system of so much memory; false where this system does not let us. */
function mounted(place: string, size: string): boolean {
  mkdirSync(place, { recursive: true });
  return (
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place]).status === 0
  );
}

const trial = join(folder, 'trial');
const mayMount = mounted(trial, '1m');
if (mayMount) spawnSync('umount', [trial]);

describe.runIf(mayMount)('a real file system that is full', () => {
  it('in the middle of a training, then larger: the run goes on to the same bits', async () => {
    const disk = join(folder, 'disk');
    // Room for two checkpoints of 7.5 MiB, but not for the weights beside them.
    expect(mounted(disk, '17m')).toBe(true);
    try {
      const out = join(disk, 'run');
      await expect(train({ ...options, out })).rejects.toThrow(/^write: expected to be able to write .* got ENOSPC/);
      expect(existsSync(join(out, 'checkpoint.safetensors'))).toBe(true);
      expect(spawnSync('mount', ['-o', 'remount,size=64m', disk]).status).toBe(0);
      await goesOnAlike(out);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});

if (!mayMount) it.skip('a real file system that is full: not run, this system does not let the tests mount one');
