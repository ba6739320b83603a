/** From the runs of an experiment to what they differ in: hashes, distances per layer and epoch, and step times. */
import { existsSync } from 'node:fs';
import {
  comparePredictions,
  compareRunsIn,
  type Divergence,
  type ModelsDivergence,
  type PredictionsDivergence,
  type RunsDivergence,
  type Similarity,
} from '../divergence/index.js';
import { DataError } from '../errors/index.js';
import {
  predictionsPath,
  readReceipt,
  readSafetensors,
  receiptPath,
  type TrainResult,
  weightsPath,
} from '../runs/index.js';
import type { Mode } from '../runtime/index.js';
import { bootstrapMedianRatio, type Draw, leastForInterval, summarize } from '../stats/index.js';
import { growthOf } from './growth.js';
import { finite, lengths } from './lengths.js';
import type {
  EpochDivergence,
  LayerDistance,
  LayerSpread,
  PairSimilarity,
  Price,
  TargetDivergence,
  TargetResult,
} from './result.js';
import { stepsDivergenceOf } from './steps.js';
import type { Trial } from './trials.js';
import { withWeights } from './weights.js';

/** A finished trial: what it was, its folder, and what it told. */
export interface FinishedTrial {
  folder: string;
  trial: Trial;
  result: TrainResult;
}

const distinct = (values: readonly unknown[]) => new Set(values).size;

function distance(found: Divergence): Omit<LayerDistance, 'layer'> {
  const { maxUlp, meanUlp, differingBits, signFlips } = found;
  return {
    maxUlp,
    meanUlp,
    differingBits,
    cosineSimilarity: finite(found.cosineSimilarity),
    ...lengths(found),
    meanAbsolute: finite(found.meanAbsolute),
    maxAbsolute: finite(found.maxAbsolute),
    meanRelative: finite(found.meanRelative),
    signFlips,
  };
}

const layersOf = (found: ModelsDivergence): LayerDistance[] =>
  found.layers.map((layer) => ({ layer: layer.layer, ...distance(layer.distance) }));

const similarityOf = ({ matrix, minimum, mean, maximum }: Similarity): PairSimilarity => ({
  matrix: matrix.map((row) => row.map(finite)),
  minimum: finite(minimum),
  mean: finite(mean),
  maximum: finite(maximum),
});

function spreadOf(layer: string, { spread }: RunsDivergence): LayerSpread {
  const { components, differing, signFlips, meanSd, meanSdPopulation, maxSd } = spread;
  const deviations = { meanSd: finite(meanSd), meanSdPopulation: finite(meanSdPopulation), maxSd: finite(maxSd) };
  return { layer, components, differing, signFlips, ...deviations };
}

/** Samples on which the runs predict something else; null if they were not validated. */
function predictionsOf(trials: readonly FinishedTrial[]): PredictionsDivergence | null {
  if (trials.some(({ result }) => result.predictionsHash === null)) return null;
  const tensors = trials.map(({ folder }) => readSafetensors(predictionsPath(folder)).tensors[0]!);
  const [, ...shape] = tensors[0]!.shape;
  // A trainer of the user's own may write no receipt; its outputs are then taken for classes, as compare's are by default.
  const receipt = receiptPath(trials[0]!.folder);
  const kind = existsSync(receipt) ? readReceipt(receipt).form.targets.kind : 'class';
  return comparePredictions(
    tensors.map(({ data }) => data as Float32Array),
    shape.reduce((a, b) => a * b, 1),
    { kind, classes: shape.at(-1) ?? 1 },
  );
}

/** What the final weights of the runs differ in beside their distances. */
function finalMeasures({ layers, all }: ModelsDivergence) {
  const last = layers.at(-1)!;
  return {
    ulpHistogram: all.distance.ulpHistogram,
    bitFields: all.distance.differingBitsByField,
    similarity: {
      all: similarityOf(all.similarity),
      lastLayer: { layer: last.layer, ...similarityOf(last.similarity) },
    },
    spread: [...layers.map((layer) => spreadOf(layer.layer, layer)), spreadOf('all weights', all)],
  };
}

