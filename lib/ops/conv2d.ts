/** conv2d: two-dimensional convolution over NHWC pictures with HWIO weights. */
import type { NativeSettings } from '../addon/index.js';
import { type AppliedActivation, type Backward, type KernelCall, record } from '../autograd/index.js';
import { ArgumentError, checkOptions, ShapeError, show } from '../errors/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { goesBySample, runRow } from './by_sample.js';
import { appliedActivation, type FusedActivation } from './fused.js';
import { expectDtype, expectRank, expectSameShape, output } from './kernel.js';
import { type Padding, type Pair, resolveWindow } from './window.js';

/** What `conv2d` takes. */
export interface Conv2dOptions {
  /** [co], added to every output place. */
  bias?: Tensor | null;
  /** Default 1. */
  strides?: Pair;
  /** Distance between taps. Default 1. */
  dilations?: Pair;
  /** Default 'valid'. */
  padding?: Padding;
  /** Number of groups of channels. Each is convolved by itself. Default 1. */
  groups?: number;
  /** Applied in the same pass; the bits are those of the activation afterwards. Default 'linear'. */
  activation?: FusedActivation;
}

const who = 'conv2d';

function expectChannels(who: string, name: string, ci: number, weight: Tensor, groups: number): void {
  const co = weight.shape[3]!;
  if (!Number.isSafeInteger(groups) || groups < 1 || ci % groups !== 0 || co % groups !== 0) {
    const expected = `groups to be an integer >= 1 that divides ${ci} input and ${co} output channels`;
    throw new ArgumentError({ who, expected, got: show(groups) });
  }
  if (weight.shape[2] !== ci / groups) {
    const input = groups === 1 ? `${ci} channels` : `${ci} channels in ${groups} groups`;
    const expected = `${name} [*, *, ${ci / groups}, *] (input has ${input})`;
    throw new ShapeError({ who, expected, got: show([...weight.shape]) });
  }
}

/** Settings of a convolution kernel, the shape of its output, and the activation applied to it. */
export interface Conv2dPlan {
  shape: Shape;
  settings: NativeSettings;
  activation: AppliedActivation | null;
}

/**
 * @internal Checks everything but x itself, [n, h, w, ci] of float32, and plans the convolution. Throws as `conv2d` does; errors
 * call the weight `name`.
 */
export function planConv2d(who: string, x: Shape, weight: Tensor, options: Conv2dOptions, name = 'weight'): Conv2dPlan {
  const { bias = null, strides = 1, dilations = 1, padding = 'valid', groups = 1, activation = 'linear' } = options;
  expectDtype(who, name, weight);
  expectRank(who, name, weight, 4, 'kh, kw, ci / groups, co');
  const [n, h, w, ci] = x as [number, number, number, number];
  expectChannels(who, name, ci, weight, groups);
  const [kh, kw, , co] = weight.shape as [number, number, number, number];
  if (bias !== null) {
    expectDtype(who, 'bias', bias);
    expectSameShape(who, 'bias', bias, [co]);
  }
  const { outputs, ...window } = resolveWindow(who, { inputs: [h, w], kernel: [kh, kw], strides, dilations, padding });
  const applied = appliedActivation(who, activation);
  return { shape: [n, ...outputs, co], ...applied, settings: { ...window, groups, ...applied.settings } };
}

/**
 * Convolution of x [n, h, w, ci] with weight [kh, kw, ci / groups, co], giving [n, oh, ow, co]. Gradients flow to x, weight
 * and bias. Throws DtypeError unless all are float32, ShapeError when shapes do not fit, ArgumentError for bad options.
 * Example: `conv2d(x, weight, { bias, padding: 'same', activation: 'relu' })`.
 */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  checkOptions(who, options, ['bias', 'strides', 'dilations', 'padding', 'groups', 'activation']);
  const { bias = null } = options;
  expectDtype(who, 'x', x);
  expectRank(who, 'x', x, 4, 'n, h, w, c');
  const { shape, settings, activation } = planConv2d(who, x.shape, weight, options);
  const y = output(x, shape);
  const larger = x.size > y.size ? x.shape : y.shape;
  runRow(x, larger, [{ kernel: 'conv2d.forward', tensors: [x, weight, bias, y], settings }], weight.size);
  const backward: Backward = (dy, [wantX, wantWeight, wantBias], { rematerialise }) => {
    const dx = wantX ? output(x) : null;
    const dw = wantWeight ? output(weight) : null;
    const db = wantBias ? output(bias!) : null;
    const row: KernelCall[] = [];
    if (dx !== null) row.push({ kernel: 'conv2d.inputGradient', tensors: [dy, weight, dx], settings });
    if (dw !== null) {
      const tensors = [rematerialise(x, row), dy, dw, db];
      row.push({ kernel: 'conv2d.weightGradient', tensors, settings });
    } else if (db !== null) row.push({ kernel: 'conv2d.biasGradient', tensors: [dy, db], settings });
    runRow(x, larger, row, weight.size);
    return [dx, dw, db];
  };
  return record({
    name: who,
    inputs: [x, weight, bias],
    output: y,
    reads: [x, weight],
    rematerialises: goesBySample(x.runtime, larger, weight.size) ? [x] : [],
    activation,
    backward,
  });
}
