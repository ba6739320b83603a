/** What the layers share that normalise values of a sample: their axes, and a learned scale and shift. */
import { ArgumentError, flagOption, numberOption, show } from '../errors/index.js';
import type { NormParameters } from '../ops/index.js';
import type { Shape } from '../tensor/index.js';
import { type InitializerOption, initializerOption } from './initializers.js';
import type { LayerOptions } from './layer.js';
import { Pointwise } from './pointwise.js';
import { type RuleOptions, ruleNames, rulesOf, rulesOption } from './rules.js';
import type { Checked } from './spec.js';

/** What layers with a learned scale and shift take. */
export interface NormOptions extends LayerOptions, RuleOptions<'beta' | 'gamma'> {
  /** Added to the variance under the root. Default 0.001. */
  epsilon?: number;
  /** Whether there is a learned shift. Default true. */
  center?: boolean;
  /** Whether there is a learned scale. Default true. */
  scale?: boolean;
  /** Default 'zeros'. */
  betaInitializer?: InitializerOption;
  /** Default 'ones'. */
  gammaInitializer?: InitializerOption;
}

export const normOptions = [
  ...['epsilon', 'center', 'scale', 'betaInitializer', 'gammaInitializer'],
  ...ruleNames('beta', 'gamma'),
];

/** The options, checked and complete. */
export function checkedNorm(who: string, options: NormOptions): Checked<NormOptions> {
  const { epsilon = 0.001, center = true, scale = true } = options;
  const { betaInitializer = 'zeros', gammaInitializer = 'ones' } = options;
  return {
    ...rulesOption(who, options, 'beta', 'gamma'),
    epsilon: numberOption(who, 'epsilon', epsilon, 'a number >= 0', (x) => x >= 0),
    center: flagOption(who, 'center', center),
    scale: flagOption(who, 'scale', scale),
    betaInitializer: initializerOption(who, 'betaInitializer', betaInitializer),
    gammaInitializer: initializerOption(who, 'gammaInitializer', gammaInitializer),
  };
}

/** One axis or several, 0 being the batch and negative ones counted from the end. */
export type AxisOption = number | readonly number[];

/** The option, if it is one axis or several and none is the batch. Throws ArgumentError otherwise. */
export function axisListOption(who: string, axis: unknown): AxisOption {
  const list: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (list.length > 0 && list.every((one) => Number.isSafeInteger(one) && one !== 0)) return axis as AxisOption;
  throw new ArgumentError({ who, expected: 'axis to be integers other than 0, the batch', got: show(axis) });
}

/** These axes of a batch of samples of `shape`, ascending, from 1 on. Throws ArgumentError for one that is not there or twice. */
export function axesOf(who: string, shape: Shape, axis: AxisOption): number[] {
  const list = typeof axis === 'number' ? [axis] : axis;
  const places = list.map((one) => (one < 0 ? one + shape.length + 1 : one)).toSorted((a, b) => a - b);
  if (places.every((one, i) => one >= 1 && one <= shape.length && one !== places[i - 1])) return places;
  const expected = `different axes among the ${shape.length + 1} of an input, the batch being 0`;
  throw new ArgumentError({ who, expected, got: show(axis) });
}

/** A layer that normalises, then scales and shifts where its options say so. */
export abstract class Norm extends Pointwise {
  protected abstract override readonly settings: Checked<NormOptions>;

  /** Declares gamma and beta of this shape, as far as the options want them. */
  protected addParameters(shape: Shape): void {
    const { scale, center, gammaInitializer, betaInitializer } = this.settings;
    if (scale) this.addWeight('gamma', shape, gammaInitializer, rulesOf(this.settings, 'gamma'));
    if (center) this.addWeight('beta', shape, betaInitializer, rulesOf(this.settings, 'beta'));
  }

  protected get parameters(): NormParameters {
    const { scale, center } = this.settings;
    const [gamma, beta] = scale ? this.weights : [undefined, this.weights[0]];
    return { gamma: gamma?.tensor ?? null, beta: center ? beta!.tensor : null };
  }
}
