/** conv2d_transpose: the way back of a convolution as a layer of its own, which makes pictures larger. */
import { type Backward, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { together } from './binary.js';
import { noActivation } from './fused.js';
import { expectDtype, expectRank, expectSameShape, output, run } from './kernel.js';
import { type Pair, pairOf, resolveWindow } from './window.js';

/** What `conv2dTranspose` takes. */
export interface Conv2dTransposeOptions {
  /** [co], added to every output place. */
  bias?: Tensor | null;
  /** Default 1. */
  strides?: Pair;
  /** Distance between taps. Default 1. */
  dilations?: Pair;
  /** Default 'valid'. */
  padding?: 'valid' | 'same';
  /** Rows and columns added on one side; null is as many as make `same` an output of input * stride. Default null. */
  outputPadding?: Pair | null;
}

const who = 'conv2d_transpose';

/** Height and width of the output, as Keras counts them: of one axis, from its length, taps, stride, dilation and output padding. */
function outputLength(
  length: number,
  taps: number,
  stride: number,
  dilation: number,
  options: Conv2dTransposeOptions,
  extra: number | null,
) {
  const extent = (taps - 1) * dilation + 1;
  if (extra === null)
    return options.padding === 'same' ? length * stride : length * stride + Math.max(extent - stride, 0);
  return (length - 1) * stride + extent - (options.padding === 'same' ? 2 * Math.floor(extent / 2) : 0) + extra;
}

/** Settings of the convolution that this is the way back of, and the shape of the output. */
export interface Conv2dTransposePlan {
  shape: Shape;
  settings: Record<string, number>;
}

/** Checks all options but the bias. Throws as `conv2dTranspose` does, in the words of `who`. */
export function planConv2dTranspose(
  who: string,
  x: Shape,
  weight: Shape,
  options: Omit<Conv2dTransposeOptions, 'bias'>,
): Conv2dTransposePlan {
  const { strides = 1, dilations = 1, padding = 'valid', outputPadding = null } = options;
  const [n, h, w, ci] = x as [number, number, number, number];
  const [kh, kw, co, from] = weight as [number, number, number, number];
  if (padding !== 'valid' && padding !== 'same') {
    throw new ArgumentError({ who, expected: "padding to be 'valid' or 'same'", got: show(padding) });
  }
  if (from !== ci) {
    const expected = `weight [*, *, *, ${ci}] (input has ${ci} channels)`;
    throw new ShapeError({ who, expected, got: show([...weight]) });
  }
  const [stride, dilation] = [pairOf(who, 'strides', strides), pairOf(who, 'dilations', dilations)];
  const extra = outputPadding === null ? [null, null] : extraOf(who, outputPadding, stride);
  const lengths = [h, w].map((length, axis) =>
    outputLength(length, [kh, kw][axis]!, stride[axis]!, dilation[axis]!, { padding }, extra[axis]!),
  ) as [number, number];
  if (h < 1 || w < 1 || lengths.some((length) => length < 1)) {
    throw new ShapeError({ who, expected: 'an output of at least [1, 1]', got: show(lengths) });
  }
  const window = { inputs: lengths, kernel: [kh, kw], strides: stride, dilations: dilation, padding } as const;
  const { outputs, ...settings } = resolveWindow(who, window);
  if (outputs[0] !== h || outputs[1] !== w) {
    const expected = `an output that a convolution brings back to [${h}, ${w}]`;
    throw new ArgumentError({
      who,
      expected,
      got: `outputPadding ${show(outputPadding)}, which gives ${show(outputs)}`,
    });
  }
  return { shape: [n, ...lengths, co], settings: { ...settings, groups: 1, ...noActivation } };
}

/** The pair, each at least 0 and below the stride. */
function extraOf(who: string, value: Pair, strides: readonly number[]): [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  const fits = (n: number, axis: number) => Number.isSafeInteger(n) && n >= 0 && n < strides[axis]!;
  if (Array.isArray(pair) && pair.length === 2 && pair.every(fits)) return [pair[0]!, pair[1]!];
  const expected = `outputPadding to be null or one or two integers >= 0 below the strides (${strides.join(', ')})`;
  throw new ArgumentError({ who, expected, got: show(value) });
}

/**
 * Transposed convolution of x [n, h, w, ci] with weight [kh, kw, co, ci], giving [n, h', w', co]: what `conv2d` with this weight
 * does to a gradient of its output. Lengths are Keras's: h * stride for 'same', h * stride + max(extent - stride, 0) for 'valid',
 * or with `outputPadding` (h - 1) * stride + extent - 2 * (extent div 2 for 'same') + outputPadding. Gradients flow to x, weight and
 * bias. Throws DtypeError unless all are float32, ShapeError when shapes do not fit, ArgumentError for bad options.
 * Example: `conv2dTranspose(x, weight, { strides: 2, padding: 'same' })`.
 */
export function conv2dTranspose(x: Tensor, weight: Tensor, options: Conv2dTransposeOptions = {}): Tensor {
  checkOptions(who, options, ['bias', 'strides', 'dilations', 'padding', 'outputPadding']);
  const { bias = null, ...rest } = options;
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  expectDtype(who, 'weight', weight);
  expectRank(who, 'weight', weight, 4, 'kh, kw, co, ci');
  const { shape, settings } = planConv2dTranspose(who, x.shape, weight.shape, rest);
  if (bias !== null) {
    expectDtype(who, 'bias', bias);
    expectSameShape(who, 'bias', bias, [shape[3]!]);
  }
  const sums = output(x, shape);
  run('conv2d.inputGradient', [x, weight, sums], settings);
  const y = bias === null ? sums : together('binary.add', sums, bias, shape);
  if (bias !== null) sums.dispose();
  const backward: Backward = (dy, [wantX, wantWeight, wantBias]) => {
    const dx = wantX ? output(x) : null;
    if (dx !== null) run('conv2d.forward', [dy, weight, null, dx], settings);
    const dw = wantWeight ? output(weight) : null;
    if (dw !== null) run('conv2d.weightGradient', [dy, x, dw, null], settings);
    const db = wantBias ? output(bias!) : null;
    if (db !== null) run('conv2d.biasGradient', [dy, db], settings);
    return [dx, dw, db];
  };
  return record({ name: who, inputs: [x, weight, bias], output: y, reads: [x, weight], backward });
}
