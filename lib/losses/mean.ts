/** The mean that losses made of operations end with. */
import * as ops from '../ops/index.js';
import type { Tensor } from '../tensor/index.js';

/** The mean over each sample by rule 4, then over the batch by rule 4. */
export function meanOf(terms: Tensor): Tensor {
  const inside = terms.shape.map((_, axis) => axis).slice(1);
  return ops.mean(inside.length === 0 ? terms : ops.mean(terms, { axes: inside }));
}
