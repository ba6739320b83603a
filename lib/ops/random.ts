/** random: tensors of random numbers, drawn from counter-based sequences. */
import { checkOptions } from '../errors/index.js';
import { checkSequence, type Sequence } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { checkShape, type Shape, Tensor } from '../tensor/index.js';
import { run } from './kernel.js';

/**
 * A tensor of uniform numbers in [low, high), by default [0, 1): element i is the same whatever the runtime, its threads
 * and the shape around it. Throws ShapeError for a bad shape.
 * Example: `randomUniform(runtime, [3, 3], { seed: 1, stream: streams.initializer, step: 0 }, { low: -1, high: 1 })`.
 */
export function randomUniform(
  runtime: Runtime,
  shape: Shape,
  sequence: Sequence,
  options: { low?: number; high?: number } = {},
): Tensor {
  checkOptions('randomUniform', options, ['low', 'high']);
  const { low = 0, high = 1 } = options;
  return filled('random.uniform', runtime, shape, sequence, { low, high });
}

/**
 * A tensor of normal numbers with this mean and standard deviation, by default 0 and 1. Throws ShapeError for a bad shape.
 * Example: `randomNormal(runtime, [3, 3], { seed: 1, stream: streams.initializer, step: 0 }, { stddev: 0.05 })`.
 */
export function randomNormal(
  runtime: Runtime,
  shape: Shape,
  sequence: Sequence,
  options: { mean?: number; stddev?: number } = {},
): Tensor {
  checkOptions('randomNormal', options, ['mean', 'stddev']);
  const { mean = 0, stddev = 1 } = options;
  return filled('random.normal', runtime, shape, sequence, { mean, stddev });
}

function filled(
  kernel: string,
  runtime: Runtime,
  shape: Shape,
  sequence: Sequence,
  settings: Record<string, number>,
): Tensor {
  checkShape(kernel, shape);
  checkSequence(sequence);
  const y = Tensor.empty(runtime, [...shape]);
  const { seed, stream, step } = sequence;
  run(kernel, [y], { ...settings, seed, stream, step });
  return y;
}