function divergenceOf(trials: readonly FinishedTrial[]): TargetDivergence {
  const perEpoch: EpochDivergence[] = [];
  const grown: number[] = [];
  let last: ModelsDivergence | undefined;
  for (const [index, { epoch }] of trials[0]!.result.epochs.entries()) {
    const paths = trials.map(({ folder }) => weightsPath(folder, epoch));
    last = withWeights(paths, (source) => compareRunsIn(source));
    grown.push(last.all.distance.l2);
    perEpoch.push({
      epoch,
      distinctWeights: distinct(trials.map((trial) => trial.result.epochs[index]?.weightsHash)),
      layers: layersOf(last),
      all: distance(last.all.distance),
      l2Pairs: last.all.distance.l2Pairs.map(finite),
    });
  }
  return {
    pairs: last!.pairs,
    layers: layersOf(last!),
    all: distance(last!.all.distance),
    bitPositions: last!.all.distance.differingBitsByPosition,
    firstEpoch: perEpoch.find((epoch) => epoch.distinctWeights > 1)?.epoch ?? null,
    perEpoch,
    ...finalMeasures(last!),
    growth: growthOf(
      grown,
      perEpoch.map(({ epoch }) => epoch),
    ),
    steps: stepsDivergenceOf(trials),
    predictions: predictionsOf(trials),
  };
}

/** Finished trainings of one target, compared with each other. */
export function targetOf(
  trials: readonly FinishedTrial[],
  mode: TargetResult['mode'] = trials[0]!.trial.mode,
): TargetResult {
  const runs = trials.map((trial) => trial.result);
  const predictions = runs.map((run) => run.predictionsHash);
  return {
    mode,
    runs,
    distinctWeights: distinct(runs.map((run) => run.weightsHash)),
    distinctPredictions: predictions.includes(null) ? null : distinct(predictions),
    divergence: divergenceOf(trials),
  };
}

/** The runs by target, with their distances. Throws DataError if `results`, all there are, were not trained on the same data. */
export function measureTargets(
  trials: readonly FinishedTrial[],
  results: readonly TrainResult[],
): Record<string, TargetResult> {
  const hashes = [...new Set(results.map((result) => result.dataHash))];
  if (hashes.length > 1) {
    throw new DataError({ who: 'compare', expected: `the same data in every run (${hashes[0]})`, got: `${hashes[1]}` });
  }
  const targets: Record<string, TargetResult> = {};
  for (const target of new Set(trials.map((trial) => trial.result.target))) {
    targets[target] = targetOf(trials.filter((trial) => trial.result.target === target));
  }
  return targets;
}

/**
 * Step time of deterministic over atomic runs; null unless there is one target of each. The interval draws runs first, so it
 * takes as many of them as any other.
 */
export function priceOf(targets: Record<string, TargetResult>, draw: Draw): Price | null {
  const named = (mode: Mode) => Object.entries(targets).find(([, target]) => target.mode === mode);
  const deterministic = named('deterministic');
  const atomic = named('atomic');
  if (deterministic === undefined || atomic === undefined) return null;
  const steps = (target: TargetResult) => target.runs.map((run) => run.stepSeconds);
  const [above, below] = [steps(deterministic[1]), steps(atomic[1])];
  const ratios = deterministic[1].runs.flatMap((one) =>
    atomic[1].runs.map((other) => one.stepSecondsMedian / other.stepSecondsMedian),
  );
  const { estimate, ...interval } = bootstrapMedianRatio(above, below, { draw });
  const { min: least, max: largest } = summarize(ratios);
  const several = Math.min(above.length, below.length) >= leastForInterval;
  return {
    deterministic: deterministic[0],
    atomic: atomic[0],
    stepTime: { estimate, least, largest, interval: several ? interval : null },
  };
}
