/** average_pool2d: the mean of each window. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, flagOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';
import { type AveragePool2dOptions, poolOptions, resolvePool } from './pool.js';

/**
 * Average pooling of x [n, h, w, c], giving [n, oh, ow, c]; padding is not counted unless `countPadding` says so. Throws DtypeError unless x is float32,
 * ShapeError when the window does not fit, ArgumentError for bad options.
 * Example: `averagePool2d(x, { poolSize: 3, strides: 2, padding: 'same' })`.
 */
export function averagePool2d(x: Tensor, options: AveragePool2dOptions): Tensor {
  checkOptions('average_pool2d', options, [...poolOptions, 'countPadding']);
  const { countPadding = false, ...windows } = options;
  const counts = flagOption('average_pool2d', 'countPadding', countPadding) ? 1 : 0;
  const { shape, settings: window, asked } = resolvePool('average_pool2d', x, { ...windows, dilations: 1 });
  const settings = {
    ...window,
    countTop: counts * asked.padTop,
    countBottom: counts * asked.padBottom,
    countLeft: counts * asked.padLeft,
    countRight: counts * asked.padRight,
  };
  const y = output(x, shape);
  run('average_pool2d.forward', [x, y], settings);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('average_pool2d.inputGradient', [dy, dx], settings);
    return [dx];
  };
  return record({ name: 'average_pool2d', inputs: [x], output: y, reads: [], backward });
}
