/** extremes: the largest and the smallest value over any axes, and where it lies along one. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, flagOption, ShapeError, show } from '../errors/index.js';
import { sizeOf, type Tensor } from '../tensor/index.js';
import { axisOption } from './axes.js';
import { expectDtype, output, run } from './kernel.js';
import { type ReduceOptions, reducedShape } from './reduce.js';

/** What `argmax` and `argmin` take. */
export interface ArgmaxOptions {
  /** The axis along which is counted; a negative one counts from the end. Default: all of x as one row, in row-major order. */
  axis?: number;
  /** Whether the axis stays, with length 1; without `axis`, all of them. Default false. */
  keepDims?: boolean;
}

/** Throws ShapeError where there is nothing to choose from. */
function expectValues(who: string, x: Tensor, mask: number): void {
  const count = sizeOf(x.shape.filter((_, axis) => (mask >> axis) & 1));
  if (count === 0) throw new ShapeError({ who, expected: 'a value along axes', got: show([...x.shape]) });
}

function extreme(who: 'max' | 'min', x: Tensor, options: ReduceOptions): Tensor {
  checkOptions(who, options, ['axes', 'keepDims']);
  expectDtype(who, 'x', x);
  const { mask, shape } = reducedShape(who, x, options);
  expectValues(who, x, mask);
  const y = output(x, shape);
  run('reduce.extremes', [x, y, null], { axes: mask, least: who === 'min' ? 1 : 0 });
  const backward: Backward = (dy) => {
    const [marks, ties, dx] = [output(x), output(y), output(x)];
    run('reduce.extremesGradient', [x, y, null, null, marks], { axes: mask });
    run('reduce.forward', [marks, ties], { axes: mask, mean: 0 });
    marks.dispose();
    run('reduce.extremesGradient', [x, y, dy, ties, dx], { axes: mask });
    ties.dispose();
    return [dx];
  };
  return record({ name: who, inputs: [x], output: y, reads: [x, y], backward });
}

/**
 * The largest value over the given axes, or over all; NaN where one is NaN. Elements that are as large share the gradient. Throws
 * DtypeError unless x is float32, ArgumentError for a wrong axis, ShapeError where there is no value. Example: `max(x, { axes: [-1] })`.
 */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  return extreme('max', x, options);
}

/**
 * The smallest value over the given axes, or over all; NaN where one is NaN. Elements that are as small share the gradient. Throws
 * DtypeError unless x is float32, ArgumentError for a wrong axis, ShapeError where there is no value. Example: `min(x, { axes: [-1] })`.
 */
export function min(x: Tensor, options: ReduceOptions = {}): Tensor {
  return extreme('min', x, options);
}

function place(who: 'argmax' | 'argmin', x: Tensor, options: ArgmaxOptions): Tensor {
  checkOptions(who, options, ['axis', 'keepDims']);
  const { axis, keepDims = false } = options;
  expectDtype(who, 'x', x);
  flagOption(who, 'keepDims', keepDims);
  const axes = axis === undefined ? {} : { axes: [axisOption(who, x.rank, axis)] };
  const { mask, shape } = reducedShape(who, x, { ...axes, keepDims });
  expectValues(who, x, mask);
  const y = output(x, shape, 'int32');
  run('reduce.extremes', [x, null, y], { axes: mask, least: who === 'argmin' ? 1 : 0 });
  return y;
}

/**
 * Where along an axis the largest value lies, as int32: the first of several, the first NaN where there is one. It has no gradient.
 * Throws DtypeError unless x is float32, ArgumentError for a wrong axis, ShapeError where there is no value.
 * Example: `argmax(p, { axis: -1 })`.
 */
export function argmax(x: Tensor, options: ArgmaxOptions = {}): Tensor {
  return place('argmax', x, options);
}

/**
 * Where along an axis the smallest value lies, as int32: the first of several, the first NaN where there is one. It has no gradient.
 * Throws DtypeError unless x is float32, ArgumentError for a wrong axis, ShapeError where there is no value.
 * Example: `argmin(x, { axis: -1 })`.
 */
export function argmin(x: Tensor, options: ArgmaxOptions = {}): Tensor {
  return place('argmin', x, options);
}
