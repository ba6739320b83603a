/** Windows that slide over pictures: from the strides, dilations and padding of the user to the settings of a kernel. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';

/** One number for both axes, or [height, width]. */
export type Pair = number | readonly [number, number];

/** 'valid': none. 'same': output size = ceil(input / stride), an odd row below, an odd column right. Or [top, bottom, left, right]. */
export type Padding = 'valid' | 'same' | readonly [number, number, number, number];

/** Settings of a kernel with a window, and the size of its output. */
export interface ResolvedWindow {
  outputs: [number, number];
  strideH: number;
  strideW: number;
  dilationH: number;
  dilationW: number;
  padTop: number;
  padBottom: number;
  padLeft: number;
  padRight: number;
}

export interface WindowOptions {
  inputs: readonly [number, number];
  kernel: readonly [number, number];
  strides: Pair;
  dilations: Pair;
  padding: Padding;
}

/** The pair as two numbers. Throws ArgumentError unless they are integers >= 1. */
export function pairOf(who: string, name: string, value: Pair): [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  const valid =
    Array.isArray(pair) && pair.length === 2 && pair.every((item) => Number.isSafeInteger(item) && item >= 1);
  if (!valid) {
    throw new ArgumentError({ who, expected: `${name} to be one or two integers >= 1`, got: show(value) });
  }
  return [pair[0]!, pair[1]!];
}

/** The padding of 'same' before and behind one axis, as TensorFlow places it. */
function samePadding(size: number, extent: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + extent - size, 0);
  const before = Math.floor(total / 2);
  return [before, total - before];
}

function resolvePadding(who: string, padding: Padding, sames: () => number[]): number[] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'same') return sames();
  const valid =
    Array.isArray(padding) && padding.length === 4 && padding.every((p) => Number.isSafeInteger(p) && p >= 0);
  if (!valid) {
    const expected = "padding to be 'valid', 'same' or four integers >= 0 [top, bottom, left, right]";
    throw new ArgumentError({ who, expected, got: show(padding) });
  }
  return [...padding];
}

/** Resolves a window over inputs [h, w]. Throws ArgumentError for bad numbers, ShapeError when the kernel does not fit. */
export function resolveWindow(
  who: string,
  { inputs, kernel, strides, dilations, padding }: WindowOptions,
): ResolvedWindow {
  const stride = pairOf(who, 'strides', strides);
  const dilation = pairOf(who, 'dilations', dilations);
  const extent = [0, 1].map((axis) => (kernel[axis]! - 1) * dilation[axis]! + 1) as [number, number];
  const [padTop, padBottom, padLeft, padRight] = resolvePadding(who, padding, () =>
    [0, 1].flatMap((axis) => samePadding(inputs[axis]!, extent[axis]!, stride[axis]!)),
  ) as [number, number, number, number];
  const padded = [inputs[0] + padTop + padBottom, inputs[1] + padLeft + padRight] as const;
  if (padded[0] < extent[0] || padded[1] < extent[1]) {
    throw new ShapeError({ who, expected: `a padded input of at least ${show(extent)}`, got: show([...padded]) });
  }
  const outputs = [0, 1].map((axis) => Math.floor((padded[axis]! - extent[axis]!) / stride[axis]!) + 1) as [
    number,
    number,
  ];
  const [strideH, strideW] = stride;
  const [dilationH, dilationW] = dilation;
  return { outputs, strideH, strideW, dilationH, dilationW, padTop, padBottom, padLeft, padRight };
}
