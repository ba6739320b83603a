/** max_pool2d: the largest value of each window. */
import { record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { type Pool2dOptions, resolvePool } from './pool.js';
import { noteMasked, takesMasked } from './relu_gradient.js';

/**
 * Max pooling of x [n, h, w, c], giving [n, oh, ow, c]. The lowest index wins ties, a NaN wins. Throws DtypeError unless
 * x is float32, ShapeError when the window does not fit, ArgumentError for bad options.
 * Example: `maxPool2d(x, { poolSize: 2 })`.
 */
export function maxPool2d(x: Tensor, options: Pool2dOptions): Tensor {
  const { shape, settings } = resolvePool('max_pool2d', x, options);
  const y = output(x, shape);
  run('max_pool2d.forward', [x, y], settings);
  const masked = takesMasked(x);
  return record(y, [x], (dy) => {
    const dx = output(x);
    run('max_pool2d.inputGradient', [x, dy, dx], { ...settings, relu: masked ? 1 : 0 });
    return [masked ? noteMasked(dx, x) : dx];
  });
}
