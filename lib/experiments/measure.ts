/** From the runs of an experiment to what they differ in: hashes, distances per layer and epoch, and step times. */
import { compareAll, type Divergence, type NamedTensor, type WeightsDivergence } from '../divergence/index.js';
import { DataError, FileError, show } from '../errors/index.js';
import type { Mode } from '../runtime/index.js';
import { bootstrapMedianRatio, type Draw } from '../stats/index.js';
import { readSafetensors, type TrainResult, weightsPath } from '../training/index.js';
import type { EpochDivergence, LayerDistance, Price, TargetDivergence, TargetResult } from './result.js';

/** A finished trial: its folder and what it told. */
export interface FinishedTrial {
  folder: string;
  mode: Mode;
  result: TrainResult;
}

const distinct = (values: readonly unknown[]) => new Set(values).size;

function distance(found: Divergence): Omit<LayerDistance, 'layer'> {
  const { maxUlp, meanUlp, differingBits, cosineSimilarity } = found;
  return {
    maxUlp,
    meanUlp,
    differingBits,
    cosineSimilarity: Number.isNaN(cosineSimilarity) ? null : cosineSimilarity,
  };
}

function layersOf(found: WeightsDivergence): LayerDistance[] {
  return found.layers.map((layer) => ({ layer: layer.layer, ...distance(layer) }));
}

/** The weights of a trial after an epoch. Throws FileError if their file is not whole. */
function weightsOf(trial: FinishedTrial, epoch: number): NamedTensor[] {
  return readSafetensors(weightsPath(trial.folder, epoch)).tensors.map(({ name, dtype, shape, data }) => {
    if (data instanceof Float32Array) return { name, dtype, shape, data };
    throw new FileError({
      who: 'compare',
      expected: `float32 weights in ${show(trial.folder)}`,
      got: `${name} ${dtype}`,
    });
  });
}

function divergenceOf(trials: readonly FinishedTrial[]): TargetDivergence {
  const perEpoch: EpochDivergence[] = [];
  let last: WeightsDivergence | undefined;
  for (const [index, { epoch }] of trials[0]!.result.epochs.entries()) {
    last = compareAll(trials.map((trial) => weightsOf(trial, epoch)));
    perEpoch.push({
      epoch,
      distinctWeights: distinct(trials.map((trial) => trial.result.epochs[index]?.weightsHash)),
      layers: layersOf(last),
      all: distance(last.all),
    });
  }
  return {
    pairs: last!.pairs,
    layers: layersOf(last!),
    all: distance(last!.all),
    bitPositions: last!.all.differingBitsByPosition,
    firstEpoch: perEpoch.find((epoch) => epoch.distinctWeights > 1)?.epoch ?? null,
    perEpoch,
  };
}

function targetOf(trials: readonly FinishedTrial[]): TargetResult {
  const runs = trials.map((trial) => trial.result);
  const predictions = runs.map((run) => run.predictionsHash);
  return {
    mode: trials[0]!.mode,
    runs,
    distinctWeights: distinct(runs.map((run) => run.weightsHash)),
    distinctPredictions: predictions.includes(null) ? null : distinct(predictions),
    divergence: divergenceOf(trials),
  };
}

/** The runs by target, with their distances. Throws DataError if they were not all trained on the same data. */
export function measureTargets(trials: readonly FinishedTrial[]): Record<string, TargetResult> {
  const hashes = [...new Set(trials.map((trial) => trial.result.dataHash))];
  if (hashes.length > 1) {
    throw new DataError({ who: 'compare', expected: `the same data in every run (${hashes[0]})`, got: `${hashes[1]}` });
  }
  const targets: Record<string, TargetResult> = {};
  for (const target of new Set(trials.map((trial) => trial.result.target))) {
    targets[target] = targetOf(trials.filter((trial) => trial.result.target === target));
  }
  return targets;
}

/** Step time of deterministic over atomic runs; null unless there is one target of each. */
export function priceOf(targets: Record<string, TargetResult>, draw: Draw): Price | null {
  const named = (mode: Mode) => Object.entries(targets).find(([, target]) => target.mode === mode);
  const deterministic = named('deterministic');
  const atomic = named('atomic');
  if (deterministic === undefined || atomic === undefined) return null;
  const steps = (target: TargetResult) => target.runs.map((run) => run.stepSeconds);
  return {
    deterministic: deterministic[0],
    atomic: atomic[0],
    stepTime: bootstrapMedianRatio(steps(deterministic[1]), steps(atomic[1]), { draw }),
  };
}
