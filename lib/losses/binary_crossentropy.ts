/** binaryCrossentropy: for one probability a value, yes or no. */

import { maker } from '../classes/index.js';
import { binaryCrossentropy as meanLoss } from '../ops/index.js';
import type { Loss } from './loss.js';
import { type CrossentropyOptions, crossentropySpec, formsOf } from './options.js';
import { checkShares } from './targets.js';

/** What `binaryCrossentropy` takes. */
export type BinaryCrossentropyOptions = CrossentropyOptions;

const name = 'binaryCrossentropy';
const spec = crossentropySpec('BinaryCrossentropy');

/**
 * Binary cross-entropy as Keras 3 defines it. In a model whose outputs are those of a sigmoid it is computed from the
 * logits; of bare probabilities, or with `clipped`, from probabilities clipped to [1e-7, 1 - 1e-7]. Targets are from 0 to 1.
 * Throws ArgumentError for an unknown or bad option.
 */
export const binaryCrossentropy = maker(spec, (options: BinaryCrossentropyOptions = {}): Loss => {
  const { checkForm, ...forms } = formsOf(name, spec, 'sigmoid', meanLoss, options);
  return {
    name,
    ...forms,
    checkOutput: checkForm,
    checkTargets: (who, targets, shape) => checkShares(who, name, targets, shape, 'write the two classes as 0 and 1'),
  };
});
