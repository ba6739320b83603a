/** How far the runs of one target are apart after single steps, from the weights that all of them kept there. */
import { compareAllIn, type Divergence, rateBetween } from '../divergence/index.js';
import { keptSteps, stepWeightsPath } from '../runs/index.js';
import { growthOf, type MeasuredGrowth } from './growth.js';
import { finite, lengths } from './lengths.js';
import type { FinishedTrial } from './measure.js';
import type { PairDistance, StepDistance, StepDivergence, StepsDivergence } from './result.js';
import { withWeights } from './weights.js';

function distance(found: Divergence): StepDistance {
  const { maxUlp, meanUlp, differing, elements, cosineSimilarity } = found;
  const share = differing / Math.max(1, elements);
  return { ...lengths(found), maxUlp, meanUlp, differing: share, cosineSimilarity: finite(cosineSimilarity) };
}

/** Every two runs, numbered from 1, from their distances in this order. */
function pairsOf(runs: number, apart: readonly Divergence[]): PairDistance[] {
  const pairs = Array.from({ length: runs }, (_, i) => i + 1).flatMap((a, i, all) =>
    all.slice(i + 1).map((b): [number, number] => [a, b]),
  );
  return pairs.map((two, i) => ({ runs: two, ...distance(apart[i]!) }));
}

/** An infinite distance has no number in JSON, but is one that has grown beyond all. */
const lengthsOf = (distances: readonly StepDistance[]) => distances.map(({ l2 }) => l2 ?? Number.POSITIVE_INFINITY);

function growthOver(steps: readonly StepDivergence[], pick: (step: StepDivergence) => StepDistance): MeasuredGrowth {
  return growthOf(
    lengthsOf(steps.map(pick)),
    steps.map(({ step }) => step),
  );
}

/** Between two steps that follow each other, among those with a distance that has a logarithm. */
function steepestOf(steps: readonly StepDivergence[]): StepsDivergence['steepest'] {
  const known = steps.flatMap(({ step, all: { l2 } }) => (l2 === null || l2 === 0 ? [] : [{ step, l2 }]));
  const slopes = known.slice(1).map(({ step: to, l2 }, i) => {
    const { step: from, l2: before } = known[i]!;
    return { from, to, rate: rateBetween(before, l2, to - from) };
  });
  return slopes.length === 0 ? null : slopes.reduce((most, one) => (one.rate > most.rate ? one : most));
}

/**
 * Distances after each step whose weights all of `trials` kept; null if there is none. One layer of each
 * trial is in memory. Throws FileError if a file is not whole.
 */
export function stepsDivergenceOf(trials: readonly FinishedTrial[]): StepsDivergence | null {
  const kept = trials.map(({ folder }) => new Set(keptSteps(folder)));
  const common = [...kept[0]!].filter((step) => kept.every((steps) => steps.has(step)));
  if (common.length === 0) return null;
  const { stepSeconds, epochs } = trials[0]!.result;
  const stepsInEpoch = stepSeconds.length / epochs.length;
  const perStep = common.map((step): StepDivergence => {
    const paths = trials.map(({ folder }) => stepWeightsPath(folder, step));
    const { layers, all, apart } = withWeights(paths, (source) => compareAllIn(source, { apart: true }));
    return {
      step,
      epoch: Math.ceil(step / stepsInEpoch),
      layers: layers.map((layer) => ({ layer: layer.layer, ...distance(layer) })),
      all: distance(all),
      pairs: pairsOf(trials.length, apart),
    };
  });
  const layers = perStep[0]!.layers.map(({ layer }, i) => ({ layer, ...growthOver(perStep, (one) => one.layers[i]!) }));
  const growth = growthOver(perStep, ({ all }) => all);
  const firstApart = perStep.find(({ all }) => all.differing > 0)?.step ?? null;
  const before = perStep.filter(({ step }) => firstApart === null || step < firstApart);
  const parting = { growth, layers, steepest: steepestOf(perStep) };
  return { perStep, ...parting, firstApart, lastSame: before.at(-1)?.step ?? null };
}
