/** max_pool2d: the largest value of each window. */
import { type Backward, isReluOutput, isWatched, record } from '../autograd/index.js';
import { checkOptions } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { runRow } from './by_sample.js';
import { output } from './kernel.js';
import { type MaxPool2dOptions, poolOptions, resolvePool } from './pool.js';

/** The most inputs of a window whose choice fits a byte; one value of the byte stands for no choice. */
const mostNotedTaps = 255;

/**
 * Max pooling of x [n, h, w, c], giving [n, oh, ow, c]. The lowest index wins ties, a NaN wins. Throws DtypeError unless
 * x is float32, ShapeError when the window does not fit, ArgumentError for bad options and for dilations with which a window
 * would read padding alone.
 * Example: `maxPool2d(x, { poolSize: 3, strides: 2, ceilMode: true })`.
 */
export function maxPool2d(x: Tensor, options: MaxPool2dOptions): Tensor {
  checkOptions('max_pool2d', options, [...poolOptions, 'dilations']);
  const { shape, settings: window, dilations } = resolvePool('max_pool2d', x, options);
  const y = output(x, shape);
  const relu = isReluOutput(x) ? 1 : 0;
  const settings = { ...window, ...dilations, relu };
  const noted = isWatched(x) && settings.kernelH * settings.kernelW <= mostNotedTaps;
  const choice = noted ? output(x, shape, 'uint8') : null;
  runRow(x, x.shape, [{ kernel: 'max_pool2d.forward', tensors: [x, y, choice], settings }]);
  const backward: Backward = (dy) => {
    const dx = output(x);
    const tensors = [choice === null ? x : null, choice, dy, dx];
    runRow(x, x.shape, [{ kernel: 'max_pool2d.inputGradient', tensors, settings }]);
    return [dx];
  };
  const reads = choice === null ? [x] : [];
  return record({ name: 'max_pool2d', inputs: [x], output: y, reads, saves: [choice], masks: relu === 1, backward });
}
