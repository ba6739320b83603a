/** A Result of plausible form without any training: curves that rise, atomic runs that drift apart. */
import { createHash } from 'node:crypto';
import { growthOf } from '../../lib/experiments/growth.js';
import type {
  ExplainedRuns,
  LayerDistance,
  Result,
  StepDistance,
  StepsDivergence,
  TargetDivergence,
  TargetResult,
} from '../../lib/experiments/index.js';
import { statisticsOfTargets } from '../../lib/experiments/statistics.js';
import type { TrainResult } from '../../lib/runs/index.js';
import type { Mode } from '../../lib/runtime/index.js';
import { definition, drawFrom } from './fixtures.js';

const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const layerNames = ['conv2d', 'conv2d_1', 'conv2d_2', 'conv2d_3', 'conv2d_4', 'dense'];

export interface Shape {
  epochs: number;
  runs: number;
  layers?: readonly string[];
  modes?: readonly Mode[];
  validated?: boolean;
  model?: string;
  explained?: boolean;
  threadCounts?: readonly number[];
  /** Steps whose weights were kept. */
  kept?: readonly number[];
}

function runOf(mode: Mode, run: number, { epochs, validated = true }: Shape): TrainResult {
  const draw = drawFrom(mode === 'atomic' ? 77 + run : 5);
  const noise = () => (draw(1000) / 1000 - 0.5) * 0.05;
  const name = (epoch: number) => hash(mode === 'atomic' && epoch > 1 ? `${epoch} atomic ${run}` : `${epoch}`);
  const all = Array.from({ length: epochs }, (_, index) => {
    const epoch = index + 1;
    const loss = 0.3 + 0.42 * Math.exp(-epoch / 6) + (epoch > 1 ? noise() : 0);
    return {
      epoch,
      loss,
      accuracy: 1 - loss / 1.4 + (epoch > 1 ? noise() : 0),
      valLoss: validated ? loss + 0.04 + noise() : null,
      valAccuracy: validated ? 0.95 - loss / 1.4 + noise() : null,
      seconds: 3 + noise() * 4,
      weightsHash: name(epoch),
    };
  });
  const times = drawFrom(900 + run + (mode === 'atomic' ? 50 : 0));
  const stepSeconds = Array.from({ length: 80 }, () => (mode === 'atomic' ? 0.0402 : 0.0409) + times(100) / 40000);
  return {
    target: `cpu/avx2/${mode}`,
    contract: 2,
    model: definition.model,
    settings: { ...definition, mode },
    classNames: ['bears', 'cats'],
    threads: 2,
    seed: 1001,
    parameters: 991041,
    dataHash: hash('data'),
    weightsHash: name(epochs),
    predictionsHash: validated ? hash(`predictions ${name(epochs)}`) : null,
    stepSeconds,
    stepSecondsMedian: [...stepSeconds].sort((a, b) => a - b)[40]!,
    peakMemoryMiB: 512.4,
    epochs: all,
  };
}

function layersAt(mode: Mode, epoch: number, layers: readonly string[]): LayerDistance[] {
  return layers.map((layer, index) => {
    const apart = mode === 'atomic' && epoch > 1;
    const growth = 1 - Math.exp(-(epoch - 1) / (3 + index / 2));
    return {
      layer,
      maxUlp: apart ? Math.round(900 * 10 ** (5.5 * growth)) : 0,
      meanUlp: apart ? 4.2 * 10 ** (4.6 * growth + index / 10) : 0,
      differingBits: apart ? 0.42 * growth + 0.02 * index * growth : 0,
      cosineSimilarity: apart ? 1 - 0.02 * growth * (index + 1) : 1,
      l2: apart ? 0.3 * Math.exp(0.5 * epoch) : 0,
      l2Least: apart ? 0.2 * Math.exp(0.5 * epoch) : 0,
      l2Largest: apart ? 0.4 * Math.exp(0.5 * epoch) : 0,
      meanAbsolute: apart ? 2e-5 * growth : 0,
      maxAbsolute: apart ? 3e-3 * growth : 0,
      meanRelative: apart ? 0.01 * growth : 0,
      signFlips: apart ? 12 * epoch : 0,
    };
  });
}

/** l2 distances of pairs whose mean is that of `layersAt`. */
function pairsAt(mode: Mode, epoch: number, runs: number): number[] {
  const { l2 } = layersAt(mode, epoch, ['all'])[0]!;
  const pairs = (runs * (runs - 1)) / 2;
  return Array.from({ length: pairs }, (_, i) => l2! * (1 + (pairs === 1 ? 0 : (i / (pairs - 1) - 0.5) / 2)));
}

