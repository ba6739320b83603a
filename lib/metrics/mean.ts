/**
 * Metrics that are a mean over positions. The values of one sample are added in their order, as doubles; the samples, each times
 * its weight, are added exactly (exact_sum.ts). So the mean is the same however samples are ordered and cut into batches.
 */
import { addTo, doubleOf, type ExactSum, joinSums, noSum, share } from './exact_sum.js';
import { type Counted, type MetricBatch, weightOf } from './metric.js';

/** What was added, and over how many positions, each times the weight of its sample. */
export interface MeanState {
  readonly sum: ExactSum;
  readonly weight: ExactSum;
}

/** Outputs of one sample. */
export interface Sample {
  readonly prediction: Float32Array;
  readonly width: number;
}

/** A sample and its targets: `length` of them, as many as outputs or one class a position. */
export interface JudgedSample extends Sample {
  readonly length: number;
  target(place: number): number;
}

/** What is added for one sample, and over how many positions. */
export interface Added {
  sum: number;
  positions: number;
}

/** Every sample of a batch in order. */
export function eachSample(batch: MetricBatch, take: (sample: JudgedSample, i: number) => void): void {
  const { prediction, target, samples, width } = batch;
  const size = prediction.length / samples;
  const length = target.length / samples;
  for (let i = 0; i < samples; i++) {
    const from = i * length;
    take(
      {
        prediction: prediction.subarray(i * size, (i + 1) * size),
        target: (place) => target[from + place]!,
        width,
        length,
      },
      i,
    );
  }
}

/** A metric that is the mean of what `added` says of every sample; `read` makes its value of the mean. */
export function meanOf(
  added: (sample: JudgedSample) => Added,
  read: (mean: number) => number = (mean) => mean,
): Counted<MeanState> {
  return {
    start: () => ({ sum: noSum, weight: noSum }),
    update(state, batch) {
      let { sum, weight } = state;
      eachSample(batch, (sample, i) => {
        const one = added(sample);
        const times = weightOf(batch, i);
        sum = addTo(sum, times * one.sum);
        weight = addTo(weight, times * one.positions);
      });
      return { sum, weight };
    },
    merge: (a, b) => ({ sum: joinSums(a.sum, b.sum), weight: joinSums(a.weight, b.weight) }),
    result: ({ sum, weight }) => read(share(doubleOf(sum), doubleOf(weight))),
  };
}

/** A metric that is the share of positions, each so many outputs, by default the last axis, at which a prediction is right. */
export const shareOfPositions = (isRight: (sample: JudgedSample, position: number) => boolean, outputs?: number) =>
  meanOf((sample) => {
    const positions = sample.prediction.length / (outputs ?? sample.width);
    let sum = 0;
    for (let i = 0; i < positions; i++) if (isRight(sample, i)) sum++;
    return { sum, positions };
  });

/** A metric that is a mean over all values. */
export const meanOfValues = (distance: (p: number, t: number) => number, read?: (mean: number) => number) =>
  meanOf(({ prediction, target }) => {
    let sum = 0;
    for (let i = 0; i < prediction.length; i++) sum += distance(prediction[i]!, target(i));
    return { sum, positions: prediction.length };
  }, read);
