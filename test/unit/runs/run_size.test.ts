// How large a run folder will be, told before it is written, against the folders that trainings leave.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TrainOptions, train } from '../../../lib/index.js';
import type { RunSize } from '../../../lib/progress/index.js';
import { temporaryFolder } from '../../data/pictures.js';

const bytesIn = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0)
    : statSync(path).size;
const bytesAt = (path: string) => (existsSync(path) ? bytesIn(path) : 0);

/** What lies in a run folder, by the parts of the estimate. */
function sizeIn(folder: string): RunSize {
  const [weights, checkpoint, checkpoints, steps, trace] = [
    ...['weights', 'checkpoint.safetensors', 'checkpoints', 'steps', 'trace.bin'],
  ].map((name) => bytesAt(join(folder, name))) as [number, number, number, number, number];
  const bytes = bytesIn(folder);
  return {
    ...{ bytes, weights, checkpoint, checkpoints, steps, trace },
    others: bytes - weights - checkpoint - checkpoints - steps - trace,
  };
}

const small = { data: 'synthetic', samples: 8, imageSize: 32, batchSize: 2, epochs: 3, threads: 2 } as const;

async function trained(options: Partial<TrainOptions>) {
  const out = join(temporaryFolder(), 'run');
  let told: RunSize | undefined;
  await train({ model: 'mini_xception', ...small, ...options, out } as TrainOptions, {
    onSize: (size) => {
      expect(told).toBeUndefined();
      expect(bytesAt(join(out, 'checkpoint.safetensors'))).toBe(0);
      told = size;
    },
  });
  return { told: told!, found: sizeIn(out), out };
}

const ratio = (told: number, found: number) => (found === 0 && told === 0 ? 1 : told / found);

describe('the size of a run folder', () => {
  it.each<[string, Partial<TrainOptions>]>([
    ['of a network with residuals', {}],
    ['of a large network', { model: 'keras_convnet', imageSize: 80, epochs: 1 }],
    ['of many short epochs', { model: 'lenet5', epochs: 40 }],
    ['of many steps', { model: 'lenet5', samples: 200, batchSize: 1, epochs: 2 }],
    ['with all checkpoints', { checkpoints: 'all', epochs: 5 }],
    ['with weights of steps', { keepSteps: 7 }],
    ['with hashes of epochs', { model: 'lenet5', trace: 'weights', epochs: 20 }],
    ['with hashes and values of steps', { trace: 'steps', traceValues: 2 }],
  ])('%s is told to within a tenth, and that of weights and states to within a hundredth', async (_name, options) => {
    const { told, found } = await trained(options);
    for (const part of ['weights', 'checkpoints', 'steps', 'checkpoint'] as const) {
      const margin = options.model === 'lenet5' && part.startsWith('checkpoint') ? 0.05 : 0.01;
      expect([part, Math.abs(ratio(told[part], found[part]) - 1) < margin, told[part], found[part]]).toEqual([
        ...[part, true, told[part], found[part]],
      ]);
    }
    for (const part of ['bytes', 'trace'] as const) {
      expect([part, Math.abs(ratio(told[part], found[part]) - 1) < 0.1, told[part], found[part]]).toEqual([
        ...[part, true, told[part], found[part]],
      ]);
    }
  });

  it.each<[string, Partial<TrainOptions>]>([
    ['hashes of operations', { trace: 'ops' }],
    ['values of operations', { trace: 'ops', traceValues: 1 }],
    [
      'values of the operations of another network',
      { model: 'keras_convnet', imageSize: 80, epochs: 1, trace: 'ops', traceValues: 1 },
    ],
  ])('with %s is told to within a factor of two', async (_name, options) => {
    const { told, found } = await trained(options);
    expect(ratio(told.trace, found.trace)).toBeGreaterThan(0.5);
    expect(ratio(told.trace, found.trace)).toBeLessThan(2);
  });

  it('is that of the epochs to come where a training goes on in its own folder, and nothing without a folder', async () => {
    const first = await trained({ epochs: 1 });
    const before = first.found.weights;
    let told: RunSize | undefined;
    await train({ resume: first.out, epochs: 3 }, { onSize: (size) => (told = size) });
    const after = sizeIn(first.out).weights - before;
    expect(Math.abs(ratio(told!.weights, after) - 1)).toBeLessThan(0.01);
    told = undefined;
    await train({ model: 'mini_xception', ...small, epochs: 1 }, { onSize: (size) => (told = size) });
    expect(told).toBeUndefined();
  });

  it('is told before anything is written, and who throws then leaves an empty folder', async () => {
    const out = join(temporaryFolder(), 'run');
    const refuse = () => {
      throw new Error('no room');
    };
    await expect(train({ model: 'lenet5', ...small, out }, { onSize: refuse })).rejects.toThrow('no room');
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});
