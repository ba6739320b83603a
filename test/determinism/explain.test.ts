// Claim: an explanation is the same bits again, with any number of threads and on every instruction set, down to the
// pixels of its overlay. Controls: another class, a weight with one bit flipped, and trainings in atomic mode.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRuntime,
  type ExplainOptions,
  type Explanations,
  explainRuns,
  gradCam,
  modelOfRun,
  type Overlays,
  readPicture,
  readRun,
  resizePicture,
  restoreRun,
  train,
} from '../../lib/index.js';
import { picture } from '../data/pictures.js';
import { firstDifference } from '../support/bits.js';
import { deterministicTargets } from '../support/targets.js';
import { kRacing, small } from './trainings.js';

let folder: string;
let run: string;
let image: string;
let want: { explanations: Explanations; overlays: Overlays[] };

const explain = (changes: Partial<ExplainOptions> = {}) =>
  explainRuns({
    runs: [run],
    image,
    class: 'cats',
    occlude: { top: 20, left: 30, height: 40, width: 25 },
    threads: 2,
    ...changes,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-explain-'));
  run = join(folder, 'run');
  image = join(folder, 'picture.png');
  await picture(7, 96, 120).toFile(image);
  await train({ ...small, out: run });
  want = await explain();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an explanation', () => {
  it('says something: heat of several values', () => {
    expect(want.explanations.runs[0]).toMatchObject({ hasHeat: true, layer: 'conv2d_3', maps: [6, 6] });
    expect(new Set(want.overlays[0]!.whole.pixels).size).toBeGreaterThan(50);
  });

  it('is the same bits again', async () => {
    expect(await explain()).toEqual(want);
  });

  it.each([1, 2, 3, 7])('is the same bits with %d threads', async (threads) => {
    expect(await explain({ threads })).toEqual(want);
  });

  it.each(deterministicTargets)('is the same bits on $name', async ({ isa }) => {
    expect(await explain({ isa })).toEqual(want);
  });

  it('is the same bits from another folder, beside another run', async () => {
    const copy = join(folder, 'copy');
    cpSync(run, copy, { recursive: true });
    const { explanations } = await explain({ runs: [run, copy] });
    expect(explanations.runs[0]).toEqual(want.explanations.runs[0]);
    expect(explanations.runs[1]).toEqual({ ...explanations.runs[0], run: copy });
    expect(explanations.pairs).toMatchObject([{ runs: [1, 2], sameBits: true, ssim: 1, centreShift: 0 }]);
  });
});

describe('control', () => {
  const heatHash = (found: { explanations: Explanations }) => found.explanations.runs[0]!.heatHash;

  it('another class gives other heat', async () => {
    expect(heatHash(await explain({ class: 'bears' }))).not.toBe(heatHash(want));
  });

  it('one bit of one weight gives other heat', async () => {
    using runtime = createRuntime({ threads: 2 });
    const finished = readRun(run);
    using model = restoreRun(finished, await modelOfRun(finished), runtime);
    const pixels = resizePicture(runtime, await readPicture(image), [78, 78]);
    const { heat: before } = gradCam(model, pixels, { class: 1 });
    const { weight } = model.namedWeights().find(({ name }) => name === 'conv2d/kernel')!;
    const values = weight.tensor.data();
    new Uint32Array(values.buffer)[13]! ^= 1 << 22;
    weight.tensor.write(values);
    const { heat: after } = gradCam(model, pixels, { class: 1 });
    expect(firstDifference(after.values, before.values)).toMatch(/^element \d+: expected/);
  });

  it('trainings in atomic mode give heat of several bit patterns', async () => {
    const found = new Set<string>();
    for (let i = 0; i < 40 && found.size < 2; i++) {
      const out = join(folder, `atomic-${i}`);
      await train({ ...small, ...kRacing, out });
      found.add(heatHash(await explain({ runs: [out] })));
    }
    expect(found.size).toBeGreaterThan(1);
  });
});
