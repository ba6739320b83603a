/** What transpose, slice, pad, reverse and broadcastTo share: every value of the result is one of x, or a fill. */
import type { NativeSettings } from '../addon/index.js';
import { type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { output, run } from './kernel.js';

/** One axis of the result. Place i reads x where i - first is below span and a multiple of every, a step of stride further each. */
export interface RearrangedAxis {
  size: number;
  /** Values of x from one place that reads to the next; 0 to read one again, negative to read backwards. */
  stride: number;
  /** Default 0. */
  first?: number;
  /** Default: all places from the first on. */
  span?: number;
  /** Default 1. */
  every?: number;
}

export interface Rearranged {
  axes: readonly RearrangedAxis[];
  /** The value of x that the first places read. Default 0. */
  offset?: number;
  /** What places hold that read nothing. Default 0. */
  fill?: number;
}

/** The distance in values between neighbours along each axis of a shape, row-major. */
export const stridesOf = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

const unused: Required<RearrangedAxis> = { size: 1, stride: 0, first: 0, span: 1, every: 1 };

/** Copies the values of a tensor into another one of its shape. */
export function copyInto(to: Tensor, from: Tensor): void {
  const strides = stridesOf(from.shape);
  rearrange(from, { axes: from.shape.map((size, axis) => ({ size, stride: strides[axis]! })) }, to);
}

/** The result on the runtime of x, as a new tensor or written `into` another. */
export function rearrange(x: Tensor, { axes, offset = 0, fill = 0 }: Rearranged, into?: Tensor): Tensor {
  const settings: Record<string, number> = { fill, offset };
  for (let a = 0; a < 8; ++a) {
    const { size, stride, first = 0, span = size - first, every = 1 } = axes[a] ?? unused;
    Object.assign(settings, { [`first${a}`]: first, [`span${a}`]: span, [`every${a}`]: every, [`stride${a}`]: stride });
  }
  const y =
    into ??
    output(
      x,
      axes.map(({ size }) => size),
    );
  run('rearrange.forward', [x, y], settings satisfies NativeSettings);
  return y;
}
