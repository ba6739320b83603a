/** What poolings share: their options, and the check of their windows. */
import { ArgumentError, flagOption, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectDtype, expectRank } from './kernel.js';
import { type Padding, type Pair, pairOf, type ResolvedWindow, resolveWindow } from './window.js';

/** What every pooling takes. */
export interface Pool2dOptions {
  /** Height and width of the window. */
  poolSize: Pair;
  /** Default: the window's size. */
  strides?: Pair;
  /** Default 'valid'. Explicit padding must be smaller than the window. */
  padding?: Padding;
  /**
   * Whether a last window that begins in the picture, or in the padding before it, counts although it ends behind the padding,
   * as PyTorch's `ceil_mode` has it. Default false. With padding 'same' there is no such window.
   */
  ceilMode?: boolean;
}

/** The options that every pooling takes. */
export const poolOptions = ['poolSize', 'strides', 'padding', 'ceilMode'] as const;

/** What `maxPool2d` takes. */
export interface MaxPool2dOptions extends Pool2dOptions {
  /** How far the inputs of a window lie apart. Default 1. */
  dilations?: Pair;
}

/** What `averagePool2d` takes. */
export interface AveragePool2dOptions extends Pool2dOptions {
  /**
   * Whether places of padding in a window count when its sum is divided, as PyTorch's `count_include_pad` has it; what
   * `ceilMode` lets overhang never does. Default false: the sum is divided by the number of inputs, as Keras has it.
   */
  countPadding?: boolean;
}

/** Where the windows of a pooling lie. The kernel's size is that of a window with the gaps of its dilations. */
export type PoolWindow = ResolvedWindow & { kernelH: number; kernelW: number };

/** What `ceilMode` makes of one axis: the number of windows, and the padding behind it that they reach. */
function withLast(size: number, extent: number, stride: number, before: number, behind: number): [number, number] {
  const started = Math.ceil((size + before + behind - extent) / stride) + 1;
  const outputs = (started - 1) * stride >= size + before ? started - 1 : started;
  return [outputs, Math.max(behind, (outputs - 1) * stride + extent - size - before)];
}

/**
 * The windows of a pooling over pictures of [h, w], and how much of their padding was asked for, which is what can be counted.
 * Throws ArgumentError for bad options, ShapeError when the window does not fit.
 */
export function poolWindow(
  who: string,
  inputs: readonly [number, number],
  options: MaxPool2dOptions,
): { window: PoolWindow; asked: ResolvedWindow } {
  const { poolSize, strides = poolSize, padding = 'valid', ceilMode = false, dilations = 1 } = options;
  const taps = pairOf(who, 'poolSize', poolSize);
  const asked = resolveWindow(who, { inputs, kernel: taps, strides, dilations, padding });
  const { strideH, strideW, padTop, padBottom, padLeft, padRight } = asked;
  const [dilationH, dilationW] = [asked.dilationH, asked.dilationW].map((d, axis) => (taps[axis] === 1 ? 1 : d)) as [
    number,
    number,
  ];
  const extent = [(taps[0] - 1) * dilationH + 1, (taps[1] - 1) * dilationW + 1] as const;
  if (Math.max(padTop, padBottom) >= extent[0] || Math.max(padLeft, padRight) >= extent[1]) {
    const expected = `padding smaller than the window ${show([...extent])}`;
    throw new ArgumentError({ who, expected, got: show([padTop, padBottom, padLeft, padRight]) });
  }
  const window = { ...asked, dilationH, dilationW, kernelH: extent[0], kernelW: extent[1] };
  if (!flagOption(who, 'ceilMode', ceilMode)) return { window, asked };
  const [down, bottom] = withLast(inputs[0], extent[0], strideH, padTop, padBottom);
  const [across, right] = withLast(inputs[1], extent[1], strideW, padLeft, padRight);
  return { window: { ...window, outputs: [down, across], padBottom: bottom, padRight: right }, asked };
}

/** Output shape and kernel settings of a pooling of x [n, h, w, c], and the padding that was asked for. */
export function resolvePool(who: string, x: Tensor, options: MaxPool2dOptions) {
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const { window, asked } = poolWindow(who, [h, w], options);
  const { outputs, dilationH, dilationW, ...settings } = window;
  return { shape: [n, ...outputs, c], settings, dilations: { dilationH, dilationW }, asked };
}
