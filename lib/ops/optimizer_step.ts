/** What the steps of all optimizers share: a check of shapes, and weight decay. */
import type { NativeSettings } from '../addon/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectSameShape, run } from './kernel.js';

/**
 * Where weight decay enters: 'decoupled' takes `w * weightDecay * learningRate` off the weight (Keras, AdamW), 'coupled' adds
 * `weightDecay * w` to the gradient, which is that of an L2 penalty (PyTorch's SGD and Adam).
 */
export type WeightDecayForm = 'decoupled' | 'coupled';

/** What the numbers of every step begin with. */
export interface StepSettings {
  learningRate: number;
  /** Default 0. */
  weightDecay?: number;
  /** Default 'decoupled'. */
  weightDecayForm?: WeightDecayForm;
}

/**
 * Runs an optimizer's kernel: moves `weight` and its slots one step, in place. Slots in the order of the contract, null where
 * one is not needed. Throws ShapeError when shapes differ.
 */
export function runStep<S extends StepSettings>(
  kernel: `${string}.update`,
  weight: Tensor,
  gradient: Tensor,
  slots: Readonly<Record<string, Tensor | null>>,
  settings: S,
  own: (settings: Omit<S, keyof StepSettings>) => NativeSettings,
): void {
  for (const [role, tensor] of Object.entries({ gradient, ...slots })) {
    if (tensor !== null) expectSameShape(kernel.split('.')[0]!, role, tensor, weight.shape);
  }
  const { learningRate, weightDecay = 0, weightDecayForm = 'decoupled', ...others } = settings;
  const decay = { learningRate, weightDecay, decayCoupled: weightDecayForm === 'coupled' ? 1 : 0 };
  run(kernel, [gradient, weight, ...Object.values(slots)], { ...decay, ...own(others) });
}
