import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runExperiment } from '../../lib/experiments/index.js';
import type { TrialProgress } from '../../lib/progress/index.js';
import { definition, fakeRunner } from '../support/fixtures.js';

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-runner-'));
  out = join(folder, 'experiment');
});
afterEach(() => {
  delete process.env['SAMEBITS_FAKE'];
  rmSync(folder, { recursive: true, force: true });
});

const fault = (trial: string, how: string) => {
  process.env['SAMEBITS_FAKE'] = JSON.stringify({ trial, how });
};
const run = (hooks = {}) => runExperiment(definition, fakeRunner(out), hooks);

describe('an experiment', () => {
  it('runs every trial in its own process and says what the runs differ in', async () => {
    const result = await run();
    const deterministic = result.targets['cpu/scalar/deterministic']!;
    const atomic = result.targets['cpu/scalar/atomic']!;
    expect(Object.keys(result.targets)).toHaveLength(2);
    expect(deterministic).toMatchObject({ distinctWeights: 1, distinctPredictions: 1 });
    expect(deterministic.divergence).toMatchObject({ pairs: 1, firstEpoch: null });
    expect(deterministic.divergence.layers.every((layer) => layer.maxUlp === 0 && layer.differingBits === 0)).toBe(
      true,
    );
    expect(atomic).toMatchObject({ distinctWeights: 2, distinctPredictions: 2 });
    expect(atomic.divergence.firstEpoch).toBe(2);
    expect(atomic.divergence.perEpoch.map((epoch) => epoch.distinctWeights)).toEqual([1, 2]);
    expect(atomic.divergence.layers).toMatchObject([
      { layer: 'conv2d', maxUlp: 1, meanUlp: 1 / 3 },
      { layer: 'dense', maxUlp: 2, meanUlp: 2 },
    ]);
  });

  it('measures the final weights and predictions: histogram, fields, similarity, spread, growth, classes', async () => {
    const { targets } = await run();
    const { divergence } = targets['cpu/scalar/atomic']!;
    // Four weights, one pair of runs: two equal, one 1 ulp and one 2 ulp apart.
    expect(divergence.ulpHistogram.slice(0, 4)).toEqual([2, 1, 1, 0]);
    expect(divergence.bitFields.sign + divergence.bitFields.exponent).toBe(0);
    expect(divergence.similarity.lastLayer).toMatchObject({
      layer: 'dense',
      matrix: [
        [1, 1],
        [1, 1],
      ],
    });
    expect(divergence.spread.map(({ layer, differing }) => [layer, differing])).toEqual([
      ['conv2d', 1],
      ['dense', 1],
      ['all weights', 2],
    ]);
    expect(divergence.growth).toMatchObject({ rate: null, firstApart: 2, zeros: 1, used: 1 });
    expect(divergence.predictions).toMatchObject({ samples: 3, differing: 1, firstDiffering: 1, mean: 1 / 3 });
    const alike = targets['cpu/scalar/deterministic']!.divergence;
    expect(alike.ulpHistogram[0]).toBe(4);
    expect(alike.spread.at(-1)).toMatchObject({ differing: 0, meanSd: 0, maxSd: 0 });
    expect(alike.predictions).toMatchObject({ samples: 3, differing: 0 });
  });

  it('tests atomic runs against the deterministic value, and says why where there is nothing to test', async () => {
    const { statistics } = await run();
    expect(statistics!.map(({ measure }) => measure)).toEqual([
      ...['loss', 'accuracy', 'valLoss', 'valAccuracy', 'stepSeconds'],
    ]);
    const [loss] = statistics!;
    expect(loss!.tTest).toMatchObject({ statistic: null, p: null, degenerate: 'all equal', value: 0.35 });
    expect(loss!.deterministic).toMatchObject({ observations: 1, interval: null, summary: { min: 0.35, max: 0.35 } });
    expect(loss!.anova).toMatchObject({ p: null, degenerate: 'one observation' });
    const times = statistics!.at(-1)!;
    expect(times.tTest.degenerate).toBe('no value');
    expect(times.anova.p).toBeLessThan(0.05);
    expect(times.cohensD.value).toBeLessThan(0);
  });

  it('runs once more with each number of threads asked for, beside the runs that are compared', async () => {
    const plain = await run();
    rmSync(out, { recursive: true });
    const { targets, threadRuns, statistics } = await runExperiment(
      { ...definition, threadCounts: [1, 3] },
      fakeRunner(out),
    );
    expect(targets).toEqual(plain.targets);
    expect(statistics).toEqual(plain.statistics);
    const [first] = targets['cpu/scalar/deterministic']!.runs;
    expect(threadRuns.map(({ weightsHash }) => weightsHash)).toEqual([first!.weightsHash, first!.weightsHash]);
    expect(readdirSync(out)).toContain('threads-03');
  });

  it('prices determinism by step times, with an interval around the ratio of medians', async () => {
    const { price } = await run();
    expect(price).toMatchObject({ deterministic: 'cpu/scalar/deterministic', atomic: 'cpu/scalar/atomic' });
    expect(price!.stepTime.estimate).toBeCloseTo(0.1131 / 0.1031, 2);
    expect(price!.stepTime.least).toBeGreaterThan(1);
    expect(price!.stepTime.interval).toBeNull();
  });

  it('keeps the whole result in result.json, the same as it returns', async () => {
    const result = await run();
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(result)));
    expect(readdirSync(out).sort()).toEqual([
      'atomic-01',
      'atomic-02',
      'deterministic-01',
      'deterministic-02',
      'experiment.json',
      'result.json',
    ]);
  });

  it('passes the progress of its trials on', async () => {
    const seen: string[] = [];
    await run({ onProgress: (progress: { kind: string }) => seen.push(progress.kind) });
    expect(seen).toEqual(Array(8).fill('step'));
  });
});

