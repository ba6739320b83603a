/** categoricalCrossentropy: for probabilities of classes that exclude one another. */

import { maker } from '../classes/index.js';
import { ArgumentError, show } from '../errors/index.js';
import { categoricalCrossentropy as meanLoss } from '../ops/index.js';
import type { Loss } from './loss.js';
import { type CrossentropyOptions, crossentropySpec, formsOf } from './options.js';
import { checkRows } from './targets.js';

/** What `categoricalCrossentropy` takes. */
export type CategoricalCrossentropyOptions = CrossentropyOptions;

const name = 'categoricalCrossentropy';
const spec = crossentropySpec('CategoricalCrossentropy');

/**
 * Categorical cross-entropy over the last axis against one-hot targets or shares, as Keras 3 defines it. In a model whose
 * outputs are those of a softmax it is computed from the logits; of bare probabilities, or with `clipped`, these are divided
 * by their sum and clipped to [1e-7, 1 - 1e-7]. Throws ArgumentError for an unknown or bad option.
 */
export const categoricalCrossentropy = maker(spec, (options: CategoricalCrossentropyOptions = {}): Loss => {
  const { checkForm, ...forms } = formsOf(name, spec, 'softmax', meanLoss, options);
  return {
    name,
    ...forms,
    checkOutput(who, output) {
      if ((output.shape.at(-1) ?? 1) < 2) {
        const expected = `outputs of two classes or more for ${name}`;
        const hint = 'binaryCrossentropy is the loss for one probability';
        throw new ArgumentError({ who, expected, got: show([...output.shape]), hint });
      }
      checkForm(who, output);
    },
    checkTargets: (who, targets, shape) => checkRows(who, name, targets, shape),
  };
});
