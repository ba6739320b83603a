/** What an optimizer is: a rule that moves one weight, and what it has to remember of it. */
import { numberOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';

/** An update rule with its settings. What it remembers of the weights is kept by the model. */
export interface Optimizer {
  readonly name: string;
  /** Frozen: what may change has a setter of its own. */
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /** Names of what is remembered of each weight, tensors of its shape that begin as zeros. */
  readonly slots: readonly string[];
  /**
   * Rate of the next step, for every model that was compiled with this optimizer. Setting it to anything but a number >= 0
   * throws ArgumentError. Rules of one's own may lack it. Example: `model.optimizer.learningRate = 0.01`.
   */
  learningRate?: number;
  /** Moves the weight and its slots one step, in place. */
  update(weight: Tensor, gradient: Tensor, slots: Readonly<Record<string, Tensor>>): void;
}

/** A rule, whose updates are told the settings of the moment. */
export interface Rule<S> {
  name: string;
  settings: S;
  slots: readonly string[];
  update(weight: Tensor, gradient: Tensor, slots: Readonly<Record<string, Tensor>>, settings: S): void;
}

/** The rate if it is one. Throws ArgumentError otherwise. */
export const learningRateOption = (who: string, value: unknown): number =>
  numberOption(who, 'learningRate', value, 'a number >= 0', (rate) => rate >= 0);

/** The optimizer of a rule. Its settings lie in one place, which updates read and only the setter writes. */
export function optimizerOf<S extends Record<string, number | boolean | string> & { learningRate: number }>(
  rule: Rule<S>,
): Optimizer & { learningRate: number } {
  const { name, slots, update } = rule;
  let settings: Readonly<S> = Object.freeze({ ...rule.settings });
  return {
    name,
    slots: Object.freeze([...slots]),
    get settings() {
      return settings;
    },
    get learningRate() {
      return settings.learningRate;
    },
    set learningRate(value) {
      settings = Object.freeze({ ...settings, learningRate: learningRateOption(name, value) });
    },
    update: (weight, gradient, own) => update(weight, gradient, own, settings),
  };
}
