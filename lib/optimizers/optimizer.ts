/** What an optimizer is: a rule that moves one weight, and what it has to remember of it. */
import type { Tensor } from '../tensor/index.js';

/** An update rule with its settings. It is a plain value; what it remembers is kept by the model. */
export interface Optimizer {
  readonly name: string;
  readonly settings: Readonly<Record<string, number | boolean | string>>;
  /** Names of what is remembered of each weight, tensors of its shape that begin as zeros. */
  readonly slots: readonly string[];
  /** Moves the weight and its slots one step, in place. */
  update(weight: Tensor, gradient: Tensor, slots: Readonly<Record<string, Tensor>>): void;
}
