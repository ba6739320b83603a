/** Initializers that draw from one distribution, whatever the shape. */
import { maker } from '../../classes/index.js';
import { checkOptions, numberOption } from '../../errors/index.js';
import { randomNormal as drawNormal, randomUniform as drawUniform } from '../../ops/index.js';
import type { Sequence } from '../../random/index.js';
import type { Runtime } from '../../runtime/index.js';
import { type Shape, sizeOf, type Tensor, tensor } from '../../tensor/index.js';
import { type Initializer, initializer, type SeedOption, seedOf, specOf } from './initializer.js';

const uniformSpec = specOf('RandomUniform', ['minval', 'maxval', 'seed']);

/** Uniform in [minval, maxval), by default [-0.05, 0.05). Throws ArgumentError for an unknown or bad option. */
export const randomUniform = maker(
  uniformSpec,
  (options: { minval?: number; maxval?: number } & SeedOption = {}): Initializer => {
    const who = 'randomUniform';
    checkOptions(who, options, uniformSpec.options);
    const minval = numberOption(who, 'minval', options.minval ?? -0.05);
    const maxval = numberOption(who, 'maxval', options.maxval ?? 0.05, `a number >= ${minval}`, (x) => x >= minval);
    return initializer(uniformSpec, { minval, maxval, seed: seedOf(who, options) }, (runtime, shape, sequence) =>
      drawUniform(runtime, shape, sequence, { low: minval, high: maxval }),
    );
  },
);

/** Mean and standard deviation of a normal distribution. */
export interface NormalOptions extends SeedOption {
  /** Default 0. */
  mean?: number;
  /** Default 0.05. */
  stddev?: number;
}

/** Values of a normal distribution in a shape. */
type Draw = (runtime: Runtime, shape: Shape, sequence: Sequence, spread: { mean: number; stddev: number }) => Tensor;

/** An initializer of a normal distribution; `draw` gives the values. */
function normal(className: string, draw: Draw) {
  const spec = specOf(className, ['mean', 'stddev', 'seed']);
  const who = `${className[0]!.toLowerCase()}${className.slice(1)}`;
  return maker(spec, (options: NormalOptions = {}): Initializer => {
    checkOptions(who, options, spec.options);
    const mean = numberOption(who, 'mean', options.mean ?? 0);
    const stddev = numberOption(who, 'stddev', options.stddev ?? 0.05, 'a number >= 0', (x) => x >= 0);
    return initializer(spec, { mean, stddev, seed: seedOf(who, options) }, (runtime, shape, sequence) =>
      draw(runtime, shape, sequence, { mean, stddev }),
    );
  });
}

/** Normal with this mean and standard deviation, by default 0 and 0.05. Throws ArgumentError for an unknown or bad option. */
export const randomNormal = normal('RandomNormal', drawNormal);

const kWidth = 2; // standard deviations from the mean to the ends of a truncated normal

/**
 * Normal values of which none is further than two standard deviations from the mean: those of the sequence in their order, the
 * ones outside passed over.
 */
export function drawTruncated(
  runtime: Runtime,
  shape: Shape,
  sequence: Sequence,
  { mean, stddev }: { mean: number; stddev: number },
): Tensor {
  const size = sizeOf(shape);
  const [at, width] = [Math.fround(mean), Math.fround(stddev)];
  // One in twenty-two is outside.
  for (let drawn = Math.ceil(size * 1.1) + 64; ; drawn *= 2) {
    const normals = drawNormal(runtime, [drawn], sequence, { mean: 0, stddev: 1 });
    const inside = normals.data().filter((value) => Math.abs(value) <= kWidth);
    normals.dispose();
    if (inside.length < size) continue;
    const values = inside.subarray(0, size).map((value) => at + Math.fround(width * value));
    return tensor(runtime, values, shape);
  }
}

/**
 * Normal with this mean and standard deviation, by default 0 and 0.05, without values beyond two standard deviations. Throws
 * ArgumentError for an unknown or bad option.
 */
export const truncatedNormal = normal('TruncatedNormal', drawTruncated);
