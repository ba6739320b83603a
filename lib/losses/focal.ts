/** Focal losses (Lin et al. 2017): cross-entropies in which what is predicted well counts little. */
import { type ClassSpec, configOf, maker, snakeCase } from '../classes/index.js';
import { ArgumentError, checkOptions, flagOption, numberOption, show } from '../errors/index.js';
import * as ops from '../ops/index.js';
import { full, type Tensor } from '../tensor/index.js';
import type { Loss } from './loss.js';
import { meanOf } from './mean.js';
import { smoothed, smoothingOption } from './smoothing.js';
import { checkRows, checkShares } from './targets.js';

/** What `categoricalFocalCrossentropy` takes. */
export interface FocalOptions {
  /** What the classes, or with `applyClassBalancing` those of target 1, count. Default 0.25. */
  alpha?: number;
  /** How fast a term fades as its prediction comes near; 0 is the plain cross-entropy. Default 2. */
  gamma?: number;
  /** Whether predictions are logits instead of probabilities. Default false. */
  fromLogits?: boolean;
  /** From 0 to 1: how much of every target is spread over all classes. Default 0. */
  labelSmoothing?: number;
}

/** What `binaryFocalCrossentropy` takes. */
export interface BinaryFocalOptions extends FocalOptions {
  /** Whether targets of 1 count alpha and those of 0 count 1 - alpha. Default false. */
  applyClassBalancing?: boolean;
}

const kEpsilon = 1e-7; // Keras's
const scalar = (like: Tensor, value: number) => full(like.runtime, [], value);
const clipped = (p: Tensor) => ops.clip(p, { low: kEpsilon, high: 1 - kEpsilon });
const lessOne = (x: Tensor) => ops.subtract(scalar(x, 1), x);

/**
 * x^gamma of x >= 0; undefined for 1. Of a whole gamma by squaring: from its highest bit down, square, and multiply by x where the bit
 * is set; of another one e^(gamma * log(x)), with x not below the least normal number.
 */
function power(x: Tensor, gamma: number): Tensor | undefined {
  if (gamma === 0) return undefined;
  if (!Number.isSafeInteger(gamma)) {
    const least = scalar(x, 2 ** -126);
    return ops.exp(ops.multiply(scalar(x, gamma), ops.log(ops.maximum(x, least))));
  }
  const half = power(x, Math.floor(gamma / 2));
  const even = half && ops.square(half);
  if (gamma % 2 === 0) return even;
  return even === undefined ? x : ops.multiply(even, x);
}

const times = (a: Tensor, b: Tensor | undefined) => (b === undefined ? a : ops.multiply(b, a));

type Settings = Required<BinaryFocalOptions>;

/** t * a + (1 - t) * b, value by value. */
const between = (t: Tensor, a: Tensor, b: Tensor) => ops.add(ops.multiply(t, a), ops.multiply(lessOne(t), b));

function binaryTerms(prediction: Tensor, target: Tensor, settings: Settings): Tensor {
  const { alpha, gamma, fromLogits, applyClassBalancing, labelSmoothing } = settings;
  const t = smoothed(target, labelSmoothing, 2);
  const p = fromLogits ? ops.sigmoid(prediction) : prediction;
  const inside = clipped(p);
  const entropy = ops.negate(between(t, ops.log(inside), ops.log(lessOne(inside))));
  const terms = times(entropy, power(lessOne(between(t, p, lessOne(p))), gamma));
  return applyClassBalancing ? ops.multiply(between(t, scalar(t, alpha), scalar(t, 1 - alpha)), terms) : terms;
}

function categoricalTerms(prediction: Tensor, target: Tensor, settings: Settings): Tensor {
  const { alpha, gamma, fromLogits, labelSmoothing } = settings;
  const t = smoothed(target, labelSmoothing, target.shape.at(-1)!);
  const given = fromLogits ? ops.softmax(prediction) : prediction;
  const p = clipped(ops.divide(given, ops.sum(given, { axes: [-1], keepDims: true })));
  const entropy = ops.multiply(ops.negate(t), ops.log(p));
  const weight = times(scalar(p, alpha), power(lessOne(p), gamma));
  return ops.sum(ops.multiply(weight, entropy), { axes: [-1] });
}

const shared = ['alpha', 'gamma', 'fromLogits', 'labelSmoothing'] as const;

function specOf(className: string, options: readonly string[]): ClassSpec {
  return {
    ...{ className, module: 'keras.losses', options },
    fixed: { reduction: 'sum_over_batch_size', axis: -1 },
    unread: { name: snakeCase(className).slice(1) },
  };
}

/** The options, checked. */
function settingsOf(who: string, options: BinaryFocalOptions, { options: known }: ClassSpec): Settings {
  checkOptions(who, options, known);
  const { alpha = 0.25, gamma = 2, fromLogits = false, applyClassBalancing = false } = options;
  return {
    alpha: numberOption(who, 'alpha', alpha, 'a number from 0 to 1', (x) => x >= 0 && x <= 1),
    gamma: numberOption(who, 'gamma', gamma, 'a number >= 0', (x) => x >= 0),
    fromLogits: flagOption(who, 'fromLogits', fromLogits),
    applyClassBalancing: flagOption(who, 'applyClassBalancing', applyClassBalancing),
    labelSmoothing: smoothingOption(who, options.labelSmoothing),
  };
}

/** The part that both have. */
const told = (name: string, spec: ClassSpec, all: Settings) => {
  const settings = Object.fromEntries(spec.options.map((one) => [one, all[one as keyof Settings]]));
  return { name, spec, className: spec.className, settings, getConfig: () => configOf(spec, settings) };
};

const binarySpec = specOf('BinaryFocalCrossentropy', ['applyClassBalancing', ...shared]);
const categoricalSpec = specOf('CategoricalFocalCrossentropy', shared);

/**
 * The mean of (1 - q)^gamma times the binary cross-entropy, where q is the probability given to what was right. Throws
 * ArgumentError for an unknown or bad option. Example: `losses.binaryFocalCrossentropy({ gamma: 3 })`.
 */
export const binaryFocalCrossentropy = maker(binarySpec, (options: BinaryFocalOptions = {}): Loss => {
  const name = 'binaryFocalCrossentropy';
  const settings = settingsOf(name, options, binarySpec);
  return {
    ...told(name, binarySpec, settings),
    compute: (prediction, target) => meanOf(binaryTerms(prediction, target, settings)),
    checkTargets: (who, targets, shape) => checkShares(who, name, targets, shape, 'write the two classes as 0 and 1'),
  };
});

/**
 * The sum over classes of alpha * (1 - p)^gamma times the categorical cross-entropy, the mean over rows; probabilities are divided
 * by their sum. Throws ArgumentError for an unknown or bad option. Example: `losses.categoricalFocalCrossentropy({ gamma: 3 })`.
 */
export const categoricalFocalCrossentropy = maker(categoricalSpec, (options: FocalOptions = {}): Loss => {
  const name = 'categoricalFocalCrossentropy';
  const settings = settingsOf(name, options, categoricalSpec);
  return {
    ...told(name, categoricalSpec, settings),
    compute: (prediction, target) => meanOf(categoricalTerms(prediction, target, settings)),
    checkOutput(who, { shape }) {
      if ((shape.at(-1) ?? 1) >= 2) return;
      throw new ArgumentError({ who, expected: `outputs of two classes or more for ${name}`, got: show([...shape]) });
    },
    checkTargets: (who, targets, shape) => checkRows(who, name, targets, shape),
  };
});
