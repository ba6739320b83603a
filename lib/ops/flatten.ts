/** flatten: the axes of every sample joined into one; the values stay where they are. */
import { ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { reshape } from './reshape.js';

/**
 * x `[n, ...]` as `[n, values of a sample]`, over the same memory. Throws ShapeError for a scalar.
 * Example: `flatten(features)`.
 */
export function flatten(x: Tensor): Tensor {
  const [n] = x.shape;
  if (n === undefined) throw new ShapeError({ who: 'flatten', expected: 'x [n, ...]', got: show([...x.shape]) });
  const width = x.shape.slice(1).reduce((product, length) => product * length, 1);
  return reshape(x, [n, width]);
}
