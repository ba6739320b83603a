/** separable_conv2d: every channel convolved by itself, then all channels mixed at each place. */
import { type Backward, ElidedBuffer, isWatched, type KernelCall, record } from '../autograd/index.js';
import { checkOptions, ShapeError, show } from '../errors/index.js';
import type { Tensor } from '../tensor/index.js';
import { goesBySample, runRow } from './by_sample.js';
import { type Conv2dOptions, planConv2d } from './conv2d.js';
import { type DepthwiseConv2dOptions, planDepthwiseConv2d } from './depthwise_conv2d.js';
import { expectRank, output } from './kernel.js';

/** What `separableConv2d` takes. */
export type SeparableConv2dOptions = DepthwiseConv2dOptions & Pick<Conv2dOptions, 'bias' | 'activation'>;

const who = 'separable_conv2d';

/**
 * Depthwise convolution of x [n, h, w, c] with [kh, kw, c, m], then a convolution with pointwise weights [1, 1, c * m, co],
 * giving [n, oh, ow, co]: the bits of `conv2d(depthwiseConv2d(x, depthwise, window), pointwise, rest)`. Gradients flow to x, both
 * weights and bias. Throws DtypeError unless all are float32, ShapeError when shapes do not fit, ArgumentError for bad options.
 * Example: `separableConv2d(x, depthwise, pointwise, { padding: 'same' })`.
 */
export function separableConv2d(
  x: Tensor,
  depthwise: Tensor,
  pointwise: Tensor,
  options: SeparableConv2dOptions = {},
): Tensor {
  checkOptions(who, options, ['strides', 'dilations', 'padding', 'bias', 'activation']);
  const { bias = null, activation = 'linear', ...window } = options;
  const inner = planDepthwiseConv2d(who, x, depthwise, window, 'depthwise');
  expectRank(who, 'pointwise', pointwise, 4, '1, 1, c * m, co');
  if (pointwise.shape[0] !== 1 || pointwise.shape[1] !== 1) {
    throw new ShapeError({ who, expected: 'pointwise [1, 1, *, *]', got: show([...pointwise.shape]) });
  }
  const outer = planConv2d(who, inner.shape, pointwise, { bias, activation }, 'pointwise');
  // Only the gradient of the pointwise weight reads the channels, so without one they are an elided buffer.
  const channels = isWatched(pointwise) ? output(x, inner.shape) : new ElidedBuffer(inner.shape);
  const y = output(x, outer.shape);
  const forward: KernelCall[] = [
    { kernel: 'depthwise_conv2d.forward', tensors: [x, depthwise, channels], settings: inner.settings },
    { kernel: 'conv2d.forward', tensors: [channels, pointwise, bias, y], settings: outer.settings },
  ];
  runRow(x, inner.shape, forward, pointwise.size);
  const backward: Backward = (dy, [wantX, wantDepthwise, wantPointwise, wantBias], { rematerialise }) => {
    const db = wantBias ? output(bias!) : null;
    const dpointwise = wantPointwise ? output(pointwise) : null;
    const dx = wantX ? output(x) : null;
    const ddepthwise = wantDepthwise ? output(depthwise) : null;
    const dchannels = new ElidedBuffer(inner.shape);
    const row: KernelCall[] = [];
    if (dx !== null || ddepthwise !== null) {
      row.push({ kernel: 'conv2d.inputGradient', tensors: [dy, pointwise, dchannels], settings: outer.settings });
    }
    if (dpointwise !== null) {
      row.push({ kernel: 'conv2d.weightGradient', tensors: [channels, dy, dpointwise, db], settings: outer.settings });
    } else if (db !== null) {
      row.push({ kernel: 'conv2d.biasGradient', tensors: [dy, db], settings: outer.settings });
    }
    const { settings } = inner;
    if (ddepthwise !== null) {
      const tensors = [rematerialise(x, row), dchannels, ddepthwise];
      row.push({ kernel: 'depthwise_conv2d.weightGradient', tensors, settings });
    }
    if (dx !== null) {
      row.push({ kernel: 'depthwise_conv2d.inputGradient', tensors: [dchannels, depthwise, dx], settings });
    }
    runRow(x, inner.shape, row, pointwise.size);
    return [dx, ddepthwise, dpointwise, db];
  };
  return record({
    name: who,
    inputs: [x, depthwise, pointwise, bias],
    output: y,
    reads: [x, depthwise, pointwise],
    rematerialises: goesBySample(x.runtime, inner.shape, pointwise.size) ? [x] : [],
    saves: channels instanceof ElidedBuffer ? [] : [channels],
    activation: outer.activation,
    backward,
  });
}
