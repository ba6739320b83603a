/** Options that every optimizer has: weight decay, and limits of the gradients. */
import { ArgumentError, integerOption, numberOption, wordOption } from '../errors/index.js';
import { type Clip, clipByGlobalNorm, clipByNorm, clipByValue, type WeightDecayForm } from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';
import type { LearningRate } from './rate.js';

/** What every optimizer takes. At most one of `clipnorm`, `globalClipnorm` and `clipvalue`, as in Keras. */
export interface CommonOptions {
  /** A number, or a schedule, its words or its config. */
  learningRate?: LearningRate;
  /** How much of every weight a step takes off, as `weightDecayForm` says. Default 0, of `adamw` 0.004. */
  weightDecay?: number;
  /**
   * 'decoupled' takes `w * weightDecay * learningRate` off the weight (Keras, AdamW), 'coupled' adds `weightDecay * w` to its
   * gradient (PyTorch's SGD and Adam). Default 'decoupled'.
   */
  weightDecayForm?: WeightDecayForm;
  /** Largest norm (root of the sum of squares) of each weight's gradient, above 0. Default none. */
  clipnorm?: number;
  /** Largest norm of all gradients of a step together, above 0. Default none. */
  globalClipnorm?: number;
  /** Largest size of any value of a gradient, above 0. Default none. */
  clipvalue?: number;
  /**
   * Steps whose gradients are one update, by their mean: 2 or more. Schedules count steps, corrections of moments updates, as in Keras.
   * Default null: every step is an update.
   */
  gradientAccumulationSteps?: number | null;
}

/** The names of these options beside the rate, in the order of Keras's configs. */
export const commonNames = [
  ...(['weightDecay', 'weightDecayForm', 'clipnorm', 'globalClipnorm', 'clipvalue'] as const),
  'gradientAccumulationSteps',
] as const;

type Limit = 'clipnorm' | 'globalClipnorm' | 'clipvalue';

/** How the gradients of one step are held, by the name of the limit. */
const clips: Readonly<Record<Limit, (limit: number) => (gradients: readonly Tensor[]) => Clip>> = {
  clipnorm: (limit) => () => clipByNorm(limit),
  globalClipnorm: (limit) => (gradients) => clipByGlobalNorm(gradients, limit),
  clipvalue: (limit) => () => clipByValue(limit),
};
const limits = Object.keys(clips) as Limit[];

/** Steps that are one update, and the slots that keep their sums: level k that of 2^k steps. */
export interface Accumulation {
  readonly steps: number;
  readonly slots: readonly string[];
}

function accumulationOf(who: string, steps: number | null): Accumulation | undefined {
  if (steps === null) return undefined;
  integerOption(who, 'gradientAccumulationSteps', steps, 2);
  const levels = 32 - Math.clz32(steps - 1);
  return { steps, slots: Array.from({ length: levels }, (_, level) => `gradient_accumulator_${level}`) };
}

/** These options, checked. */
export interface Common {
  /** What an update is told. */
  decay: { weightDecay: number; weightDecayForm: WeightDecayForm };
  clip: ((gradients: readonly Tensor[]) => Clip) | undefined;
  accumulation: Accumulation | undefined;
  /** What `settings` shows: what was asked for. */
  told: Readonly<Record<string, number | string>>;
  config: Readonly<Record<string, number | string | null>>;
}

/** The options, checked. Throws ArgumentError for a bad one, and for two limits. */
export function commonOptions(who: string, options: CommonOptions, weightDecay = 0): Common {
  const share = options.weightDecay ?? weightDecay;
  const decay = {
    weightDecay: numberOption(who, 'weightDecay', share, 'a number >= 0', (value) => value >= 0),
    weightDecayForm: wordOption(who, 'weightDecayForm', options.weightDecayForm ?? 'decoupled', [
      'decoupled',
      'coupled',
    ]),
  };
  const [limit, other] = limits.filter((name) => options[name] !== undefined);
  if (other !== undefined) {
    throw new ArgumentError({ who, expected: `one of ${limits.join(', ')}`, got: `${limit} and ${other}` });
  }
  const most = limit && numberOption(who, limit, options[limit], 'a number > 0', (value) => value > 0);
  const held = limit && { [limit]: most! };
  const { gradientAccumulationSteps = null } = options;
  const accumulation = accumulationOf(who, gradientAccumulationSteps);
  // None at all is what is not told, unless that means some.
  const told = decay.weightDecay > 0 || weightDecay > 0;
  return {
    decay,
    clip: limit && clips[limit](most!),
    accumulation,
    told: { ...(told && decay), ...held, ...(accumulation && { gradientAccumulationSteps: accumulation.steps }) },
    config: { ...decay, weightDecay: told ? decay.weightDecay : null, ...held, gradientAccumulationSteps },
  };
}
