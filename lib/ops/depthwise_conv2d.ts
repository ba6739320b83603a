/** depthwise_conv2d: every channel convolved by itself, over NHWC pictures. */
import type { NativeSettings } from '../addon/index.js';
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { expectDtype, expectRank, output, run } from './kernel.js';
import { type Padding, type Pair, resolveWindow } from './window.js';

/** What `depthwiseConv2d` takes. */
export interface DepthwiseConv2dOptions {
  /** Default 1. */
  strides?: Pair;
  /** Distance between taps. Default 1. */
  dilations?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
}

const who = 'depthwise_conv2d';

/** Settings of a depthwise kernel, and the shape of its output. */
export interface DepthwiseConv2dPlan {
  shape: Shape;
  settings: NativeSettings;
}

/**
 * @internal Checks all tensors and options and plans the convolution. Throws as `depthwiseConv2d` does; errors call the weight
 * `name`.
 */
export function planDepthwiseConv2d(
  who: string,
  x: Tensor,
  weight: Tensor,
  { strides = 1, dilations = 1, padding = 'valid' }: DepthwiseConv2dOptions,
  name = 'weight',
): DepthwiseConv2dPlan {
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  expectDtype(who, name, weight);
  expectRank(who, name, weight, 4, 'kh, kw, c, m');
  const [n, h, w, channels] = x.shape as [number, number, number, number];
  const [kh, kw, ci, multiplier] = weight.shape as [number, number, number, number];
  if (ci !== channels || multiplier < 1) {
    const expected = `${name} [*, *, ${channels}, >= 1] (input has ${channels} channels)`;
    throw new ShapeError({ who, expected, got: show([...weight.shape]) });
  }
  const window = { inputs: [h, w], kernel: [kh, kw], strides, dilations, padding } as const;
  const { outputs, ...settings } = resolveWindow(who, window);
  return { shape: [n, ...outputs, channels * multiplier], settings };
}

/**
 * Depthwise convolution of x [n, h, w, c] with weight [kh, kw, c, m], giving [n, oh, ow, c * m], where output channel
 * c * m + q is channel c by weight [*, *, c, q]. Gradients flow to x and weight. Throws DtypeError unless both are float32,
 * ShapeError when shapes do not fit, ArgumentError for bad options.
 * Example: `depthwiseConv2d(x, weight, { padding: 'same' })`.
 */
export function depthwiseConv2d(x: Tensor, weight: Tensor, options: DepthwiseConv2dOptions = {}): Tensor {
  checkOptions(who, options, ['strides', 'dilations', 'padding']);
  const { shape, settings } = planDepthwiseConv2d(who, x, weight, options);
  const y = output(x, shape);
  run('depthwise_conv2d.forward', [x, weight, y], settings);
  const backward: Backward = (dy, [wantX, wantWeight]) => {
    const dx = wantX ? output(x) : null;
    if (dx !== null) run('depthwise_conv2d.inputGradient', [dy, weight, dx], settings);
    const dw = wantWeight ? output(weight) : null;
    if (dw !== null) run('depthwise_conv2d.weightGradient', [x, dy, dw], settings);
    return [dx, dw];
  };
  return record({ name: who, inputs: [x, weight], output: y, reads: [x, weight], backward });
}
