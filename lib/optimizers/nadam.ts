/** nadam: Adam with Nesterov's look ahead (Dozat 2016). */
import { maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import { nadamUpdate } from '../ops/index.js';
import { type MomentOptions, momentNames, momentSettings, momentsInKeras } from './moments.js';
import { type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

const spec = optimizerSpec('Nadam', 'nadam', momentNames, { spelled: momentsInKeras });
/**
 * Nadam; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `nadam({ beta1: 0.8 })`.
 */
export const nadam = maker(spec, (options: MomentOptions = {}): Optimizer => {
  checkOptions('nadam', options, spec.options);
  return optimizerOf({
    ...{ spec, options, settings: momentSettings('nadam', options) },
    learningRate: 0.001,
    slots: ['momentum', 'velocity'],
    update: (weight, gradient, { momentum, velocity }, now) =>
      nadamUpdate(weight, gradient, { momentum: momentum!, velocity: velocity! }, now),
  });
});
