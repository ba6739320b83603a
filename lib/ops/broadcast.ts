/** broadcast: values repeated along axes of length 1 and along new ones in front, as NumPy does. */
import { type Backward, record } from '../autograd/index.js';
import { ShapeError, show } from '../errors/index.js';
import { checkShape, type Shape, sameShape, sizeOf, type Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';
import { rearrange, stridesOf } from './rearrange.js';

/** The lengths of x with as many axes as the result, ones in front. */
const padded = (shape: Shape, rank: number): number[] => [...Array(rank - shape.length).fill(1), ...shape];

/** The shape that both broadcast to. Throws ShapeError, in the words of `who`, where some axis has two lengths and none is 1. */
export function broadcastShape(who: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const [left, right] = [padded(a, rank), padded(b, rank)];
  const shape = left.map((length, axis) => (length === 1 ? right[axis]! : length));
  if (shape.every((length, axis) => right[axis] === length || right[axis] === 1)) return shape;
  throw new ShapeError({ who, expected: `shapes that broadcast together`, got: `${show([...a])} and ${show([...b])}` });
}

/** dy of the broadcast shape, summed over what was repeated, in x's shape. Rule 4 of the contract; dy itself where nothing was. */
export function unbroadcast(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lengths = padded(shape, dy.rank);
  const repeated = lengths.map((length, axis) => length !== dy.shape[axis]);
  const axes = repeated.reduce((mask, is, axis) => (is ? mask | (1 << axis) : mask), 0);
  if (axes === 0) return dy.reshape(shape);
  const sums = output(
    dy,
    dy.shape.filter((_, axis) => !repeated[axis]),
  );
  run('reduce.forward', [dy, sums], { axes, mean: 0 });
  const dx = sums.reshape(shape);
  sums.dispose();
  return dx;
}

/** x repeated to `shape`, into which it is known to broadcast. */
export function repeated(x: Tensor, shape: Shape): Tensor {
  const lengths = padded(x.shape, shape.length);
  const strides = stridesOf(lengths);
  const step = (axis: number) => (lengths[axis] === 1 ? 0 : strides[axis]!);
  // Nothing to read: nothing is read.
  const span = sizeOf(shape) === 0 ? { span: 0 } : {};
  return rearrange(x, { axes: shape.map((size, axis) => ({ size, stride: step(axis), ...span })) });
}

/**
 * x repeated to `shape`: axes of length 1, and new ones in front, become as long as asked for. Its gradient is the sum over the
 * repetitions. Throws DtypeError unless x is float32, ShapeError where a length other than 1 would change.
 * Example: `broadcastTo(bias, [32, 10])`.
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  expectDtype('broadcastTo', 'x', x);
  checkShape('broadcastTo', shape);
  const lengths = shape.length < x.rank ? undefined : padded(x.shape, shape.length);
  if (lengths === undefined || !lengths.every((length, axis) => length === shape[axis] || length === 1)) {
    const expected = `a shape that ${show([...x.shape])} broadcasts to`;
    throw new ShapeError({ who: 'broadcastTo', expected, got: show([...shape]) });
  }
  const backward: Backward = (dy) => [unbroadcast(dy, x.shape)];
  return record({ name: 'broadcastTo', inputs: [x], output: repeated(x, shape), reads: [], backward });
}
