/**
 * One picture or sample explained by one or several finished trainings: heat, ranked predictions, what covering a region does, and
 * how far the explanations of every two runs are apart.
 */

import type { Rgb } from '../data/index.js';
import { checkOptions } from '../errors/index.js';
import { type FinishedRun, restoreRun } from '../runs/index.js';
import { createRuntime } from '../runtime/index.js';
import { type Explained, Explainer, halfResult, hashOf } from './explainer.js';
import type { Explanations, OcclusionResult, PairStability, RunExplanation } from './explanations.js';
import type { HeatMap } from './heat_map.js';
import { rankChanges, ranking } from './occlusion.js';
import { classOf, type ExplainOptions, planOf } from './plan.js';
import { stability } from './stability.js';

/** Pictures to look at, one a run: the heat over the picture, and over the picture with the region covered. */
export interface Overlays {
  whole: Rgb;
  occluded: Rgb | null;
}

function occlusionResult(before: Explained, after: Explained, classNames: readonly string[]): OcclusionResult {
  const changes = rankChanges(before.cam.probabilities, after.cam.probabilities);
  return {
    changes: changes.map((change) => ({ ...change, class: classNames[change.class]! })),
    hasHeat: after.cam.peak > 0,
    flat: after.cam.flat,
    heatHash: hashOf(after.heat),
    stability: stability(before.heat, after.heat),
  };
}

/** What is told of a run whose picture was explained, without what the options add. */
function factsOf(run: FinishedRun, { cam, heat }: Explained) {
  const predictions = ranking(cam.probabilities).map((i) => ({
    class: run.classNames[i]!,
    probability: cam.probabilities[i]!,
  }));
  return {
    run: run.folder,
    model: run.model,
    target: run.target,
    seed: run.seed,
    weightsHash: run.weightsHash,
    layer: cam.layer,
    maps: [cam.heat.height, cam.heat.width] as [number, number],
    score: cam.score,
    predictions,
    hasHeat: cam.peak > 0,
    flat: cam.flat,
    heatHash: hashOf(heat),
  };
}

function pairsOf(heats: readonly HeatMap[]): PairStability[] {
  return heats.flatMap((a, i) =>
    heats.slice(i + 1).map((b, k): PairStability => ({ runs: [i + 1, i + k + 2], ...stability(a, b) })),
  );
}

/**
 * Explains a picture, or a sample of data, by finished trainings, always in deterministic mode. Rejects, before any work, with ArgumentError
 * for folders that hold no finished training, runs that cannot be compared, an unknown class or layer and a region
 * outside the picture, with DataError for a picture that cannot be used, and with FileError for damaged run folders.
 * Example: `await explainRuns({ runs: ['runs/a', 'runs/b'], image: 'photo.jpg', class: 'cats' })`, or of data
 * `await explainRuns({ runs: ['runs/a'], data: './digits.mjs', sample: 'validation:3' })`.
 */
export async function explainRuns(
  options: ExplainOptions,
): Promise<{ explanations: Explanations; overlays: Overlays[]; shown: Rgb }> {
  checkOptions('explainRuns', options, [
    ...([
      'runs',
      'model',
      'image',
      'data',
      'sample',
      'class',
      'layer',
      'score',
      'occlude',
      'halves',
      'device',
      'isa',
      'threads',
    ] as const),
  ] satisfies (keyof ExplainOptions)[]);
  const { runs, sight, ...plan } = await planOf(options);
  const { occlude: region, device, isa, threads, halves } = options;
  const { classNames } = runs[0]!.run;
  const sides = halves?.map((name) => classOf('explain halves', name, classNames));
  using runtime = createRuntime({
    ...(device !== undefined && { device }),
    ...(isa !== undefined && { isa }),
    ...(threads !== undefined && { threads }),
  });
  let { label } = plan;
  const results: RunExplanation[] = [];
  const heats: HeatMap[] = [];
  const overlays: Overlays[] = [];
  for (const { run, model } of runs) {
    using restored = restoreRun(run, model, runtime);
    const explainer = new Explainer(run, restored, runtime, options);
    const whole = explainer.explain(sight, label);
    label ??= whole.cam.class;
    const covered = region === undefined ? null : explainer.explain(sight.covered(region), label);
    results.push({
      ...factsOf(run, whole),
      halves: halfResult(whole.heat, label, sides),
      occlusion: covered && occlusionResult(whole, covered, classNames),
    });
    heats.push(whole.heat);
    overlays.push({ whole: whole.shown, occluded: covered?.shown ?? null });
  }
  const { name: path, height, width } = sight;
  const explanations: Explanations = {
    image: { path, height, width },
    class: classNames[label!]!,
    runs: results,
    pairs: pairsOf(heats),
  };
  return { explanations, overlays, shown: sight.shown };
}
