/** pad: values around a tensor: a constant, its edge again, or its mirror image. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, numberOption, ShapeError, show, wordOption } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { broadcastTo } from './broadcast.js';
import { concatenate } from './concatenate.js';
import { expectDtype } from './kernel.js';
import { rearrange, stridesOf } from './rearrange.js';
import { reverse, slice } from './slice.js';

/** 'constant': a value. 'edge': the first and the last value again. 'reflect': mirrored, the edge itself once. */
export const padModes = ['constant', 'edge', 'reflect'] as const;
/** How values around a tensor are made. */
export type PadMode = (typeof padModes)[number];

/** What `pad` takes. */
export interface PadOptions {
  /** For each axis, how many values come before and behind. */
  padWidth: readonly (readonly [number, number])[];
  /** Default 'constant'. */
  mode?: PadMode;
  /** What 'constant' puts there. Default 0. */
  constantValues?: number;
}

type Width = readonly [number, number];

function constant(x: Tensor, widths: readonly Width[], fill: number): Tensor {
  const strides = stridesOf(x.shape);
  const axes = x.shape.map((length, axis) => {
    const [before, behind] = widths[axis]!;
    return { size: before + length + behind, stride: strides[axis]!, first: before, span: length };
  });
  const y = rearrange(x, { axes, fill });
  const backward: Backward = (dy) => {
    const strides = stridesOf(dy.shape);
    const offset = x.size === 0 ? 0 : widths.reduce((sum, [before], axis) => sum + before * strides[axis]!, 0);
    return [rearrange(dy, { axes: x.shape.map((size, axis) => ({ size, stride: strides[axis]! })), offset })];
  };
  return record({ name: 'pad', inputs: [x], output: y, reads: [], backward });
}

/** `count` places of an axis from `from` on. */
const places = (x: Tensor, axis: number, from: number, count: number): Tensor =>
  slice(x, { start: x.shape.map((_, a) => (a === axis ? from : 0)), shape: x.shape.with(axis, count) });

/** What comes before (side 0) or behind (side 1) an axis, by mode. */
const beside: Record<Exclude<PadMode, 'constant'>, (x: Tensor, axis: number, side: 0 | 1, width: number) => Tensor> = {
  edge: (x, axis, side, width) =>
    broadcastTo(places(x, axis, side === 0 ? 0 : x.shape[axis]! - 1, 1), x.shape.with(axis, width)),
  reflect: (x, axis, side, width) =>
    reverse(places(x, axis, side === 0 ? 1 : x.shape[axis]! - 1 - width, width), { axes: [axis] }),
};

function checkWidths(x: Tensor, widths: readonly Width[], mode: PadMode): void {
  const pair = (width: unknown) =>
    Array.isArray(width) && width.length === 2 && width.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!Array.isArray(widths) || widths.length !== x.rank || !widths.every(pair)) {
    const expected = `padWidth to be ${x.rank} pairs of integers >= 0 [before, behind]`;
    throw new ArgumentError({ who: 'pad', expected, got: show(widths) });
  }
  const least = { constant: 0, edge: 1, reflect: 1 }[mode];
  for (const [axis, width] of widths.entries()) {
    const length = x.shape[axis]!;
    const widest = Math.max(width[0], width[1]);
    if (widest === 0 || (length >= least && (mode !== 'reflect' || widest < length))) continue;
    const expected = `axis ${axis} longer than ${mode === 'reflect' ? widest : 0} to pad it by '${mode}'`;
    throw new ShapeError({ who: 'pad', expected, got: show([...x.shape]) });
  }
}

/**
 * x with values around it along each axis. A value that stands there again gets the gradients of all its places, axis by axis.
 * Throws DtypeError unless x is float32, ArgumentError for bad options, ShapeError where an axis is too short to be mirrored.
 * Example: `pad(x, { padWidth: [[0, 0], [1, 1], [1, 1], [0, 0]] })`.
 */
export function pad(x: Tensor, options: PadOptions): Tensor {
  checkOptions('pad', options, ['padWidth', 'mode', 'constantValues']);
  const { padWidth, mode = 'constant', constantValues = 0 } = options;
  expectDtype('pad', 'x', x);
  wordOption('pad', 'mode', mode, padModes);
  numberOption('pad', 'constantValues', constantValues);
  checkWidths(x, padWidth, mode);
  if (mode === 'constant') return constant(x, padWidth, constantValues);
  return padWidth.reduce((y, [before, behind], axis) => {
    if (before === 0 && behind === 0) return y;
    const sideOf = (side: 0 | 1, width: number) => (width === 0 ? [] : [beside[mode](y, axis, side, width)]);
    return concatenate([...sideOf(0, before), y, ...sideOf(1, behind)], { axis });
  }, x);
}
