/** l2Normalize: x divided by its length along some axes. */
import { checkOptions, numberOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { clip } from './activation.js';
import { axesOption } from './axes.js';
import { divide } from './binary.js';
import { expectDtype } from './kernel.js';
import { sum } from './reduce.js';
import { sqrt, square } from './unary.js';

/** What `l2Normalize` takes. */
export interface L2NormalizeOptions {
  /** The axes whose values are one vector; negative ones count from the end. Default [-1]. */
  axes?: readonly number[];
  /** The smallest length that is divided by. Default 1e-12. */
  epsilon?: number;
}

/**
 * x with every vector along `axes` divided by its length, the root of its sum of squares, or by `epsilon` where that is larger: so a
 * vector of zeros stays, and its gradient is finite. Throws DtypeError unless x is float32, ArgumentError for a wrong axis and an
 * epsilon whose square is no positive float. Example: `l2Normalize(features)`.
 */
export function l2Normalize(x: Tensor, options: L2NormalizeOptions = {}): Tensor {
  const who = 'l2Normalize';
  checkOptions(who, options, ['axes', 'epsilon']);
  const { axes = [-1], epsilon = 1e-12 } = options;
  expectDtype(who, 'x', x);
  axesOption(who, x.rank, axes);
  const positive = (value: number) => value > 0 && Math.fround(value * value) > 0;
  numberOption(who, 'epsilon', epsilon, 'a number > 1e-22', positive);
  const squares = sum(square(x), { axes, keepDims: true });
  return divide(x, sqrt(clip(squares, { low: epsilon * epsilon, high: Number.POSITIVE_INFINITY })));
}
