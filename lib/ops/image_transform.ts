/** image_transform: pictures read through affine maps, and the random maps of the augmentation layers. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import type { Sequence } from '../random/index.js';
import type { Runtime } from '../runtime/index.js';
import { Tensor } from '../tensor/index.js';
import { expectDtype, expectRank, output, run } from './kernel.js';
import type { PictureSize } from './resize_bilinear.js';

/** Words for what is outside a picture: `dcba|abcd|dcba`, the fill value, `abcd|abcd|abcd`, `aaaa|abcd|dddd`. */
export const fillModes = ['reflect', 'constant', 'wrap', 'nearest'] as const;
/** How a picture is continued outside its border. */
export type FillMode = (typeof fillModes)[number];

export const interpolations = ['bilinear', 'nearest'] as const;
/** How a value between pixels is computed. */
export type Interpolation = (typeof interpolations)[number];

/** What `imageTransform` takes. */
export interface ImageTransformOptions {
  /** Default 'reflect'. */
  fillMode?: FillMode;
  /** Default 'bilinear'. */
  interpolation?: Interpolation;
  /** For fillMode 'constant'. Default 0. */
  fillValue?: number;
}

/**
 * Reads each picture of x `[n, h, w, c]` through its row (m0..m5) of `matrices` `[n, 6]`: output pixel (x, y) takes what
 * is at `(m0 x + m1 y + m2, m3 x + m4 y + m5)`. Throws ShapeError and DtypeError unless both are float32 of these
 * shapes, ArgumentError for an unknown mode. Example: `imageTransform(x, matrices, { fillMode: 'nearest' })`.
 */
export function imageTransform(x: Tensor, matrices: Tensor, options: ImageTransformOptions = {}): Tensor {
  const who = 'imageTransform';
  checkOptions(who, options, ['fillMode', 'interpolation', 'fillValue']);
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  expectDtype(who, 'matrices', matrices);
  if (matrices.rank !== 2 || matrices.shape[0] !== x.shape[0] || matrices.shape[1] !== 6) {
    throw new ShapeError({ who, expected: `matrices [${x.shape[0]}, 6]`, got: show([...matrices.shape]) });
  }
  const { fillMode = 'reflect', interpolation = 'bilinear', fillValue = 0 } = options;
  const settings = {
    fillMode: indexOf(who, 'fillMode', fillMode, fillModes),
    nearest: indexOf(who, 'interpolation', interpolation, interpolations),
    fillValue,
  };
  const y = output(x);
  run('image_transform.forward', [x, matrices, y], settings);
  const backward: Backward = (dy) => {
    const dx = output(x);
    run('image_transform.inputGradient', [dy, matrices, dx], settings);
    return [dx];
  };
  return record({ name: who, inputs: [x, matrices], output: y, reads: [matrices], backward });
}

function indexOf<T extends string>(who: string, name: string, value: T, allowed: readonly T[]): number {
  const index = allowed.indexOf(value);
  if (index >= 0) return index;
  throw new ArgumentError({ who, expected: `${name} to be one of ${allowed.join(', ')}`, got: show(value) });
}

/** The random numbers that a batch of maps is drawn from, and the size of its pictures. */
export interface TransformDraw {
  sequence: Sequence;
  /** Number of maps; sample i takes elements 2 (first + i) and 2 (first + i) + 1 of the sequence. */
  count: number;
  /** Default 0. */
  first?: number;
  size: PictureSize;
}

function drawn(kernel: string, runtime: Runtime, draw: TransformDraw, numbers: Record<string, number>): Tensor {
  checkOptions(kernel.split('.')[1]!, draw, ['sequence', 'count', 'first', 'size']);
  const { sequence, count, first = 0, size } = draw;
  const matrices = Tensor.empty(runtime, [count, 6]);
  const { seed, stream, step } = sequence;
  const unused = { a0: 0, a1: 0, b0: 0, b1: 0, tied: 0 };
  run(kernel, [matrices], { seed, stream, step, first, height: size[0], width: size[1], ...unused, ...numbers });
  return matrices;
}

/** Maps `[count, 6]` that flip each picture left-right, top-bottom or both ways, each with probability 1/2. */
export function flipMatrices(
  runtime: Runtime,
  draw: TransformDraw,
  { horizontal, vertical }: { horizontal: boolean; vertical: boolean },
): Tensor {
  return drawn('image_transform.flipMatrices', runtime, draw, { a0: horizontal ? 1 : 0, a1: vertical ? 1 : 0 });
}

/** Maps `[count, 6]` that turn each picture about its middle by an angle in `[low, high)` radians. */
export function rotationMatrices(
  runtime: Runtime,
  draw: TransformDraw,
  [low, high]: readonly [number, number],
): Tensor {
  return drawn('image_transform.rotationMatrices', runtime, draw, { a0: low, a1: high });
}

/** Maps `[count, 6]` that zoom about the middle, each side by a factor in its range. Without a range for it, width follows height. */
export function zoomMatrices(
  runtime: Runtime,
  draw: TransformDraw,
  height: readonly [number, number],
  width?: readonly [number, number],
): Tensor {
  const [b0, b1] = width ?? [0, 0];
  return drawn('image_transform.zoomMatrices', runtime, draw, {
    a0: height[0],
    a1: height[1],
    b0,
    b1,
    tied: width === undefined ? 1 : 0,
  });
}
