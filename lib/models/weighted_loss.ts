/**
 * The loss of samples that have weights: the sum of each sample's loss times its weight, divided by the number of samples, which
 * is Keras's `sum_over_batch_size`. A product is rounded once, and the products are joined by the join tree (docs/contract.md).
 */
import type { Loss } from '../losses/index.js';
import { custom, multiply } from '../ops/index.js';
import { scope, sizeOf, type Tensor, tensor } from '../tensor/index.js';

type Compute = Loss['compute'];

/** Weights of samples as a tensor of the shape of their outputs. */
function spread(weights: Float32Array, { runtime, shape }: Tensor): Tensor {
  const size = sizeOf(shape.slice(1));
  const values = new Float32Array(weights.length * size);
  weights.forEach((weight, i) => {
    values.fill(weight, i * size, (i + 1) * size);
  });
  return tensor(runtime, values, shape);
}

/** Its value: each sample is judged alone. */
function weightedValue(compute: Compute, prediction: Tensor, target: Tensor, weights: Float32Array): Tensor {
  const [values, targets] = [prediction.data() as Float32Array, target.data() as Float32Array];
  const rows = (data: Float32Array, { shape }: Tensor, i: number) => {
    const [width, height] = [sizeOf(shape.slice(1)), shape.slice(1)];
    return tensor(prediction.runtime, data.slice(i * width, (i + 1) * width), [1, ...height]);
  };
  const products = Array.from(weights, (weight, i) =>
    scope(() =>
      Math.fround(Math.fround(weight) * compute(rows(values, prediction, i), rows(targets, target, i)).item()),
    ),
  );
  return tensor(prediction.runtime, [Math.fround(joined(products) / weights.length)], []);
}

/** The join tree: left the largest power of two smaller than their number. */
function joined(terms: readonly number[]): number {
  if (terms.length === 1) return terms[0]!;
  let left = 1;
  while (left * 2 < terms.length) left *= 2;
  return Math.fround(joined(terms.slice(0, left)) + joined(terms.slice(left)));
}

/** The mean of a loss of outputs x and targets y, weighted where samples have weights. */
export const meanOf = (
  compute: Compute,
  { x, y, weights }: { x: Tensor; y: Tensor; weights: Float32Array | undefined },
): Tensor => (weights === undefined ? compute(x, y) : weightedMean(compute, x, y, weights));

/**
 * The weighted mean of a loss, whose gradient by each sample is that of the plain mean times the sample's weight, rounded once.
 * With weights of 1 value and gradient have the bits of the plain mean.
 */
export function weightedMean(compute: Compute, prediction: Tensor, target: Tensor, weights: Float32Array): Tensor {
  const scaled = custom({
    name: 'sampleWeight',
    forward: (x) =>
      multiply(
        x,
        spread(
          Float32Array.from(weights, () => 1),
          x,
        ),
      ),
    backward: (dy) => [multiply(dy, spread(weights, dy))],
  })(prediction);
  const forward = () => weightedValue(compute, prediction, target, weights);
  return custom({ name: 'weightedLoss', forward, backward: (dy) => [dy] })(compute(scaled, target));
}
