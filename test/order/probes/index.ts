// Every probe, and the kernels that need none.

import type { Probe } from '../probe.js';
import { batchNorm } from './batch_norm.js';
import { convolutions } from './convolutions.js';
import { dense } from './dense.js';
import { losses } from './losses.js';
import { memory } from './memory.js';
import { pictures } from './pictures.js';
import { pools } from './pools.js';

export const probes: readonly Probe[] = [
  ...convolutions,
  ...dense,
  ...pools,
  ...memory,
  ...batchNorm,
  ...losses,
  ...pictures,
];

/** Kernels that add the same way in both modes, by what their contracts say. */
export const oneFunction: Readonly<Record<string, string>> = {
  'add.forward': 'elementwise; gradients that meet are added in the order of the walk, in both modes',
  'average_pool2d.forward': 'one chain per window, never split',
  'categorical_crossentropy.inputGradient': 'a row of classes has one owner',
  'conv2d.forward': 'one chain per output, never split',
  'dense.forward': 'one chain per output, never split',
  'depthwise_conv2d.forward': 'one chain per output, never split',
  'depthwise_conv2d.inputGradient': 'one chain per input, never split',
  'softmax.forward': 'a row has one owner, so nothing is ever joined',
  'softmax.inputGradient': 'a row has one owner, so nothing is ever joined',
};

/** Kernels that sum nothing whose order could be seen, and why. */
export const withoutSums: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'batch_norm.forward batch_norm.inputGradient batch_norm.moving binary_crossentropy.inputGradient dropout.forward',
      'multiply.forward relu.forward relu.inputGradient rescaling.forward rescaling.fromBytes rescaling.inputGradient',
      'rmsprop.update sgd.update sigmoid.forward sigmoid.inputGradient unary.exp unary.expGradient unary.log',
      'unary.logGradient unary.sqrt unary.sqrtGradient unary.tanh unary.tanhGradient',
    ]
      .flatMap((line) => line.split(' '))
      .map((kernel) => [kernel, 'elementwise: each value by itself']),
  ),
  'image_transform.forward': 'blends four pixels by a formula',
  'image_transform.flipMatrices': 'draws numbers',
  'image_transform.rotationMatrices': 'draws numbers',
  'image_transform.zoomMatrices': 'draws numbers',
  'max_pool2d.forward': 'compares, adds nothing',
  'random.normal': 'draws numbers',
  'random.uniform': 'draws numbers',
  'reduce.inputGradient': 'copies dy',
  'resize_bilinear.bytes': 'blends four pixels by a formula',
  'resize_bilinear.forward': 'blends four pixels by a formula',
  'resize_bilinear.fromBytes': 'blends four pixels by a formula',
};