describe('an experiment that is cut short', () => {
  it.each([
    ['fail', 'begins that one afresh', [], []],
    ['half', 'goes on with what that one has', ['deterministic-02'], ['going on with deterministic-02']],
  ])('keeps its finished trials when one ends badly (%s), %s, to the same result', async (how, _, left, told) => {
    fault('deterministic-02', how);
    await expect(run()).rejects.toThrow('trial deterministic-02: expected the training to succeed');
    // The first that fails ends it: the last one is not begun.
    expect(readdirSync(out).sort()).toEqual(['atomic-01', 'deterministic-01', ...left, 'experiment.json']);
    delete process.env['SAMEBITS_FAKE'];
    const kept: boolean[] = [];
    const notes: string[] = [];
    const resumed = await run({
      onTrial: (...[, , , was]: [unknown, unknown, unknown, boolean]) => kept.push(was),
      onProgress: (message: TrialProgress) => message.kind === 'note' && notes.push(message.note),
    });
    expect(kept).toEqual([true, true, false, false]);
    expect(notes).toEqual(told);
    rmSync(out, { recursive: true });
    expect(resumed).toEqual(await run());
  });

  it('ends in the same result with several trials at once', async () => {
    const alone = await runExperiment(definition, { ...fakeRunner(out), cores: 2 });
    rmSync(out, { recursive: true });
    expect(await runExperiment(definition, { ...fakeRunner(out), jobs: 3, cores: 6 })).toEqual(alone);
    await expect(runExperiment(definition, { ...fakeRunner(out), jobs: 0 })).rejects.toThrow(
      'runExperiment jobs: expected an integer >= 1, got 0',
    );
  });

  it('starts a trial afresh that was stopped before it had a checkpoint', async () => {
    fault('atomic-01', 'hang');
    const controller = new AbortController();
    const stopped = run({ signal: controller.signal, onProgress: () => setTimeout(() => controller.abort(), 50) });
    await expect(stopped).rejects.toThrow('aborted');
    expect(existsSync(join(out, 'result.json'))).toBe(false);
    delete process.env['SAMEBITS_FAKE'];
    expect((await run()).targets['cpu/scalar/atomic']).toMatchObject({ distinctWeights: 2 });
  });

  it('stops with the reason it was given and leaves nothing if no trial was finished', async () => {
    fault('deterministic-01', 'hang');
    const controller = new AbortController();
    const stop = () => controller.abort(new Error('stopped by hand'));
    await expect(run({ signal: controller.signal, onProgress: stop })).rejects.toThrow('stopped by hand');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says what the trainer said, and its exit code', async () => {
    fault('deterministic-01', 'fail');
    await expect(run()).rejects.toMatchObject({
      code: 'NATIVE',
      message:
        'trial deterministic-01: expected the training to succeed, got exit code 1: data: expected pictures, got none',
    });
    expect(existsSync(out)).toBe(false);
  });

  it('calls bad use in a trial bad use', async () => {
    fault('deterministic-01', 'misuse');
    await expect(run()).rejects.toMatchObject({ code: 'ARGUMENT' });
  });

  it('refuses a trainer that prints something else than its result', async () => {
    fault('atomic-01', 'nonsense');
    await expect(run()).rejects.toThrow("trial atomic-01: expected one JSON object on stdout, got 'epoch 1 done'");
  });

  it('says so when the trainer cannot be started', async () => {
    const options = { ...fakeRunner(out), command: ['/nonexistent/node'] };
    await expect(runExperiment(definition, options)).rejects.toThrow(
      "trial deterministic-01: expected to start '/nonexistent/node', got spawn /nonexistent/node ENOENT",
    );
  });
});

describe('the folder of an experiment', () => {
  it('is not gone on with by another experiment', async () => {
    await run();
    await expect(runExperiment({ ...definition, epochs: 3 }, fakeRunner(out))).rejects.toThrow(
      `runExperiment out: expected an empty folder or one of the same experiment, got '${out}' with epochs 2 there and 3 here; ` +
        'choose another folder, or remove this one',
    );
  });

  it('is not gone on with by another version', async () => {
    await run();
    const options = { ...fakeRunner(out), versions: { samebits: '0.2.0', contract: 2, node: 'v20' } };
    await expect(runExperiment(definition, options)).rejects.toThrow("samebits '0.1.0' there and '0.2.0' here");
  });

  it('is not taken if it holds other files', async () => {
    writeFileSync(join(folder, 'letter.txt'), 'dear reader');
    await expect(runExperiment(definition, fakeRunner(folder))).rejects.toThrow(
      `runExperiment out: expected an empty folder or one of the same experiment, got '${folder}', which holds other files`,
    );
    expect(readdirSync(folder)).toEqual(['letter.txt']);
  });

  it('has to be one that can be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const inside = join(file, 'experiment');
    await expect(runExperiment(definition, fakeRunner(inside))).rejects.toMatchObject({
      code: 'FILE',
      message: `runExperiment out: expected to make '${inside}', got ENOTDIR: not a directory`,
    });
  });

  it('shows a damaged trial result instead of using it', async () => {
    await run();
    writeFileSync(join(out, 'atomic-02', 'result.json'), '{"target": 5}');
    await expect(run()).rejects.toThrow('trial atomic-02: expected target to be a target, got 5');
  });
});