/** What the final weights differ in, beside the distances. */
function finalOf(apart: boolean, runs: number, layers: readonly string[]) {
  const matrix = Array.from({ length: runs }, (_row, i) =>
    Array.from({ length: runs }, (_column, j) => (apart && i !== j ? 0.98 - 0.01 * (i + j) : 1)),
  );
  const pairs = matrix.flatMap((row, i) => row.slice(0, i));
  const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
  const similarity = { matrix, minimum: Math.min(...pairs), mean, maximum: Math.max(...pairs) };
  const spread = { components: 1000, differing: apart ? 990 : 0, signFlips: apart ? 7 : 0 };
  const deviations = { meanSd: apart ? 0.002 : 0, meanSdPopulation: apart ? 0.0016 : 0, maxSd: apart ? 0.04 : 0 };
  const bins = (place: number) => (apart ? Math.round(40000 * Math.exp(-(((place - 20) / 5) ** 2))) : 0);
  return {
    ulpHistogram: Array.from({ length: 34 }, (_bin, place) => (place === 0 && !apart ? 991041 : bins(place))),
    bitFields: { sign: apart ? 300 : 0, exponent: apart ? 9000 : 0, mantissa: apart ? 800000 : 0 },
    similarity: { all: similarity, lastLayer: { layer: layers.at(-1)!, ...similarity } },
    spread: [...layers, 'all weights'].map((layer) => ({ layer, ...spread, ...deviations })),
  } satisfies Partial<TargetDivergence>;
}

function predictionsOf(apart: boolean, runs: number): TargetDivergence['predictions'] {
  const matrix = Array.from({ length: runs }, (_row, i) =>
    Array.from({ length: runs }, (_column, j) => (apart && i !== j ? 3 : 0)),
  );
  const share = apart ? 0.06 : 0;
  return {
    samples: 50,
    differing: apart ? 5 : 0,
    firstDiffering: apart ? 4 : null,
    matrix,
    minimum: share,
    mean: share,
    maximum: share,
  };
}

/** Two pictures explained by all runs; atomic heat differs. */
export function explainedOf(runs: ExplainedRuns['runs']): ExplainedRuns {
  const pairs = runs.flatMap((one, i) =>
    runs.slice(i + 1).map((other, k) => {
      const sameBits = one.target === other.target && one.target.endsWith('deterministic');
      const measures = sameBits
        ? { pearson: 1, ssim: 1, hottestOverlap: 1, centreShift: 0 }
        : { pearson: 0.91, ssim: 0.87, hottestOverlap: 0.75, centreShift: 2.5 };
      return { runs: [i + 1, i + k + 2] as [number, number], sameBits, ...measures };
    }),
  );
  const pictures = ['bears', 'cats'].map((name, place) => ({
    name: `${name}/${place}`,
    picture: `explanations/picture-0${place + 1}.png`,
    overlays: runs.map((_run, i) => `explanations/picture-0${place + 1}-run-${i + 1}.png`),
    explanations: {
      image: { path: `picture-${place}`, height: 180, width: 180 },
      class: name,
      runs: runs.map(({ target, run }) => ({
        ...{ run: `${target}-${run}`, model: 'keras_convnet', target, seed: 1001, weightsHash: hash('weights') },
        ...{ layer: 'conv2d_4', maps: [7, 7] as [number, number], score: 'logit' as const, hasHeat: true, flat: false },
        predictions: [
          { class: name, probability: 0.8 },
          { class: 'other', probability: 0.2 },
        ],
        heatHash: hash(target.endsWith('atomic') ? `heat ${run}` : 'heat'),
        halves: null,
        occlusion: null,
      })),
      pairs,
    },
  }));
  return { runs, pictures };
}

