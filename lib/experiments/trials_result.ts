/** From finished trials to the Result of their experiment, but for explained pictures. */
import { streams, Words } from '../random/index.js';
import type { Draw } from '../stats/index.js';
import type { Identity } from './folder.js';
import { type FinishedTrial, measureTargets, priceOf } from './measure.js';
import type { Result } from './result.js';
import { statisticsOfTargets } from './statistics.js';

/** Draws for the intervals of a result: those of its price with step 0, of its statistics with step 1. */
export function drawsOf(seed: number, step: number): Draw {
  const sequence = new Words({ seed, stream: streams.resampling, step });
  return (below) => sequence.below(below);
}

/** The Result of trials that are all finished. Throws DataError if they were not trained on the same data, FileError for weights. */
export function resultOfTrials(identity: Identity, finished: readonly FinishedTrial[]): Result {
  const { seed } = identity.definition;
  const targets = measureTargets(
    finished.filter(({ trial }) => trial.threads === undefined),
    finished.map(({ result }) => result),
  );
  return {
    experiment: 'compare',
    contract: identity.versions.contract,
    ...identity,
    targets,
    price: priceOf(targets, drawsOf(seed, 0)),
    statistics: statisticsOfTargets(targets, drawsOf(seed, 1)),
    explained: null,
    threadRuns: finished.filter(({ trial }) => trial.threads !== undefined).map((one) => one.result),
  };
}
