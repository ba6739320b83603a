/** Activations of a few instructions, which an operation applies to its result in the pass that writes it (native/core/fused.h). */
import type { NativeSettings } from '../addon/index.js';
import type { AppliedActivation } from '../autograd/index.js';
import { ArgumentError, checkOptions, wordOption } from '../errors/index.js';
import { type ReluOptions, reluSettings } from './relu.js';

/** How kernels are told of an activation, and the kernel of its gradient, which reads what it gave. */
interface Fused {
  settings: { activation: number; slope: number; threshold: number; ceiling: number };
  gradient: AppliedActivation | null;
}

const unused = { slope: 0, threshold: 0, ceiling: 0 };
const plain = (activation: number, kernel?: string): Fused => ({
  settings: { activation, ...unused },
  gradient: kernel === undefined ? null : { kernel, settings: {} },
});
const withOptions = (options: Omit<Fused['settings'], 'activation'>): Fused => ({
  settings: { activation: 2, ...options },
  gradient: { kernel: 'activation.reluGradient', settings: options },
});
const relu = plain(1, 'relu.inputGradient');

/** The activations whose gradients their results tell. */
const byResult = {
  linear: plain(0),
  relu,
  relu6: withOptions({ slope: 0, threshold: 0, ceiling: 6 }),
  leaky_relu: withOptions({ slope: 0.2, threshold: 0, ceiling: Number.POSITIVE_INFINITY }),
};
/** The others; an operation that applies one has to compute its argument again. */
const byArgument = { hard_sigmoid: plain(3), hard_silu: plain(4), hard_swish: plain(4) };
const byName = { ...byResult, ...byArgument };

/**
 * What `conv2d`, `dense` and `separableConv2d` can apply to their results in the same pass: leaky_relu has a slope of 0.2, `{ negativeSlope,
 * maxValue, threshold }` are relu's options.
 */
export type FusedActivation = keyof typeof byResult | ReluOptions;
/** What `batchNorm` can apply to its result in the same pass. */
export type NormActivation = keyof typeof byName | ReluOptions;

const complete = ({ maxValue = null, negativeSlope = 0, threshold = 0 }: ReluOptions) => ({
  maxValue,
  negativeSlope,
  threshold,
});

/**
 * @internal Whether a convolution or dense can apply this activation in its own pass: its result tells the gradient, so that the
 * argument need not be kept. Relu's does where what was below the threshold stays below it, and below the largest value.
 */
export function isFusedActivation(activation: NormActivation): activation is FusedActivation {
  if (typeof activation === 'string') return Object.hasOwn(byResult, activation);
  const { maxValue, negativeSlope, threshold } = complete(activation);
  const ceiling = maxValue === null ? Number.POSITIVE_INFINITY : Math.fround(maxValue);
  return negativeSlope >= 0 && threshold >= 0 && (ceiling > 0 || Math.fround(negativeSlope) === 0);
}

/** @internal Whether an activation by name is one that some operation can apply in its own pass. */
export const isFusedName = (name: string): name is keyof typeof byName =>
  name !== 'linear' && Object.hasOwn(byName, name);

function fusedOf(who: string, activation: NormActivation, names: Record<string, Fused>): Fused {
  if (typeof activation !== 'object' || activation === null)
    return names[wordOption(who, 'activation', activation, Object.keys(names))]!;
  checkOptions(`${who} activation`, activation, ['maxValue', 'negativeSlope', 'threshold']);
  const options = complete(activation);
  const settings = reluSettings(who, options);
  const { maxValue, negativeSlope, threshold } = options;
  return maxValue === null && negativeSlope === 0 && threshold === 0 ? relu : withOptions(settings);
}

/** The settings of a kernel that applies none. */
export const noActivation = byResult.linear.settings;

/** What an operation needs of the activation that it applies. */
export interface Applied {
  /** Of its kernels. */
  settings: NativeSettings;
  /** For its record. */
  activation: AppliedActivation | null;
}

/** The activation of a convolution or dense. Throws ArgumentError for one whose gradient its result does not tell. */
export function appliedActivation(who: string, activation: FusedActivation): Applied {
  const { settings, gradient } = fusedOf(who, activation, byResult);
  if (isFusedActivation(activation)) return { settings, activation: gradient };
  const { maxValue, negativeSlope, threshold } = complete(activation as ReluOptions);
  throw new ArgumentError({
    who,
    expected: 'activation with negativeSlope >= 0, threshold >= 0 and maxValue > 0',
    got: `negativeSlope ${negativeSlope}, threshold ${threshold}, maxValue ${maxValue}`,
    hint: 'apply relu to the result instead',
  });
}

/** The settings of kernels that compute the argument of the activation again. Throws ArgumentError for a bad activation. */
export function recomputedActivation(who: string, activation: NormActivation): NativeSettings {
  return fusedOf(who, activation, byName).settings;
}
