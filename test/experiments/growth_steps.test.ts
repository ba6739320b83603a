// How runs part from step to step, of real trainings: seeded arrivals that differ, deterministic runs that do not, and one
// flipped bit, whose step is known.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepsDivergence } from '../../lib/experiments/index.js';
import type { FinishedTrial } from '../../lib/experiments/measure.js';
import { stepsDivergenceOf } from '../../lib/experiments/steps.js';
import { readSafetensors, type TrainOptions, train } from '../../lib/index.js';
import { stepWeightsPath } from '../../lib/runs/index.js';
import { kSteps, small } from '../determinism/trainings.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function trained(name: string, changes: Partial<TrainOptions>): Promise<FinishedTrial> {
  const out = join(folder, name);
  const result = await train({ ...small, keepSteps: kSteps, ...changes, out });
  return { folder: out, trial: { mode: 'deterministic', run: 1, folder: name }, result };
}

const valuesOf = (trial: FinishedTrial, step: number) =>
  readSafetensors(stepWeightsPath(trial.folder, step)).tensors.flatMap(({ data }) => [...(data as Float32Array)]);

let plain: FinishedTrial;
let seeded: FinishedTrial[];
let found: StepsDivergence;
beforeAll(async () => {
  plain = await trained('plain', {});
  seeded = [];
  for (const arrivalSeed of [1, 2, 3]) {
    seeded.push(await trained(`seeded-${arrivalSeed}`, { mode: 'atomic', arrivalSeed }));
  }
  found = stepsDivergenceOf(seeded)!;
});

describe('runs whose sums arrive in other orders', () => {
  it('are apart after the first step, and ever farther', () => {
    expect(found.firstApart).toBe(1);
    expect(found.lastSame).toBeNull();
    const lengths = found.perStep.map(({ all }) => all.l2!);
    expect(found.perStep.map(({ step, epoch }) => [step, epoch])).toEqual(
      [1, 2, 3, 4, 5, 6].map((step) => [step, step <= 3 ? 1 : 2]),
    );
    expect(lengths.every((l2) => l2 > 0)).toBe(true);
    expect(lengths.at(-1)!).toBeGreaterThan(lengths[0]!);
  });

  it('are as far apart as an independent sum over their weights says, pair by pair and together', () => {
    const step = 4;
    const { pairs, all } = found.perStep[step - 1]!;
    const squares = (a: FinishedTrial, b: FinishedTrial) => {
      const other = valuesOf(b, step);
      return valuesOf(a, step).reduce((sum, value, i) => sum + (value - other[i]!) ** 2, 0);
    };
    const [one, two, three] = seeded as [FinishedTrial, FinishedTrial, FinishedTrial];
    const expected = [squares(one, two), squares(one, three), squares(two, three)];
    expect(pairs.map(({ runs }) => runs)).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
    ]);
    pairs.forEach(({ l2 }, i) => {
      expect(l2! / Math.sqrt(expected[i]!)).toBeCloseTo(1, 10);
    });
    const lengths = expected.map(Math.sqrt);
    expect(all.l2! / (lengths.reduce((sum, length) => sum + length) / 3)).toBeCloseTo(1, 10);
    expect(all.l2Least! / Math.min(...lengths)).toBeCloseTo(1, 10);
    expect(all.l2Largest! / Math.max(...lengths)).toBeCloseTo(1, 10);
  });

  it('grow at the slope of the least squares through the logarithms where that is a line, otherwise at no rate', () => {
    // Steps at which a layer is not apart yet have no logarithm and no part in its line.
    const expectGrowth = (growth: typeof found.growth, values: number[]) => {
      const points = values.flatMap((value, i) => (value === 0 ? [] : [{ x: i + 1, y: Math.log(value) }]));
      const mean = (pick: (point: { x: number; y: number }) => number) =>
        points.reduce((sum, point) => sum + pick(point), 0) / points.length;
      const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
      const covariance = mean((point) => (point.x - x) * (point.y - y));
      const [varianceX, varianceY] = [mean((point) => (point.x - x) ** 2), mean((point) => (point.y - y) ** 2)];
      const rSquared = covariance ** 2 / varianceX / varianceY;
      expect(growth.rSquared).toBeCloseTo(rSquared, 10);
      expect([growth.from, growth.to, growth.used]).toEqual([points[0]!.x, points.at(-1)!.x, points.length]);
      if (rSquared < 0.9) expect(growth).toMatchObject({ rate: null, interval: null, without: 'no line' });
      else expect(growth.rate).toBeCloseTo(covariance / varianceX, 10);
    };
    expectGrowth(
      found.growth,
      found.perStep.map(({ all }) => all.l2!),
    );
    for (const [i, growth] of found.layers.entries()) {
      expectGrowth(
        growth,
        found.perStep.map(({ layers }) => layers[i]!.l2!),
      );
    }
    const ratios = found.perStep.slice(1).map(({ all }, i) => Math.log(all.l2! / found.perStep[i]!.all.l2!));
    expect(found.steepest!.rate).toBeCloseTo(Math.max(...ratios), 10);
  });
});

describe('control', () => {
  it('deterministic runs have distance 0 after every step, with other threads too', async () => {
    const steps = stepsDivergenceOf([plain, await trained('threads', { threads: 3 })])!;
    expect(steps).toMatchObject({
      firstApart: null,
      lastSame: kSteps,
      steepest: null,
      growth: { rate: null, zeros: 6 },
    });
    for (const { all, layers, pairs } of steps.perStep) {
      for (const one of [all, ...layers, ...pairs]) expect(one).toMatchObject({ l2: 0, maxUlp: 0, differing: 0 });
    }
  });

  it('a bit flipped after step 3 is seen after step 3, in its layer alone, and not before', async () => {
    const flip = { step: 3, tensor: 'conv2d/kernel', index: 5, bit: 20 };
    const steps = stepsDivergenceOf([plain, await trained('flipped', { flip })])!;
    expect(steps).toMatchObject({ firstApart: 3, lastSame: 2 });
    const { layers } = steps.perStep[2]!;
    expect(layers.filter(({ differing }) => differing > 0).map(({ layer, maxUlp }) => [layer, maxUlp])).toEqual([
      ['conv2d', 2 ** 20],
    ]);
    expect(steps.perStep[3]!.layers.filter(({ differing }) => differing > 0).length).toBeGreaterThan(1);
  });

  it('where one run kept no weights there is nothing to compare', async () => {
    expect(stepsDivergenceOf([plain, await trained('unkept', { keepSteps: 0 })])).toBeNull();
  });
});
