/** slice: a part of a tensor, and the same backwards (reverse). */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { axesOption } from './axes.js';
import { expectDtype } from './kernel.js';
import { rearrange, stridesOf } from './rearrange.js';

/** What `slice` takes. */
export interface SliceOptions {
  /** The first place along each axis. */
  start: Shape;
  /** How many values along each axis. */
  shape: Shape;
  /** How far apart they lie along each axis. Default 1 for all. */
  strides?: Shape;
}

/** Places of x: along axis a, `shape[a]` from `start[a]` on, `steps[a]` apart; a negative step goes backwards. */
function part(x: Tensor, start: Shape, shape: Shape, steps: Shape): Tensor {
  const strides = stridesOf(x.shape);
  const offset = start.reduce((sum, place, axis) => sum + place * strides[axis]!, 0);
  return rearrange(x, { axes: shape.map((size, axis) => ({ size, stride: strides[axis]! * steps[axis]! })), offset });
}

/** The part put back at its places, +0 elsewhere. */
function placed(dy: Tensor, whole: Shape, start: Shape, steps: Shape): Tensor {
  if (sizeOf(dy.shape) === 0) return rearrange(dy, { axes: whole.map((size) => ({ size, stride: 0, span: 0 })) });
  const strides = stridesOf(dy.shape);
  const axes = whole.map((size, axis) => {
    const every = steps[axis]!;
    return { size, stride: strides[axis]!, first: start[axis]!, span: (dy.shape[axis]! - 1) * every + 1, every };
  });
  return rearrange(dy, { axes });
}

const wholes = (list: unknown, rank: number, least: number): list is number[] =>
  Array.isArray(list) && list.length === rank && list.every((n) => Number.isSafeInteger(n) && n >= least);

/**
 * The part of x that begins at `start` and has this `shape`, every `strides`-th value along each axis. Its gradient is +0 outside.
 * Throws DtypeError unless x is float32, ArgumentError for lists of another length or bad numbers, ShapeError for a part that is not
 * inside. Example: `slice(x, { start: [0, 2, 2, 0], shape: [n, 28, 28, c] })`.
 */
export function slice(x: Tensor, options: SliceOptions): Tensor {
  checkOptions('slice', options, ['start', 'shape', 'strides']);
  const { start, shape, strides = x.shape.map(() => 1) } = options;
  expectDtype('slice', 'x', x);
  for (const [name, list, least] of [
    ['start', start, 0],
    ['shape', shape, 0],
    ['strides', strides, 1],
  ] as const) {
    if (wholes(list, x.rank, least)) continue;
    throw new ArgumentError({
      who: 'slice',
      expected: `${name} to be ${x.rank} integers >= ${least}`,
      got: show(list),
    });
  }
  const outside = shape.findIndex(
    (size, axis) => start[axis]! + (size === 0 ? 0 : (size - 1) * strides[axis]! + 1) > x.shape[axis]!,
  );
  if (outside !== -1) {
    const expected = `a part inside ${show([...x.shape])}`;
    const from = `${show([...shape])} from ${show([...start])} on`;
    const got = strides.every((step) => step === 1) ? from : `${from}, ${show([...strides])} apart`;
    throw new ShapeError({ who: 'slice', expected, got });
  }
  const empty = sizeOf(shape) === 0;
  const y = part(x, empty ? x.shape.map(() => 0) : start, shape, strides);
  const backward: Backward = (dy) => [placed(dy, x.shape, start, strides)];
  return record({ name: 'slice', inputs: [x], output: y, reads: [], backward });
}

/** What `reverse` takes. */
export interface ReverseOptions {
  /** The axes that run backwards; negative ones count from the end. Default: all. */
  axes?: readonly number[];
}

/**
 * x with the values along some axes backwards. Throws DtypeError unless x is float32, ArgumentError for a wrong axis.
 * Example: `reverse(pictures, { axes: [2] })` mirrors each picture.
 */
export function reverse(x: Tensor, options: ReverseOptions = {}): Tensor {
  checkOptions('reverse', options, ['axes']);
  const { axes } = options;
  expectDtype('reverse', 'x', x);
  const turned = axesOption('reverse', x.rank, axes);
  const start = x.shape.map((size, axis) => (turned.includes(axis) && size > 0 ? size - 1 : 0));
  const steps = x.shape.map((_, axis) => (turned.includes(axis) ? -1 : 1));
  const backwards = (of: Tensor) => part(of, start, of.shape, steps);
  const backward: Backward = (dy) => [backwards(dy)];
  return record({ name: 'reverse', inputs: [x], output: backwards(x), reads: [], backward });
}
