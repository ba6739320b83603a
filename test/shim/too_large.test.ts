// What a CUDA kernel says of tensors larger than it counts, and that one below is taken: no device would have the memory to try most.

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildTooLarge } from './build.js';

type Refused = readonly [kernel: string, settings: string, shapes: string, message: string];

const [two30, two31] = [2 ** 30, 2 ** 31];
const one = 'strideH=1,strideW=1,dilationH=1,dilationW=1,padTop=0,padBottom=0,padLeft=0,padRight=0';
const convolution = `${one},groups=1`;
const pooling = `${one},kernelH=1,kernelW=1`;
const average = pooling.replace(/dilation.=1,/g, '');
const inSample = (who: string, count: number) =>
  `${who}: expected fewer than 2^30 values in a sample on a CUDA device, got ${count}`;
const inWeight = (who: string, count: number) =>
  `${who}: expected fewer than 2^30 values in a sample or weight on a CUDA device, got ${count}`;

/** The shape of x as rearrange takes it: all of y, one after the other. */
const copied = (rows: number, width: number) => `span0=${rows},every0=1,stride0=0,span1=${width},every1=1,stride1=1`;

const refused: readonly Refused[] = [
  ['conv2d.forward', convolution, `1x32768x32768x1 1x1x1x1 none 1x32768x32768x1`, inWeight('conv2d', 32769 ** 2)],
  ['conv2d.forward', convolution, `1x1x1x${two30} 1x1x${two30}x1 none 1x1x1x1`, inWeight('conv2d', 4 * two30)],
  ['conv2d.forward', convolution, `1x1x1x1 1x1x1x${two30} none 1x1x1x${two30}`, inWeight('conv2d', two30)],
  [
    'conv2d.forward',
    convolution,
    `${two31}x1x1x1 1x1x1x1 none ${two31}x1x1x1`,
    `conv2d: expected fewer than 2^31 samples on a CUDA device, got ${two31}`,
  ],
  [
    'conv2d.inputGradient',
    convolution,
    `${two31}x1x1x1 1x1x1x1 ${two31}x1x1x1`,
    `conv2d: expected fewer than 2^31 samples on a CUDA device, got ${two31}`,
  ],
  [
    'conv2d.weightGradient',
    convolution,
    `${two31}x1x1x1 ${two31}x1x1x1 1x1x1x1 none`,
    `conv2d: expected fewer than 2^31 samples on a CUDA device, got ${two31}`,
  ],
  [
    'depthwise_conv2d.forward',
    one,
    `1x1x1x${two30} 1x1x${two30}x1 1x1x1x${two30}`,
    inWeight('depthwise_conv2d', two30),
  ],
  [
    'depthwise_conv2d.inputGradient',
    one,
    `1x1x1x${two30} 1x1x${two30}x1 1x1x1x${two30}`,
    inWeight('depthwise_conv2d', two30),
  ],
  [
    'depthwise_conv2d.weightGradient',
    one,
    `1x1x1x${two30} 1x1x1x${two30} 1x1x${two30}x1`,
    inWeight('depthwise_conv2d', two30),
  ],
  ['max_pool2d.forward', pooling, `1x32768x32768x1 1x32768x32768x1 none`, inSample('max_pool2d', two30)],
  [
    'max_pool2d.inputGradient',
    pooling,
    `1x32768x32768x1 none 1x32768x32768x1 1x32768x32768x1`,
    inSample('max_pool2d', two30),
  ],
  ['average_pool2d.forward', average, `1x32768x32768x1 1x32768x32768x1`, inSample('average_pool2d', two30)],
  ['average_pool2d.inputGradient', average, `1x32768x32768x1 1x32768x32768x1`, inSample('average_pool2d', two30)],
  ['resize_bilinear.forward', '', `1x32768x32768x1 1x1x1x1`, inSample('resize_bilinear', two30)],
  ['resize_bilinear.inputGradient', '', `1x1x1x1 1x32768x32768x1`, inSample('resize_bilinear', two30)],
  ['image_transform.forward', '', `1x32768x32768x1 1x6 1x32768x32768x1`, inSample('image_transform', two30)],
  ['image_transform.inputGradient', '', `1x32768x32768x1 1x6 1x32768x32768x1`, inSample('image_transform', two30)],
  [
    'dense.forward',
    '',
    `1x${two30} ${two30}x1 none 1x1`,
    `dense: expected fewer than 2^30 inputs and outputs on a CUDA device, got ${two30}`,
  ],
  [
    'dense.inputGradient',
    '',
    `1x${two30} 1x${two30} 1x1`,
    `dense: expected fewer than 2^30 inputs and outputs on a CUDA device, got ${two30}`,
  ],
  [
    'dense.weightGradient',
    '',
    `1x${two30} 1x2 ${two30}x2 none`,
    `dense: expected fewer than 2^31 columns on a CUDA device, got ${two31 + 2}`,
  ],
  [
    'matmul.forward',
    '',
    `1x1x${two30} 1x${two30}x1 1x1x1`,
    `matmul: expected sides and batches below 2^30 on a CUDA device, got ${two30}`,
  ],
  [
    'matmul.forward',
    '',
    `${two30}x1x1 1x1x1 ${two30}x1x1`,
    `matmul: expected sides and batches below 2^30 on a CUDA device, got ${two30}`,
  ],
  [
    'binary.add',
    '',
    `${two31}x2 1x2 ${two31}x2`,
    `binary: expected at most ${two31 - 1} rows on a CUDA device, got ${two31}`,
  ],
  [
    'binary.add',
    '',
    `1x${two31} 2x${two31} 2x${two31}`,
    `cuda: expected rows of at most ${two31 - 1} values, got ${two31}`,
  ],
  [
    'rearrange.forward',
    copied(two31, 2),
    `2 ${two31}x2`,
    `rearrange: expected at most ${two31 - 1} rows on a CUDA device, got ${two31}`,
  ],
  [
    'rearrange.forward',
    copied(2, two31),
    `${two31} 2x${two31}`,
    `cuda: expected rows of at most ${two31 - 1} values, got ${two31}`,
  ],
  [
    'reduce.forward',
    `axes=5`,
    `65536x2x32768 2`,
    `reduce: expected fewer than 2^31 elements along axes that do not lie together on a CUDA device, got ${two31}`,
  ],
  ['relu.forward', '', `${two31 * 256} ${two31 * 256}`, `cuda: expected at most ${two31 - 1} blocks, got ${two31}`],
];

