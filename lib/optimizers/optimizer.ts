/** What an optimizer is: a rule that moves one weight, and what it has to remember of it. */
import {
  type ClassSpec,
  type Config,
  type Configurable,
  configOf,
  type Described,
  isClassConfig,
  type Json,
  type Meant,
  type Registry,
  wordsOf,
} from '../classes/index.js';
import { ArgumentError, numberOption, show } from '../errors/index.js';
import { isSchedule, type Schedule, type ScheduleOption, scheduleFrom } from '../schedules/index.js';
import type { Tensor } from '../tensor/index.js';

/** An update rule with its settings. What it remembers of the weights is kept by the model. */
export interface Optimizer extends Partial<Configurable> {
  readonly name: string;
  /** Frozen: what may change has a setter of its own. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /** Names of what is remembered of each weight, tensors of its shape that begin as zeros. */
  readonly slots: readonly string[];
  /**
   * Rate of the next step, for every model that was compiled with this optimizer, or a schedule of rates. Setting it to
   * anything but a number >= 0 or a schedule throws ArgumentError. Rules of one's own may lack it.
   * Example: `model.optimizer.learningRate = 0.01`.
   */
  learningRate?: number | Schedule;
  /** Moves the weight and its slots one step, in place; `step` is the number of steps done before, by default 0. */
  update(weight: Tensor, gradient: Tensor, slots: Readonly<Record<string, Tensor>>, step?: number): void;
}

/** An optimizer, words such as `rmsprop:learningRate=1e-4,epsilon=outside`, or a config. */
export type OptimizerOption = Meant<Optimizer>;

/** A rate: a number, or how one is computed from the steps. */
export type LearningRate = number | ScheduleOption;

type Settings = Readonly<Record<string, number | boolean | string>>;

/** A rule, whose updates are told the settings of the moment. */
export interface Rule<S> {
  name: string;
  spec: ClassSpec;
  learningRate: number | Schedule;
  /** The other options, checked. */
  settings: S;
  slots: readonly string[];
  update(
    weight: Tensor,
    gradient: Tensor,
    slots: Readonly<Record<string, Tensor>>,
    settings: S & { learningRate: number },
  ): void;
}

/** The rate or the schedule that an option means. Throws ArgumentError otherwise. */
export function learningRateOption(who: string, value: unknown): number | Schedule {
  const said = typeof value === 'string' ? value.includes(':') : isClassConfig(value) || isSchedule(value);
  if (said) return scheduleFrom(value as ScheduleOption, { who: `${who} learningRate` });
  return numberOption(who, 'learningRate', value, 'a number >= 0', (rate) => rate >= 0);
}

/** A rate in a config: a number, or a schedule's config. */
const readLearningRate = (value: Json, custom: Registry): unknown =>
  isClassConfig(value) ? scheduleFrom(value, { custom }) : value;

/** The description of an optimizer: what every one of Keras can do beside its rule is written as not done. */
export const optimizerSpec = (
  className: string,
  name: string,
  options: readonly string[],
  own: Config = {},
): ClassSpec => ({
  className,
  module: 'keras.optimizers',
  options: ['learningRate', ...options],
  fixed: {
    weight_decay: null,
    clipnorm: null,
    global_clipnorm: null,
    clipvalue: null,
    use_ema: false,
    loss_scale_factor: null,
    gradient_accumulation_steps: null,
  },
  unread: { name, ema_momentum: 0.99, ema_overwrite_frequency: null },
  own,
  read: { learningRate: readLearningRate },
});

/**
 * The rate of the step before which `step` steps were done, rounded to float32; undefined for a rule that has none. Throws
 * ArgumentError for a schedule that gives no number >= 0.
 */
export function rateOf({ name, learningRate }: Optimizer, step: number): number | undefined {
  if (learningRate === undefined || typeof learningRate === 'number') return learningRate && Math.fround(learningRate);
  const rate = Math.fround(learningRate.rate(step));
  if (rate >= 0 && Number.isFinite(rate)) return rate;
  const expected = `a schedule whose rates are numbers >= 0`;
  throw new ArgumentError({ who: name, expected, got: `${show(rate)} at step ${step}` });
}

/** The optimizer of a rule. Its rate lies in one place, which updates read and only the setter writes. */
export function optimizerOf<S extends Settings>(
  rule: Rule<S>,
): Optimizer & Described & { learningRate: number | Schedule } {
  const { name, spec, slots, update } = rule;
  let learningRate = rule.learningRate;
  let settings: Settings = told();
  function told(): Settings {
    const rate = typeof learningRate === 'number' ? learningRate : wordsOf(learningRate);
    return Object.freeze({ learningRate: rate, ...rule.settings });
  }
  const optimizer = {
    ...{ name, spec, className: spec.className, slots: Object.freeze([...slots]) },
    get settings() {
      return settings;
    },
    get learningRate() {
      return learningRate;
    },
    set learningRate(value) {
      learningRate = learningRateOption(name, value);
      settings = told();
    },
    getConfig: (): Config => configOf(spec, { ...rule.settings, learningRate }),
    update(weight: Tensor, gradient: Tensor, own: Readonly<Record<string, Tensor>>, step = 0): void {
      const rate = typeof learningRate === 'number' ? learningRate : rateOf(optimizer, step)!;
      update(weight, gradient, own, { ...rule.settings, learningRate: rate });
    },
  };
  return optimizer;
}
