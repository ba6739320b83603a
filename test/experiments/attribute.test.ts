// attribute: sources are ranked by what they lead to; each alone repeats itself with seeded arrival, on any number of
// threads, and is the training that the trainer does. Controls: other seeds differ, a flip is one bit at first.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesOf } from '../../lib/attribution/options.js';
import { type AttributeOptions, type Attribution, attribute, type TrainOptions, train } from '../../lib/index.js';
import { small } from '../determinism/trainings.js';
import { samebits } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-attribute-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Two epochs of two steps. */
const whole: TrainOptions = { ...small, samples: 6, batchSize: 3 };
const { epochs, mode, ...place } = whole;
const options: AttributeOptions = { ...place, steps: 4, runs: 2, check: true };
let found: Attribution;
beforeAll(async () => {
  found = await attribute(options);
}, 600_000);
const sourceOf = (name: string, { sources } = found) => sources.find((source) => source.name === name)!;

describe('attribute', () => {
  it('tries every kernel of a step that joins sums, atomic mode and a flip', () => {
    expect(found.kernels).toEqual([
      'binary_crossentropy.forward',
      'conv2d.inputGradient',
      'conv2d.weightGradient',
      'dense.inputGradient',
      'dense.weightGradient',
      'max_pool2d.inputGradient',
    ]);
    const flip = 'flip step=1,tensor=conv2d/kernel,index=0,bit=0';
    expect(found.sources.map(({ name }) => name).sort()).toEqual([...found.kernels, 'atomic mode', flip].sort());
  });

  it('ranks them by the median distance at the end', () => {
    const distances = found.sources.map(({ median }) => median.l2);
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(found.sources.map(({ rank }) => rank)).toEqual(found.sources.map((_, i) => i + 1));
    expect(distances[0]).toBeGreaterThan(0);
    // The loss is told, not learned from, and each dense input gradient is one block of terms: nothing can differ.
    for (const name of ['binary_crossentropy.forward', 'dense.inputGradient']) {
      expect(sourceOf(name)).toMatchObject({ distinctWeights: 1, median: { l2: 0, differing: 0, growth: null } });
    }
  });

  it('finds that each source repeats itself, and that other seeds differ', () => {
    for (const { repeats } of found.sources) expect(repeats).toBe(true);
    for (const name of ['conv2d.weightGradient', 'conv2d.inputGradient', 'atomic mode']) {
      const { runs, distinctWeights } = sourceOf(name);
      expect({ name, distinctWeights }).toEqual({ name, distinctWeights: 2 });
      for (const run of runs) expect(run.weightsHash).not.toBe(found.baseline.weightsHash);
    }
  });

  it('gives the same sources on another number of threads', async () => {
    const again = await attribute({ ...options, threads: 1 });
    expect(again.sources).toEqual(found.sources);
    expect(again.baseline).toEqual(found.baseline);
  });

  it('trains as the trainer does', async () => {
    const hashOf = async (changes: object) => (await train({ ...whole, ...changes })).weightsHash;
    expect(await hashOf({})).toBe(found.baseline.weightsHash);
    for (const name of ['conv2d.weightGradient', 'dense.weightGradient']) {
      const { runs } = sourceOf(name);
      expect(await hashOf({ atomic: [name], arrivalSeed: 2 })).toBe(runs[1]!.weightsHash);
    }
    expect(await hashOf({ mode: 'atomic', arrivalSeed: 1 })).toBe(sourceOf('atomic mode').runs[0]!.weightsHash);
  });

  it('measures after each step: a flip is one unit in the last place of one weight, and grows', () => {
    const { places, growth } = found.sources.find(({ kind }) => kind === 'flip')!.runs[0]!;
    expect(places.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(places[0]).toMatchObject({ maxUlp: 1, differing: 1 / found.weights });
    expect(places.at(-1)!.differing).toBeGreaterThan(0.01);
    expect(places.at(-1)!.l2).toBeGreaterThan(places[0]!.l2);
    expect(growth.firstApart).toBe(1);
  });

  it('measures at 64 places at most, evenly spaced, the last step among them', () => {
    expect(placesOf(3)).toEqual([1, 2, 3]);
    const places = placesOf(1000);
    expect([places.length, places[0], places.at(-1)]).toEqual([64, 16, 1000]);
    const gaps = places.slice(1).map((place, i) => place - places[i]!);
    expect([...new Set(gaps)].sort()).toEqual([15, 16]);
  });

  it.each(['mini_xception', 'mini_xception_conv'])(
    'works for %s, where each source repeats itself',
    async (model) => {
      const { kernels, sources } = await attribute({ ...options, model, imageSize: 40, samples: 4, steps: 2 });
      expect(kernels).toContain('batch_norm.statistics');
      expect(kernels.includes('depthwise_conv2d.weightGradient')).toBe(model === 'mini_xception');
      for (const { name, repeats } of sources) expect({ name, repeats }).toEqual({ name, repeats: true });
      const statistics = sources.find(({ name }) => name === 'batch_norm.statistics')!;
      expect(statistics.distinctWeights).toBe(2);
    },
    600_000,
  );

  it('of real arrival draws nothing', async () => {
    const real = { ...options, arrival: 'real', check: false, runs: 1, kernels: ['conv2d.weightGradient'] } as const;
    const { sources } = await attribute({ ...real, steps: 1 });
    for (const { repeats, runs } of sources)
      expect({ repeats, seed: runs[0]!.seed }).toEqual({ repeats: null, seed: null });
  });

  const refused: [string, Partial<AttributeOptions>, string][] = [
    ['no steps', { steps: 0 }, 'attribute: expected steps to be an integer >= 1, got 0'],
    [
      'an unknown arrival',
      { arrival: 'late' as 'real' },
      "attribute: expected arrival to be one of 'seeded', 'real', got 'late'",
    ],
    ['no runs', { runs: 0 }, 'attribute: expected runs to be an integer >= 1, got 0'],
    ['a device', { device: 'cuda' }, "attribute: expected device 'cpu' for a seeded arrival, got 'cuda'"],
    [
      'to check real arrival',
      { arrival: 'real' },
      "attribute: expected arrival 'seeded' to check that sources repeat, got 'real'; real arrival does not repeat itself",
    ],
    [
      'a seed of real arrival',
      { arrival: 'real', arrivalSeed: 3, check: false },
      "attribute: expected arrival 'seeded' beside an arrivalSeed, got 'real'",
    ],
    [
      'a kernel the model does not use',
      { kernels: ['batch_norm.statistics'], steps: 1 },
      'attribute: expected kernels of binary_crossentropy.forward, conv2d.inputGradient, conv2d.weightGradient, ' +
        "dense.inputGradient, dense.weightGradient, max_pool2d.inputGradient, got 'batch_norm.statistics'",
    ],
    [
      'a flip after the last step',
      { flip: { step: 5, tensor: 'dense/bias', index: 0, bit: 0 } },
      'flip: expected step from 1 to 4, got 5',
    ],
  ];
  it.each(refused)('refuses %s', async (_, changes, message) => {
    await expect(attribute({ ...options, ...changes })).rejects.toThrow(message);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const onStep = (step: number) => step === 2 && stop.abort(new Error('enough'));
    await expect(attribute(options, { onStep, signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('on the command line', () => {
  const args = ['--model', 'keras_convnet', '--data', 'synthetic', '--samples', '6', '--image-size', '78'];
  const asked = ['attribute', ...args, '--batch-size', '3', '--steps', '4', '--runs', '2', '--threads', '2'];

  it('prints a table and writes the numbers', () => {
    const out = join(folder, 'out');
    const kernels = ['--kernels', 'conv2d.weightGradient,dense.inputGradient'];
    const { code, stdout } = samebits([...asked, ...kernels, '--out', out]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('keras_convnet on synthetic, 78 × 78, batch 3, 4 steps, seed 1001');
    const { baseline, sources } = JSON.parse(readFileSync(join(out, 'attribution.json'), 'utf8')) as Attribution;
    expect(baseline).toEqual(found.baseline);
    expect(sources).toHaveLength(4);
    for (const { name, runs } of sources) expect(runs).toEqual(sourceOf(name).runs);
    expect(lines.slice(4).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(
      sources.map(({ rank, name }) => [String(rank), name]),
    );
    const rows = (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\r\n').length - 1;
    const runs = sources.reduce((sum, source) => sum + source.runs.length, 0);
    expect([rows('attribution.csv'), rows('growth.csv')]).toEqual([runs, runs * 4]);
  });

  const bad: [string[], string][] = [
    [['attribute', ...args], '--steps: expected a value, got none'],
    [['attribute', ...args, '--steps', '0'], "--steps: expected an integer >= 1, got '0'"],
    [
      ['attribute', ...args, '--steps', '1', '--arrival', 'late'],
      "--arrival: expected one of seeded, real, got 'late'",
    ],
    [
      ['attribute', ...args, '--steps', '1', '--arrival', 'real', '--arrival-seed', '4'],
      "attribute: expected arrival 'seeded' beside an arrivalSeed, got 'real'",
    ],
  ];
  it.each(bad)('%j is refused before any work', (given, message) => {
    expect(samebits(given)).toEqual({ code: 2, stdout: '', stderr: `samebits: ${message}\n` });
  });
});
