/** warmup: along a line from a share of the rate to all of it, then on with that. */
import { factorOption, rateOption, scheduleMaker, scheduleSpec, stepsOption } from './schedule.js';

/** What `warmup` takes. */
export interface WarmupOptions {
  /** Rate behind the warm-up. */
  learningRate: number;
  /** How many steps it takes. */
  warmupSteps: number;
  /** Share of the rate that the first step takes, in [0, 1]. Default 0. */
  startFactor?: number;
}

/**
 * learningRate * (startFactor + (1 - startFactor) * min(step / warmupSteps, 1)), in doubles, as PyTorch's LinearLR asked once a
 * step: `warmup({ learningRate: 0.1, warmupSteps: 500 })`. A decay behind it is `cosineDecay` with `warmupSteps`, or `oneCycle`.
 * Throws ArgumentError for an unknown or bad option.
 */
export const warmup = scheduleMaker('warmup', {
  spec: { ...scheduleSpec('Warmup', ['learningRate', 'warmupSteps', 'startFactor']), module: 'samebits' },
  check: (who, options: WarmupOptions) => ({
    learningRate: rateOption(who, 'learningRate', options.learningRate),
    warmupSteps: stepsOption(who, options.warmupSteps, 'warmupSteps'),
    startFactor: factorOption(who, 'startFactor', options.startFactor ?? 0),
  }),
  rate: ({ learningRate, warmupSteps, startFactor }, step) =>
    learningRate * (startFactor + (1 - startFactor) * Math.min(step / warmupSteps, 1)),
});