/** The largest that is taken: the kernel is launched, which this program plans to fail. */
const taken: readonly (readonly [kernel: string, settings: string, shapes: string])[] = [
  ['conv2d.forward', convolution, `1x32766x32766x1 1x1x1x1 none 1x32766x32766x1`],
  ['conv2d.forward', convolution, `${two31 - 1}x1x1x1 1x1x1x1 none ${two31 - 1}x1x1x1`],
  ['depthwise_conv2d.forward', one, `1x1x1x${two30 - 1} 1x1x${two30 - 1}x1 1x1x1x${two30 - 1}`],
  ['max_pool2d.forward', pooling, `1x32768x32767x1 1x32768x32767x1 none`],
  ['average_pool2d.forward', average, `1x32768x32767x1 1x32768x32767x1`],
  ['resize_bilinear.forward', '', `1x32768x32767x1 1x1x1x1`],
  ['image_transform.forward', '', `1x32768x32767x1 1x6 1x32768x32767x1`],
  ['dense.forward', '', `2x${two30 - 1} ${two30 - 1}x40 none 2x40`],
  ['dense.weightGradient', '', `1x${two31 - 2} 1x1 ${two31 - 2}x1 none`],
  ['matmul.forward', '', `1x1x${two30 - 1} 1x${two30 - 1}x1 1x1x1`],
  ['binary.add', '', `${two31 - 1}x2 1x2 ${two31 - 1}x2`],
  ['rearrange.forward', copied(two31 - 1, 2), `2 ${two31 - 1}x2`],
  ['reduce.forward', `axes=5`, `65535x2x32768 2`],
  ['relu.forward', '', `${(two31 - 1) * 256} ${(two31 - 1) * 256}`],
];

const said = async (kernel: string, settings: string, shapes: string): Promise<string> =>
  execFileSync(await buildTooLarge(), [kernel, settings, ...shapes.split(' ')], { encoding: 'utf8' }).trimEnd();

describe('tensors larger than a CUDA kernel counts', () => {
  it('are refused, each with one message', async () => {
    for (const [kernel, settings, shapes, message] of refused)
      expect.soft(await said(kernel, settings, shapes), `${kernel} of ${shapes}`).toContain(message);
  }, 900_000);

  it('begin one above what is launched', async () => {
    for (const [kernel, settings, shapes] of taken)
      expect
        .soft(await said(kernel, settings, shapes), `${kernel} of ${shapes}`)
        .toMatch(/expected a launch of \d+ blocks/);
  }, 900_000);
});
