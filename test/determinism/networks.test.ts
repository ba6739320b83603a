// The claims for a short training of every network known by name, a narrow one: the same weights, losses and predictions with one
// thread and two, on every instruction set, and stopped and resumed. Control: another seed. Those of Leventi-Peetz and Oestreich have
// theirs in training.test.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TrainOptions } from '../../lib/index.js';
import { models } from '../../lib/networks/index.js';
import { deterministicTargets } from '../support/targets.js';
import { train } from './trainings.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-networks-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Discs on a ground, and which places they cover.
const masks = path.join(folder, 'masks.mjs');
writeFileSync(
  masks,
  `const side = 16;
const places = Array.from({ length: side * side }, (_, p) => [p % side, Math.floor(p / side)]);
const split = (count, from) => {
  const samples = Array.from({ length: count }, (_, i) => places.map(([x, y]) => Number(Math.hypot(x - 5 - from - i, y - 8) < 5)));
  const y = Uint8Array.from(samples.flat());
  return { x: y.map((inside, p) => 90 * inside + ((p * 37) % 100)), y, sampleShape: [side, side, 1], targetShape: [side, side] };
};
export default { train: split(4, 0), validation: split(2, 4), targets: 'mask', classNames: ['ground', 'disc'] };
`,
);

const narrow = { modelOptions: { width: 1 / 32 }, samples: 4, batchSize: 2, epochs: 2 };
/** The smallest pictures that each takes, and what else differs. */
const sizes: Record<string, Partial<TrainOptions>> = {
  inception_v3: { imageSize: 75 },
  lenet5: { imageSize: 14, modelOptions: { width: 1 } },
  mobilenet: { imageSize: 32 },
  mobilenet_v2: { imageSize: 32 },
  preact_resnet18: { imageSize: 12 },
  resnet18: { imageSize: 32 },
  resnet50: { imageSize: 32, modelOptions: { width: 1 / 32, layout: 'torch' } },
  unet: { data: masks, modelOptions: { width: 1 / 32, depth: 2 }, imageSize: undefined, damaged: undefined } as object,
  xception: { imageSize: 71 },
};
const own = Object.keys(models).filter((name) => !/^keras_convnet$|^mini_xception/.test(name));

it('has a size for every network of the table', () => {
  expect(Object.keys(sizes)).toEqual(own);
});

describe.each(own)('a short training of %s', (model) => {
  const settings = { ...narrow, ...sizes[model], model };

  it('is the same bits with one thread and two, on every instruction set, and resumed', async () => {
    const want = await train(settings);
    for (const { isa } of deterministicTargets) expect(await train({ ...settings, isa, threads: 1 })).toEqual(want);
    const out = path.join(folder, model);
    const stop = new AbortController();
    const reason = new Error('stopped by the test');
    const onStep = ({ epoch, step }: { epoch: number; step: number }) => {
      if (epoch === 2 && step === 1) stop.abort(reason);
    };
    await expect(train({ ...settings, out, threads: 1 }, { onStep, signal: stop.signal })).rejects.toBe(reason);
    expect(await train({ ...settings, resume: out, threads: 2 })).toEqual(want);
    expect((await train({ ...settings, seed: 7, isa: 'auto' })).weightsHash).not.toBe(want.weightsHash);
  });

  it('is the same bits in atomic mode where the order of arrival is drawn from a seed', async () => {
    const drawn = { ...settings, mode: 'atomic', arrivalSeed: 3 } as const;
    expect(await train({ ...drawn, threads: 1 })).toEqual(await train({ ...drawn, threads: 2 }));
  });
});
