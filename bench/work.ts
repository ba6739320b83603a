/**
 * What a kernel call has to do at the least: floating-point operations of its products, and bytes if every tensor moves
 * once. Only contractions are counted in flops; everything else is bound by memory.
 */
import type { NativeSettings } from '../lib/addon/index.js';
import { dtypeBytes, sizeOf } from '../lib/tensor/index.js';
import type { Roofs } from './machine.js';
import type { KernelCall, Slot } from './recorder.js';

export interface Work {
  /** A multiply-add counts as two; 0 where there is no contraction. */
  flops: number;
  bytes: number;
  /** Whether nearly all of the bytes are read: the result is as small as a weight or a channel's statistics. */
  onlyReads: boolean;
}

type Described = Pick<KernelCall, 'kernel' | 'slots' | 'settings'>;

/** Pairs of an output place and a tap that fall inside an axis of length `size`: taps in the padding cost nothing. */
function insideTaps(size: number, out: number, kernel: number, stride: number, pad: number, dilation: number): number {
  let count = 0;
  for (let o = 0; o < out; o += 1) {
    for (let k = 0; k < kernel; k += 1) {
      const at = o * stride - pad + k * dilation;
      if (at >= 0 && at < size) count += 1;
    }
  }
  return count;
}

/**
 * Multiply-adds of a convolution: x [n, h, w, ci], weight [kh, kw, ci / groups, co], y [n, oh, ow, co]; or depthwise:
 * weight [kh, kw, c, multiplier], y [n, oh, ow, c * multiplier].
 */
function convolution(x: Slot, weight: Slot, y: Slot, settings: NativeSettings): number {
  const of = (name: string) => Number(settings[name] ?? 0);
  const [n, h, w] = x.shape as [number, number, number];
  const [kh, kw, inner, co] = weight.shape as [number, number, number, number];
  const [, oh, ow] = y.shape as [number, number, number];
  const rows = insideTaps(h, oh, kh, of('strideH'), of('padTop'), of('dilationH'));
  const columns = insideTaps(w, ow, kw, of('strideW'), of('padLeft'), of('dilationW'));
  return n * rows * columns * inner * co;
}

type Count = (slots: readonly Slot[], settings: NativeSettings) => number;

const forward: Count = (slots, settings) => convolution(slots[0]!, slots[1]!, slots.at(-1)!, settings);
const inputGradient: Count = ([dy, weight, dx], settings) => convolution(dx!, weight!, dy!, settings);
const weightGradient: Count = ([x, dy, dw], settings) => convolution(x!, dw!, dy!, settings);

const multiplyAdds: Record<string, Count> = {
  'conv2d.forward': forward,
  'conv2d.inputGradient': inputGradient,
  'conv2d.weightGradient': weightGradient,
  'depthwise_conv2d.forward': forward,
  'depthwise_conv2d.inputGradient': inputGradient,
  'depthwise_conv2d.weightGradient': weightGradient,
  'dense.forward': ([x, weight]) => x!.shape[0]! * sizeOf(weight!.shape),
  'dense.inputGradient': ([dy, weight]) => dy!.shape[0]! * sizeOf(weight!.shape),
  'dense.weightGradient': ([x, dy]) => sizeOf(x!.shape) * dy!.shape.at(-1)!,
};

/** Kernels whose result is small whatever they read. */
const reading = /\.(weightGradient|biasGradient|statistics|parameterGradient)$/;

/** The least work of a call. */
export function workOf({ kernel, slots, settings }: Described): Work {
  const given = slots.filter((slot) => slot !== null);
  return {
    flops: 2 * (multiplyAdds[kernel]?.(given, settings) ?? 0),
    bytes: given.reduce((sum, { dtype, shape }) => sum + dtypeBytes[dtype] * sizeOf(shape), 0),
    onlyReads: reading.test(kernel),
  };
}

export interface RoofShare {
  /** Which roof is lower for this work. */
  bound: 'arithmetic' | 'memory';
  /** The least time the roofs allow, divided by the time taken: 1 is perfect; above 1 the caches helped. */
  share: number;
}

/** How near to the lower roof some work came. */
export function roofShare(work: Work, { flops, bytes, readBytes }: Roofs, seconds: number): RoofShare {
  const arithmetic = work.flops / flops;
  const memory = work.bytes / (work.onlyReads ? readBytes : bytes);
  return { bound: arithmetic > memory ? 'arithmetic' : 'memory', share: Math.max(arithmetic, memory) / seconds };
}
