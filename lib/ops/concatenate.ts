/** concatenate: tensors one behind the other along an axis. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import { sameShape, sizeOf, type Tensor } from '../tensor/index.js';
import { axisOption } from './axes.js';
import { expectDtype, output, run } from './kernel.js';
import { rearrange, stridesOf } from './rearrange.js';

/** What `concatenate` takes. */
export interface ConcatenateOptions {
  /** The axis along which they lie; a negative one counts from the end. Default -1. */
  axis?: number;
}

const who = 'concatenate';
const most = 11; // inputs of one kernel

/** Writes y from its parts, at most eleven of them, of which each has so many rows. */
function join(parts: readonly Tensor[], y: Tensor, rows: number): void {
  const absent = Array<null>(most - parts.length).fill(null);
  run('concatenate.forward', [...parts, ...absent, y], { rows });
}

/** Parts of one tensor: its length along `axis`, and the rows before it. */
function joined(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts as [Tensor];
  const of = (lengths: readonly number[]) =>
    first.shape.with(
      axis,
      lengths.reduce((sum, length) => sum + length, 0),
    );
  const rows = sizeOf(first.shape.slice(0, axis));
  const groups = Array.from({ length: Math.ceil(parts.length / most) }, (_, i) =>
    parts.slice(i * most, (i + 1) * most),
  );
  const whole = (list: readonly Tensor[]) => {
    const y = output(first, of(list.map(({ shape }) => shape[axis]!)));
    join(list, y, rows);
    return y;
  };
  if (groups.length === 1) return whole(parts);
  const between = groups.map(whole);
  const y = joined(between, axis);
  for (const part of between) part.dispose();
  return y;
}

/** The part of dy along `axis` that begins at `from`, in the shape of x. */
function partOf(dy: Tensor, x: Tensor, axis: number, from: number): Tensor {
  const strides = stridesOf(dy.shape);
  const offset = sizeOf(x.shape) === 0 ? 0 : from * strides[axis]!;
  return rearrange(dy, { axes: x.shape.map((size, a) => ({ size, stride: strides[a]! })), offset });
}

/**
 * Tensors joined along an axis, in their order; all other lengths are equal. Each gets its part of the gradient. Throws
 * ArgumentError without tensors or for a wrong axis, DtypeError unless all are float32, ShapeError where other lengths differ.
 * Example: `concatenate([up, skip])` joins channels.
 */
export function concatenate(tensors: readonly Tensor[], options: ConcatenateOptions = {}): Tensor {
  checkOptions(who, options, ['axis']);
  const { axis = -1 } = options;
  if (!Array.isArray(tensors) || tensors.length === 0) {
    const got = Array.isArray(tensors) ? 'none' : show(tensors);
    throw new ArgumentError({ who, expected: 'a list of one tensor or more', got });
  }
  const [first] = tensors as [Tensor];
  const along = axisOption(who, first.rank, axis);
  for (const [i, tensor] of tensors.entries()) {
    expectDtype(who, `tensor ${i}`, tensor);
    if (tensor.rank === first.rank && sameShape(tensor.shape.with(along, first.shape[along]!), first.shape)) continue;
    const expected = `tensor ${i} [${first.shape.map((length, a) => (a === along ? '*' : length)).join(', ')}]`;
    throw new ShapeError({ who, expected, got: show([...tensor.shape]) });
  }
  const backward: Backward = (dy, wanted) => {
    let from = 0;
    return tensors.map((tensor, i) => {
      const begin = from;
      from += tensor.shape[along]!;
      return wanted[i] ? partOf(dy, tensor, along, begin) : null;
    });
  };
  return record({ name: who, inputs: [...tensors], output: joined(tensors, along), reads: [], backward });
}
