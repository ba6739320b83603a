/** What poolings share: their options, and the check of their windows. */
import { ArgumentError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectRank } from './kernel.js';
import { type Padding, type Pair, pairOf, type ResolvedWindow, resolveWindow } from './window.js';

/** What `maxPool2d` and `averagePool2d` take. */
export interface Pool2dOptions {
  /** Height and width of the window. */
  poolSize: Pair;
  /** Default: the window's size. */
  strides?: Pair;
  /** Default 'valid'. Explicit padding must be smaller than the window. */
  padding?: Padding;
}

/** Settings of a pooling kernel. */
export type PoolSettings = Omit<ResolvedWindow, 'outputs' | 'dilationH' | 'dilationW'> & {
  kernelH: number;
  kernelW: number;
};

/** Output shape and kernel settings of a pooling of x [n, h, w, c]. */
export function resolvePool(
  who: string,
  x: Tensor,
  options: Pool2dOptions,
): { shape: number[]; settings: PoolSettings } {
  const { poolSize, strides = poolSize, padding = 'valid' } = options;
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const kernel = pairOf(who, 'poolSize', poolSize);
  const { outputs, dilationH, dilationW, ...window } = resolveWindow(who, {
    inputs: [h, w],
    kernel,
    strides,
    dilations: 1,
    padding,
  });
  const { padTop, padBottom, padLeft, padRight } = window;
  if (Math.max(padTop, padBottom) >= kernel[0] || Math.max(padLeft, padRight) >= kernel[1]) {
    const expected = `padding smaller than the window ${show(kernel)}`;
    throw new ArgumentError({ who, expected, got: show([padTop, padBottom, padLeft, padRight]) });
  }
  return { shape: [n, ...outputs, c], settings: { ...window, kernelH: kernel[0], kernelW: kernel[1] } };
}
