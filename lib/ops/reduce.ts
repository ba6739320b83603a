/** reduce: sum and mean over any axes. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, output, run } from './kernel.js';

/** What `sum`, `mean`, `max` and `min` take. */
export interface ReduceOptions {
  /** Axes to reduce; negative ones count from the end. Default: all. */
  axes?: readonly number[];
  /** Whether reduced axes stay, with length 1. Default false. */
  keepDims?: boolean;
}

/** The axes of an option as bits, and the shape of what is left. */
export function reducedShape(who: string, { rank, shape }: Tensor, { axes, keepDims = false }: ReduceOptions) {
  let mask = 0;
  for (const axis of axes ?? Array.from({ length: rank }, (_, i) => i)) {
    const place = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(place) || place < 0 || place >= rank || (mask >> place) & 1) {
      throw new ArgumentError({ who, expected: `different axes from ${-rank} to ${rank - 1}`, got: show([...axes!]) });
    }
    mask |= 1 << place;
  }
  const reduced = (axis: number) => ((mask >> axis) & 1) === 1;
  const left = keepDims
    ? shape.map((length, axis) => (reduced(axis) ? 1 : length))
    : shape.filter((_, axis) => !reduced(axis));
  return { mask, shape: left };
}

function reduce(who: 'sum' | 'mean', x: Tensor, options: ReduceOptions): Tensor {
  checkOptions(who, options, ['axes', 'keepDims']);
  expectDtype(who, 'x', x);
  const { mask, shape } = reducedShape(who, x, options);
  const settings = { axes: mask, mean: who === 'mean' ? 1 : 0 };
  const y = output(x, shape);
  run('reduce.forward', [x, y], settings);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('reduce.inputGradient', [dy, dx], settings);
    return [dx];
  };
  return record({ name: who, inputs: [x], output: y, reads: [], backward });
}

/** Sum over the given axes, or over all. Throws DtypeError unless x is float32, ArgumentError for a wrong axis. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('sum', x, options);
}

/** Mean over the given axes, or over all. Throws DtypeError unless x is float32, ArgumentError for a wrong axis. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce('mean', x, options);
}
