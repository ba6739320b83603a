// The addon's state hangs on the environment: worker threads and double loads are safe, and do not see each other.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { addonFile } from '../../lib/addon/index.js';
import { createRuntime, sum, tensor } from '../../lib/index.js';

const require = createRequire(import.meta.url);

/** The part of the addon's exports that these tests call. */
interface Addon {
  createRuntime(isa: string, mode: string, threads: number): object;
  allocate(runtime: object, bytes: number): object;
  write(storage: object, data: ArrayBufferView, offset: number): void;
  read(storage: object, data: ArrayBufferView, offset: number): void;
  run(runtime: object, kernel: string, tensors: object[], settings: object): void;
}

const source = `
const { parentPort, workerData } = require('node:worker_threads');
const addon = require(workerData.file);
const runtime = addon.createRuntime('scalar', 'deterministic', 2);
const storage = addon.allocate(runtime, 4 * workerData.values.length);
addon.write(storage, workerData.values, 0);
const x = { storage, dtype: 0, shape: [workerData.values.length] };
for (let i = 0; i < workerData.rounds; ++i) addon.run(runtime, 'add.forward', [x, x, x], {});
const values = new Float32Array(workerData.values.length);
addon.read(storage, values, 0);
parentPort.postMessage(values);
if (workerData.leave) process.exit(0);
`;

function inWorker(values: Float32Array, rounds: number, leave = false): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData: { file: addonFile, values, rounds, leave } });
    let answer: Float32Array | undefined;
    worker.once('message', (message: Float32Array) => {
      answer = message;
    });
    worker.once('error', reject);
    worker.once('exit', () => (answer ? resolve(answer) : reject(new Error('the worker gave no answer'))));
  });
}

describe('worker threads', () => {
  it('four workers at once, and the main thread, each compute their own', async () => {
    using runtime = createRuntime({ threads: 2 });
    const answers = [1, 2, 3, 4].map((value) => inWorker(new Float32Array(5000).fill(value), 8));
    const x = tensor(runtime, new Float32Array(5000).fill(0.5));
    expect(sum(x).item()).toBe(2500);
    (await Promise.all(answers)).forEach((values, i) => {
      expect(new Set(values)).toEqual(new Set([(i + 1) * 256]));
    });
  });

  it('fifty workers one after another, half of them leaving without dispose, do no harm', async () => {
    for (let i = 0; i < 50; ++i) {
      expect((await inWorker(Float32Array.of(i), 1, i % 2 === 1))[0]).toBe(2 * i);
    }
  });
});

describe('double load', () => {
  it('the same file loaded twice has one set of exports', () => {
    expect(require(addonFile)).toBe(require(addonFile));
  });

  it('a copy of the file is a second addon whose objects the first refuses', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'samebits-double-'));
    try {
      const copy = path.join(folder, 'copy.node');
      cpSync(addonFile, copy);
      const [one, other] = [require(addonFile) as Addon, require(copy) as Addon];
      const runtime = other.createRuntime('scalar', 'deterministic', 2);
      const storage = other.allocate(runtime, 8);
      other.write(storage, Float32Array.of(1, 2), 0);
      const x = { storage, dtype: 0, shape: [2] };
      other.run(runtime, 'add.forward', [x, x, x], {});
      const values = new Float32Array(2);
      other.read(storage, values, 0);
      expect([...values]).toEqual([2, 4]);
      const mine = one.createRuntime('scalar', 'deterministic', 1);
      expect(() => one.run(mine, 'add.forward', [x, x, x], {})).toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
