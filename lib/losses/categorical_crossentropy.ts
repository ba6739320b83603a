/** categoricalCrossentropy: for probabilities of classes that exclude one another. */
import { checkOptions } from '../errors/index.js';
import { categoricalCrossentropy as meanLoss } from '../ops/index.js';
import type { Loss } from './loss.js';

/** Categorical cross-entropy of probabilities against one-hot targets, as Keras 3 defines it. */
export function categoricalCrossentropy(options: Record<never, never> = {}): Loss {
  checkOptions('categoricalCrossentropy', options, []);
  return { name: 'categoricalCrossentropy', compute: (p, t) => meanLoss(p, t) };
}
