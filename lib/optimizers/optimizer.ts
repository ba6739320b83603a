/** What an optimizer is: a rule that moves one weight, and what it has to remember of it. */
import {
  type ClassSpec,
  type Config,
  type Configurable,
  configOf,
  type Described,
  type Meant,
  wordsOf,
} from '../classes/index.js';
import { ArgumentError, numberOption, show } from '../errors/index.js';
import type { Clip } from '../ops/index.js';
import type { Schedule } from '../schedules/index.js';
import type { Tensor } from '../tensor/index.js';
import { type Accumulation, type Common, type CommonOptions, commonNames, commonOptions } from './common.js';
import { learningRateOption, readLearningRate } from './rate.js';

/** An update rule with its settings. What it remembers of the weights is kept by the model. */
export interface Optimizer extends Partial<Configurable> {
  readonly name: string;
  /** Frozen: what may change has a setter of its own. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /** Names of what is remembered of each weight, tensors of its shape that begin as zeros, or as `initial` says. */
  readonly slots: readonly string[];
  /** The first value of slots that do not begin as zeros. */
  readonly initial?: Readonly<Record<string, number>>;
  /**
   * Rate of the next step, for every model that was compiled with this optimizer, or a schedule of rates. Setting it to
   * anything but a number >= 0 or a schedule throws ArgumentError. Rules of one's own may lack it.
   * Example: `model.optimizer.learningRate = 0.01`.
   */
  learningRate?: number | Schedule;
  /** How the gradients of a step, given in the order of the weights, are held to a limit before they are used. */
  clip?: ((gradients: readonly Tensor[]) => Clip) | undefined;
  /** How many steps make one update, and the slots, among `slots`, that keep their gradients meanwhile. Default: each is one. */
  readonly accumulation?: Accumulation | undefined;
  /** Moves the weight and its slots one step, in place; `step` is the number of steps done before, by default 0. */
  update(weight: Tensor, gradient: Tensor, slots: Readonly<Record<string, Tensor>>, step?: number): void;
}

/** An optimizer, words such as `rmsprop:learningRate=1e-4,epsilon=outside`, or a config. */
export type OptimizerOption = Meant<Optimizer>;

type Settings = Readonly<Record<string, number | boolean | string>>;

/** A rule, whose updates are told the settings of the moment. */
export interface Rule<S> {
  spec: ClassSpec;
  /** What was given. */
  options: CommonOptions & Partial<S>;
  learningRate: number;
  /** Default of weight decay. */
  weightDecay?: number;
  /** The other options, checked. */
  /** What it is called here, where Keras's files call it otherwise. */
  name?: string;
  settings: S;
  slots: readonly string[];
  initial?: Readonly<Record<string, number>>;
  update(
    weight: Tensor,
    gradient: Tensor,
    slots: Readonly<Record<string, Tensor>>,
    settings: S & Common['decay'] & { learningRate: number; step: number },
  ): void;
}

/** The description of an optimizer: what every one of Keras can do beside its rule and ours cannot is written as not done. */
export const optimizerSpec = (
  className: string,
  name: string,
  options: readonly string[],
  { own = {}, spelled = {} }: { own?: Config; spelled?: Readonly<Record<string, string>> } = {},
): ClassSpec => ({
  className,
  module: 'keras.optimizers',
  options: ['learningRate', ...options, ...commonNames],
  spelled,
  fixed: { use_ema: false, loss_scale_factor: null },
  unread: { name, ema_momentum: 0.99, ema_overwrite_frequency: null },
  own: { ...own, weightDecayForm: 'decoupled' },
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
  const { spec, slots, initial = {}, update } = rule;
  const { name = String(spec.unread?.['name']) } = rule;
  const common = commonOptions(name, rule.options, rule.weightDecay);
  const { accumulation } = common;
  let learningRate = learningRateOption(name, rule.options.learningRate ?? rule.learningRate);
  let asked: { step: number; rate: number } | undefined;
  let settings: Settings = told();
  function told(): Settings {
    const rate = typeof learningRate === 'number' ? learningRate : wordsOf(learningRate);
    return Object.freeze({ learningRate: rate, ...rule.settings, ...common.told });
  }
  const optimizer = {
    ...{
      name,
      spec,
      className: spec.className,
      slots: Object.freeze([...slots, ...(accumulation?.slots ?? [])]),
      accumulation,
      initial: Object.freeze({ ...initial }),
    },
    clip: common.clip,
    get settings() {
      return settings;
    },
    get learningRate() {
      return learningRate;
    },
    set learningRate(value) {
      learningRate = learningRateOption(name, value);
      asked = undefined;
      settings = told();
    },
    getConfig: (): Config => configOf(spec, { ...rule.settings, ...common.config, learningRate }),
    update(weight: Tensor, gradient: Tensor, own: Readonly<Record<string, Tensor>>, step = 0): void {
      // Every weight of a step asks, and a power may take as many multiplications as there were steps.
      if (asked?.step !== step) asked = { step, rate: rateOf(optimizer, step)! };
      const { rate } = asked;
      update(weight, gradient, own, {
        ...rule.settings,
        ...common.decay,
        learningRate: rate,
        step: Math.floor(step / (accumulation?.steps ?? 1)),
      });
    },
  };
  return optimizer;
}

/** The value of a share if it is one, from 0 to 1. Throws ArgumentError otherwise. */
export const shareOption = (who: string, name: string, value: unknown): number =>
  numberOption(who, name, value, 'in [0, 1]', (x) => x >= 0 && x <= 1);

/** The value of a fading mean's share, below 1 so that what it is divided by is not 0. Throws ArgumentError otherwise. */
export const betaOption = (who: string, name: string, value: unknown): number =>
  numberOption(who, name, value, 'in [0, 1)', (x) => x >= 0 && x < 1);

/** The value of an epsilon. Throws ArgumentError unless it is a number >= 0. */
export const epsilonOption = (who: string, value: unknown): number =>
  numberOption(who, 'epsilon', value, 'a number >= 0', (x) => x >= 0);