/** Distances after kept steps: atomic runs part after the second, ten times as far apart from step to step. */
function stepsOf(mode: Mode, kept: readonly number[], layers: readonly string[], runs: number): StepsDivergence {
  const distance = (at: number, scale: number): StepDistance => {
    const apart = mode === 'atomic' && at > 0;
    const l2 = apart ? scale * 1e-9 * 10 ** (kept[at]! - kept[0]!) : 0;
    return {
      ...{ l2, l2Least: l2 / 2, l2Largest: l2 * 2 },
      maxUlp: apart ? at : 0,
      meanUlp: apart ? at / 2 : 0,
      differing: apart ? 0.5 : 0,
      cosineSimilarity: 1,
    };
  };
  const pairs = Array.from({ length: runs }, (_, i) => i + 1).flatMap((a) =>
    Array.from({ length: runs - a }, (_, k): [number, number] => [a, a + k + 1]),
  );
  const perStep = kept.map((step, at) => ({
    step,
    epoch: 1,
    layers: layers.map((layer, i) => ({ layer, ...distance(at, i + 1) })),
    all: distance(at, layers.length),
    pairs: pairs.map((numbers) => ({ runs: numbers, ...distance(at, numbers[0]) })),
  }));
  const growth = growthOf(
    perStep.map(({ all }) => all.l2!),
    [...kept],
  );
  const apart = mode === 'atomic' && kept.length > 1;
  return {
    perStep,
    growth,
    layers: layers.map((layer) => ({ layer, ...growth })),
    steepest: apart && kept.length > 2 ? { from: kept[1]!, to: kept[2]!, rate: Math.log(10) } : null,
    firstApart: apart ? kept[1]! : null,
    lastSame: apart ? kept[0]! : (kept.at(-1) ?? null),
  };
}

function targetOf(mode: Mode, shape: Shape): TargetResult {
  const { epochs, runs, layers = layerNames, kept } = shape;
  const apart = mode === 'atomic' && epochs > 1;
  const { layer: _, ...all } = layersAt(mode, epochs, ['all'])[0]!;
  return {
    mode,
    runs: Array.from({ length: runs }, (_run, index) => runOf(mode, index + 1, shape)),
    distinctWeights: apart ? runs : 1,
    distinctPredictions: shape.validated === false ? null : apart ? runs : 1,
    divergence: {
      pairs: (runs * (runs - 1)) / 2,
      layers: layersAt(mode, epochs, layers),
      all,
      bitPositions: Array.from({ length: 32 }, (_bit, bit) =>
        apart ? (bit < 20 ? 0.5 : 0.5 * 0.72 ** (bit - 19)) : 0,
      ),
      firstEpoch: apart ? 2 : null,
      perEpoch: Array.from({ length: epochs }, (_epoch, index) => ({
        epoch: index + 1,
        distinctWeights: apart && index > 0 ? runs : 1,
        layers: layersAt(mode, index + 1, layers),
        all: layersAt(mode, index + 1, ['all'])[0]!,
        l2Pairs: pairsAt(mode, index + 1, runs),
      })),
      ...finalOf(apart, runs, layers),
      growth: growthOf(
        Array.from({ length: epochs }, (_epoch, index) => layersAt(mode, index + 1, ['all'])[0]!.l2!),
        Array.from({ length: epochs }, (_epoch, index) => index + 1),
      ),
      steps: kept === undefined ? null : stepsOf(mode, kept, layers, runs),
      predictions: shape.validated === false ? null : predictionsOf(apart, runs),
    },
  };
}

/** A Result of this shape. */
export function sampleResult(shape: Shape): Result {
  const { modes = ['deterministic', 'atomic'], epochs, runs, model = definition.model } = shape;
  const targets = Object.fromEntries(modes.map((mode) => [`cpu/avx2/${mode}`, targetOf(mode, shape)]));
  const places = Object.keys(targets).flatMap((target) =>
    Array.from({ length: runs }, (_run, index) => ({ target, run: index + 1 })),
  );
  return {
    experiment: 'compare',
    contract: 2,
    definition: { ...definition, model, epochs, runs, modes: [...modes], threads: 2 },
    machine: {
      cpu: 'Processor of the Sample & Co',
      cores: 2,
      memoryMiB: 24000,
      platform: 'linux',
      arch: 'x64',
      osRelease: '6.1.0',
    },
    versions: { samebits: '0.1.0', contract: 2, node: 'v20.20.2' },
    startedAt: '2026-01-02T03:04:05.000Z',
    targets,
    statistics: statisticsOfTargets(targets, drawFrom(3)),
    explained: shape.explained ? explainedOf(places) : null,
    threadRuns: (shape.threadCounts ?? []).map((threads) => ({ ...runOf('deterministic', 1, shape), threads })),
    price:
      modes.length < 2
        ? null
        : {
            deterministic: 'cpu/avx2/deterministic',
            atomic: 'cpu/avx2/atomic',
            stepTime: {
              ...{ estimate: 1.0172, least: 0.9921, largest: 1.0433 },
              interval: runs < 8 ? null : { low: 1.0104, high: 1.0241, level: 0.95 },
            },
          },
  };
}
