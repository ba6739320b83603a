/** Losses that are a mean over all values, or over rows along the last axis: made of operations, their gradients with them. */
import { type ClassSpec, camelCase, configOf, maker } from '../classes/index.js';
import { ArgumentError, checkOptions, DataError, numberOption, show } from '../errors/index.js';
import * as ops from '../ops/index.js';
import { full, type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import type { Loss } from './loss.js';
import { meanOf } from './mean.js';

/** What a loss is made of; `O` are the names of its options. */
interface Kind<O extends string> {
  /** In Keras, and in snake case what it calls one. */
  className: string;
  kerasName: string;
  /** Options with their defaults, numbers above 0. */
  options?: Readonly<Record<O, number>>;
  /** What Keras has and we do not. */
  fixed?: ClassSpec['fixed'];
  /** What each value, or each row along the last axis, counts. */
  terms(prediction: Tensor, target: Tensor, settings: Readonly<Record<O, number>>): Tensor;
  /** What targets must be, beside finite: words, and the test. */
  targets?: { expected: string; holds(target: number): boolean };
  /** The least length of the last axis of an output. Default 1. */
  width?: number;
}

function loss<O extends string = never>(kind: Kind<O>) {
  const { className, kerasName, fixed = {}, terms, targets, width = 1 } = kind;
  const defaults = kind.options ?? ({} as Readonly<Record<O, number>>);
  const name = camelCase(kerasName.replace(/_loss$/, ''));
  const options = Object.keys(defaults) as O[];
  const spec: ClassSpec = {
    className,
    module: 'keras.losses',
    options,
    fixed: { reduction: 'sum_over_batch_size', ...fixed },
    unread: { name: kerasName },
  };
  return maker(spec, (given: Partial<Record<O, number>> = {}): Loss => {
    checkOptions(name, given, options);
    const settings = Object.fromEntries(
      options.map((option) => {
        const value = given[option] ?? defaults[option];
        return [option, numberOption(name, option, value, 'a number > 0', (x) => x > 0)];
      }),
    ) as Record<O, number>;
    return {
      name,
      ...{ spec, className, settings, getConfig: () => configOf(spec, settings) },
      compute: (prediction, target) => meanOf(terms(prediction, target, settings)),
      checkOutput(who, { shape }) {
        if ((shape.at(-1) ?? 1) >= width) return;
        throw new ArgumentError({
          who,
          expected: `outputs of ${width} values or more for ${name}`,
          got: show([...shape]),
        });
      },
      checkTargets: (who, all, shape) => checkTargets(who, name, all, { shape, targets }),
    };
  });
}

/** Throws DataError, in the words of `who`, for a target that is not finite or that the loss cannot learn from. */
function checkTargets(
  who: string,
  name: string,
  all: ArrayLike<number>,
  { shape, targets }: { shape: Shape; targets: Kind<never>['targets'] },
): void {
  const size = sizeOf(shape);
  for (let i = 0; i < all.length; i++) {
    const target = all[i]!;
    if (Number.isFinite(target) && (targets === undefined || targets.holds(target))) continue;
    const expected = `${targets?.expected ?? 'finite targets'} for ${name}`;
    throw new DataError({ who, expected, got: `${target} in sample ${Math.floor(i / size)}` });
  }
}

const scalar = (like: Tensor, value: number) => full(like.runtime, [], value);

/** The mean of (prediction - target)^2. Throws ArgumentError for an unknown option. */
export const meanSquaredError = loss({
  className: 'MeanSquaredError',
  kerasName: 'mean_squared_error',
  terms: (p, t) => ops.square(ops.subtract(p, t)),
});

/** The mean of |prediction - target|. Throws ArgumentError for an unknown option. */
export const meanAbsoluteError = loss({
  className: 'MeanAbsoluteError',
  kerasName: 'mean_absolute_error',
  terms: (p, t) => ops.abs(ops.subtract(p, t)),
});

/**
 * The mean of e^2 / 2 where |e| = |prediction - target| is at most delta (1 by default), otherwise delta * (|e| - delta / 2) (Huber
 * 1964): with m = min(|e|, delta), m * (|e| - m / 2). Throws ArgumentError for an unknown option or a delta that is not above 0.
 */
export const huber = loss({
  className: 'Huber',
  kerasName: 'huber_loss',
  options: { delta: 1 },
  terms: (p, t, { delta }) => {
    const error = ops.abs(ops.subtract(p, t));
    const near = ops.minimum(error, scalar(p, delta));
    return ops.multiply(near, ops.subtract(error, ops.multiply(near, scalar(p, 0.5))));
  },
});

const sides = { expected: 'targets of -1 and 1', holds: (target: number) => target === -1 || target === 1 };
const margins = (p: Tensor, t: Tensor) => ops.maximum(ops.subtract(scalar(p, 1), ops.multiply(t, p)), scalar(p, 0));

/** The mean of max(1 - target * prediction, 0); targets are -1 and 1. Throws ArgumentError for an unknown option. */
export const hinge = loss({ className: 'Hinge', kerasName: 'hinge', targets: sides, terms: margins });

/** The mean of max(1 - target * prediction, 0)^2; targets are -1 and 1. Throws ArgumentError for an unknown option. */
export const squaredHinge = loss({
  className: 'SquaredHinge',
  kerasName: 'squared_hinge',
  targets: sides,
  terms: (p, t) => ops.square(margins(p, t)),
});

const shares = { expected: 'targets from 0 to 1', holds: (target: number) => target >= 0 && target <= 1 };
const kEpsilon = 1e-7; // Keras's

/**
 * The sum of target * log(target / prediction) over the last axis, the mean over the others; both are clipped to [1e-7, 1]. Throws
 * ArgumentError for an unknown option.
 */
export const klDivergence = loss({
  className: 'KLDivergence',
  kerasName: 'kl_divergence',
  targets: shares,
  width: 2,
  terms: (p, t) => {
    const [prediction, target] = [p, t].map((x) => ops.clip(x, { low: kEpsilon, high: 1 })) as [Tensor, Tensor];
    return ops.sum(ops.multiply(target, ops.log(ops.divide(target, prediction))), { axes: [-1] });
  },
});

const kNorm = 1e-12; // what Keras holds a squared length to at the least

/** Rows of length 1. */
function unit(x: Tensor): Tensor {
  const squares = ops.sum(ops.square(x), { axes: [-1], keepDims: true });
  return ops.divide(x, ops.sqrt(ops.maximum(squares, scalar(x, kNorm))));
}

/**
 * The cosine of the angle between prediction and target along the last axis, negated: -1 where they point the same way; the mean
 * over the others. Throws ArgumentError for an unknown option.
 */
export const cosineSimilarity = loss({
  className: 'CosineSimilarity',
  kerasName: 'cosine_similarity',
  fixed: { axis: -1 },
  width: 2,
  terms: (p, t) => ops.negate(ops.sum(ops.multiply(unit(t), unit(p)), { axes: [-1] })),
});
