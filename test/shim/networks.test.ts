// Networks known by name on the CUDA kernels, run on the CPU by the shim: a step, its judgement and what is predicted have the bits of the CPU's.
// Control: in atomic mode, where partial sums arrive in an order that is drawn, the weights are others. The two networks that
// steps.test.ts trains, and the changed form of one, take as long as all others together: SAMEBITS_NETWORKS=all trains them, too.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mode, type TrainOptions, train } from '../../lib/index.js';
import { models } from '../../lib/networks/index.js';
import { narrowTrainings } from '../determinism/narrow.js';
import { bitsOf, small } from '../determinism/trainings.js';
import { runChild } from '../support/child.js';
import { buildAddon } from './build.js';
import type { TrainedNetwork } from './networks_child.js';

const folder = mkdtempSync(path.join(tmpdir(), 'samebits-networks-on-shim-'));
afterAll(() => rmSync(folder, { recursive: true }));

const narrow = narrowTrainings(folder);
const wide = Object.fromEntries(
  Object.keys(models)
    .filter((model) => !(model in narrow))
    .map((model) => [model, { model, imageSize: model === 'keras_convnet' ? 78 : 37 }]),
);
const short = { samples: 2, batchSize: 2, epochs: 1, threads: 1 };
// Four samples of 256 places each, since two partial sums are one sum in either order.
const own: Record<string, Partial<TrainOptions>> = { unet: { samples: 4, batchSize: 4 } };
const trainings = Object.entries({ ...narrow, ...(process.env['SAMEBITS_NETWORKS'] === 'all' ? wide : {}) }).map(
  ([model, settings]) => ({ ...small, ...settings, ...short, ...own[model] }),
);

const child = new URL('./networks_child.ts', import.meta.url);
async function onShim(addon: string, mode: Mode): Promise<TrainedNetwork[]> {
  const settings = trainings.map((one) => ({ ...one, device: 'cuda', mode }));
  const env = { SAMEBITS_ADDON: addon, SAMEBITS_SHIM_ORDER: '2024' };
  return JSON.parse(await runChild(child, [JSON.stringify(settings)], env)) as TrainedNetwork[];
}

let deterministic: TrainedNetwork[];
let atomic: TrainedNetwork[];
beforeAll(async () => {
  const addon = await buildAddon();
  deterministic = await onShim(addon, 'deterministic');
  atomic = await onShim(addon, 'atomic');
}, 900_000);

it('is every network of the table, with those of steps.test.ts', () => {
  expect([...Object.keys(narrow), ...Object.keys(wide)].sort()).toEqual(Object.keys(models).sort());
});

describe.each(trainings.map((settings, i) => ({ model: settings.model!, settings, i })))(
  '$model on the shim',
  ({ model, settings, i }) => {
    it('has the bits of the CPU, and others where partial sums arrive in a drawn order (control)', async () => {
      const cpu = bitsOf(await train(settings));
      const [{ bits, seconds }, other] = [deterministic[i]!, atomic[i]!];
      expect(bits).toEqual(cpu);
      expect(other.bits.weightsHash).not.toBe(cpu.weightsHash);
      expect(other.bits.dataHash).toBe(cpu.dataHash);
      if (model in wide) console.info(`${model}: ${seconds.toFixed(1)} s`);
    }, 600_000);
  },
);
