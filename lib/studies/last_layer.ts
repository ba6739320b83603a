/**
 * How far the last layers of the atomic trainings of a configuration are apart at every kept epoch (Eryilmaz 2023, section 5.3): the
 * mean standard deviation of a component, and the least, mean and greatest cosine similarity of two trainings. Of each file
 * the last layer alone is read, and the last layers of one epoch are in memory at a time.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareRunsIn, layerOf } from '../divergence/index.js';
import { withWeights } from '../experiments/index.js';
import { weightsPath } from '../runs/index.js';
import { byConfiguration, type DoneTrial } from './samples.js';

/** The last layer after one epoch, over the atomic trainings of a configuration; null where a weight is not finite. */
export interface LastLayer {
  configuration: string;
  labels: Readonly<Record<string, string>>;
  layer: string;
  epoch: number;
  runs: number;
  /** Mean over the components of their standard deviation: n, as the thesis has it, and n - 1. */
  meanSdPopulation: number | null;
  meanSd: number | null;
  similarityLeast: number | null;
  similarityMean: number | null;
  similarityGreatest: number | null;
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** What the last layers in files of weights differ in; tensors that are no float32 are left out. */
function lastLayerIn(paths: readonly string[]) {
  const compare = (source: Parameters<typeof compareRunsIn>[0]) => {
    const layer = layerOf(source.forms[0]!.at(-1)!.name);
    return { layer, ...compareRunsIn(source, [layer]).all };
  };
  return withWeights(paths, compare, { others: 'left out' });
}

/** The last layers of every configuration with two atomic trainings or more, at every epoch whose weights all of them kept. */
export function lastLayers(folder: string, trials: readonly DoneTrial[]): LastLayer[] {
  return byConfiguration(trials).flatMap(({ title, labels, atomic }) => {
    if (atomic.length < 2) return [];
    const epochs = atomic.reduce(
      (fewest, { result }) => Math.min(fewest, result.epochs.length),
      Number.MAX_SAFE_INTEGER,
    );
    return Array.from({ length: epochs }, (_, i) => i + 1).flatMap((epoch): LastLayer[] => {
      const paths = atomic.map(({ trial }) => weightsPath(join(folder, trial.folder), epoch));
      if (!paths.every((path) => existsSync(path))) return [];
      const { layer, spread, similarity } = lastLayerIn(paths);
      return [
        {
          ...{ configuration: title, labels, layer, epoch, runs: atomic.length },
          meanSdPopulation: finite(spread.meanSdPopulation),
          meanSd: finite(spread.meanSd),
          similarityLeast: finite(similarity.minimum),
          similarityMean: finite(similarity.mean),
          similarityGreatest: finite(similarity.maximum),
        },
      ];
    });
  });
}
