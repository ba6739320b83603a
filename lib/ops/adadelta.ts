/** adadelta: one step of Adadelta, in place. */
import type { Tensor } from '../tensor/index.js';
import { runStep, type StepSettings } from './optimizer_step.js';

/** The numbers of one step of Adadelta. */
export interface AdadeltaSettings extends StepSettings {
  rho: number;
  epsilon: number;
}

/** What Adadelta remembers of a weight, each of its shape, zeros at first. */
export interface AdadeltaSlots {
  /** Running mean of squared gradients. */
  squares: Tensor;
  /** Running mean of squared steps. */
  steps: Tensor;
}

/** Moves `weight` and its slots one step, in place (docs/contract.md, Optimizers). Throws ShapeError when shapes differ. */
export function adadeltaUpdate(
  weight: Tensor,
  gradient: Tensor,
  slots: AdadeltaSlots,
  settings: AdadeltaSettings,
): void {
  const { squares, steps } = slots;
  runStep('adadelta.update', weight, gradient, { squares, steps }, settings, ({ rho, epsilon }) => ({
    ...{ rho, epsilon },
    share: 1 - rho,
  }));
}
