// Gradient accumulation: with 2^k steps of 2^j samples the weights have the bits of one step on all of these samples, where every
// sample counts by itself. Controls: other numbers, and a layer that looks at its batch, give other bits.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, layers, optimizers, type RuntimeOptions, sequential, weightsHash } from '../../lib/index.js';
import { uniforms } from '../support/inputs.js';
import { deterministicTargets } from '../support/targets.js';

const plain = createRuntime({ threads: 2 });
afterAll(() => plain.dispose());

const side = 9;
interface How {
  /** Samples of a step. */
  batchSize: number;
  /** Steps of an update. */
  steps: number;
  normalized?: boolean;
  loss?: string;
  target?: RuntimeOptions;
}

/** The hash of the weights behind an epoch of 48 samples. */
async function trained({ batchSize, steps, normalized = false, loss = 'binaryCrossentropy', target }: How) {
  const runtime = target === undefined ? plain : createRuntime(target);
  const optimizer = optimizers.adam({
    ...{ learningRate: 0.01, globalClipnorm: 0.01 },
    ...(steps > 1 && { gradientAccumulationSteps: steps }),
  });
  const net = sequential([
    layers.input({ shape: [side, side, 2] }),
    layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }),
    ...(normalized ? [layers.batchNormalization()] : []),
    layers.maxPooling2d(),
    layers.separableConv2d({ filters: 4, kernelSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 3, activation: 'sigmoid' }),
  ]).compile({ runtime, loss, optimizer, seed: 11 });
  const x = uniforms(91, 1, 48 * side * side * 2);
  await net.fit({ x, y: uniforms(92, 2, 48 * 3) }, { batchSize, shuffle: false });
  const hash = weightsHash(net);
  net.dispose();
  if (target !== undefined) runtime.dispose();
  return hash;
}

describe('accumulated gradients', () => {
  it.each([
    [16, 8, 2],
    [16, 4, 4],
    [16, 1, 16],
    [8, 2, 4],
  ])('a batch of %d has the bits of %d samples a step, %d steps an update', async (whole, batchSize, steps) => {
    expect(await trained({ batchSize, steps })).toBe(await trained({ batchSize: whole, steps: 1 }));
  });

  it.each([
    ['three steps', { batchSize: 4, steps: 3 }, { batchSize: 12, steps: 1 }],
    ['steps of six samples', { batchSize: 6, steps: 2 }, { batchSize: 12, steps: 1 }],
    [
      'batch normalization',
      { batchSize: 4, steps: 4, normalized: true },
      { batchSize: 16, steps: 1, normalized: true },
    ],
    ['a loss of the whole batch', { batchSize: 4, steps: 4, loss: 'dice' }, { batchSize: 16, steps: 1, loss: 'dice' }],
  ])('control: %s give other bits', async (_what, parts, whole) => {
    expect(await trained(parts)).not.toBe(await trained(whole));
  });

  it('have the same bits with any threads and instruction set', async () => {
    const how = { batchSize: 4, steps: 3 };
    const want = await trained(how);
    for (const threads of [1, 3, 5]) expect(await trained({ ...how, target: { threads } })).toBe(want);
    for (const { isa } of deterministicTargets)
      expect(await trained({ ...how, target: { threads: 2, isa } })).toBe(want);
  });
});

it('a training that is resumed within an update has the bits of one that was not stopped', async () => {
  const out = mkdtempSync(join(tmpdir(), 'samebits-accumulation-'));
  const compiled = (steps: number) =>
    sequential([layers.input({ shape: [3] }), layers.dense({ units: 1, activation: 'sigmoid' })]).compile({
      ...{ runtime: plain, loss: 'binaryCrossentropy', seed: 2 },
      optimizer: optimizers.adam({ gradientAccumulationSteps: steps }),
    });
  // Three steps an epoch, two an update.
  const data = { x: uniforms(93, 1, 36), y: Array.from({ length: 12 }, (_, i) => i % 2) };
  const kept = async (folder: string, steps: number, parts: readonly object[]) => {
    let hash = '';
    for (const run of parts) {
      using model = compiled(steps);
      await model.fit(data, { batchSize: 4, ...run } as never);
      hash = weightsHash(model);
    }
    rmSync(join(out, folder), { recursive: true, force: true });
    return hash;
  };
  const whole = (folder: string) => ({ epochs: 2, run: { out: join(out, folder) } });
  const first = { epochs: 1, run: { out: join(out, 'b') } };
  const then = { epochs: 2, run: { resume: join(out, 'b') } };
  const want = await kept('a', 2, [whole('a')]);
  expect(await kept('b', 2, [first, then])).toBe(want);
  expect(await kept('c', 3, [whole('c')])).not.toBe(want);
  rmSync(out, { recursive: true });
});

describe('gradientAccumulationSteps', () => {
  it.each([1, 0, 2.5, 'four'])('is no %s', (steps) => {
    expect(() => optimizers.sgd({ gradientAccumulationSteps: steps as never })).toThrow(
      `sgd: expected gradientAccumulationSteps to be an integer >= 2, got ${typeof steps === 'string' ? "'four'" : steps}`,
    );
  });

  it('keeps sums in as many slots as their tree has levels', () => {
    const slots = (gradientAccumulationSteps: number) => optimizers.sgd({ gradientAccumulationSteps }).slots.length;
    expect([2, 3, 4, 5, 8, 9].map(slots)).toEqual([1, 2, 2, 3, 3, 4]);
  });
});
