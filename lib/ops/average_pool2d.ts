/** average_pool2d: the mean of each window. */
import { type Backward, record } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { type Pool2dOptions, resolvePool } from './pool.js';

/**
 * Average pooling of x [n, h, w, c], giving [n, oh, ow, c]; padding is not counted. Throws DtypeError unless x is float32,
 * ShapeError when the window does not fit, ArgumentError for bad options.
 * Example: `averagePool2d(x, { poolSize: 3, strides: 2, padding: 'same' })`.
 */
export function averagePool2d(x: Tensor, options: Pool2dOptions): Tensor {
  const { shape, settings } = resolvePool('average_pool2d', x, options);
  const y = output(x, shape);
  run('average_pool2d.forward', [x, y], settings);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('average_pool2d.inputGradient', [dy, dx], settings);
    return [dx];
  };
  return record({ name: 'average_pool2d', inputs: [x], output: y, reads: [], backward });
}
