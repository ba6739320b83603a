/** adamax: Adam with the largest size of a gradient in place of the mean of squares (Kingma and Ba 2015, section 7.1). */
import { maker } from '../classes/index.js';
import { checkOptions } from '../errors/index.js';
import { adamaxUpdate } from '../ops/index.js';
import { type MomentOptions, momentNames, momentSettings, momentsInKeras } from './moments.js';
import { type Optimizer, optimizerOf, optimizerSpec } from './optimizer.js';

const spec = optimizerSpec('Adamax', 'adamax', momentNames, { spelled: momentsInKeras });
/**
 * Adamax; see docs/contract.md for every rounding. Throws ArgumentError for an unknown or bad option.
 * Example: `adamax({ beta1: 0.8 })`.
 */
export const adamax = maker(spec, (options: MomentOptions = {}): Optimizer => {
  checkOptions('adamax', options, spec.options);
  return optimizerOf({
    ...{ spec, options, settings: momentSettings('adamax', options) },
    learningRate: 0.001,
    slots: ['momentum', 'norm'],
    update: (weight, gradient, { momentum, norm }, now) =>
      adamaxUpdate(weight, gradient, { momentum: momentum!, norm: norm! }, now),
  });
});
