// What convolution and pooling refuse, word for word.

import { afterAll, describe, expect, it } from 'vitest';
import { averagePool2d, conv2d, createRuntime, dense, maxPool2d, separableConv2d, zeros } from '../../../lib/index.js';

const runtime = createRuntime();
afterAll(() => runtime.dispose());

const picture = zeros(runtime, [1, 8, 8, 64]);
const weight = zeros(runtime, [3, 3, 64, 16]);

describe('separable_conv2d refuses', () => {
  const small = zeros(runtime, [1, 8, 8, 6]);
  const depthwise = zeros(runtime, [3, 3, 6, 2]);
  const pointwise = zeros(runtime, [1, 1, 12, 5]);
  it.each([
    [
      'a depthwise weight of other channels',
      () => separableConv2d(small, zeros(runtime, [3, 3, 5, 2]), pointwise),
      'separable_conv2d: expected depthwise [*, *, 6, >= 1] (input has 6 channels), got [3, 3, 5, 2]',
    ],
    [
      'a depthwise kernel larger than the picture',
      () => separableConv2d(small, depthwise, pointwise, { dilations: 4 }),
      'separable_conv2d: expected a padded input of at least [9, 9], got [8, 8]',
    ],
    [
      'a pointwise weight of other channels',
      () => separableConv2d(small, depthwise, zeros(runtime, [1, 1, 6, 5])),
      'separable_conv2d: expected pointwise [*, *, 12, *] (input has 12 channels), got [1, 1, 6, 5]',
    ],
    [
      'a pointwise weight with a window',
      () => separableConv2d(small, depthwise, zeros(runtime, [9, 9, 12, 5])),
      'separable_conv2d: expected pointwise [1, 1, *, *], got [9, 9, 12, 5]',
    ],
    [
      'a pointwise weight without a window',
      () => separableConv2d(small, depthwise, zeros(runtime, [12, 5])),
      'separable_conv2d: expected pointwise with 4 axes (1, 1, c * m, co), got [12, 5]',
    ],
    [
      'a bias of another length',
      () => separableConv2d(small, depthwise, pointwise, { bias: zeros(runtime, [12]) }),
      'separable_conv2d: expected bias [5], got [12]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

describe('conv2d refuses', () => {
  it.each([
    [
      'a weight of other channels',
      () => conv2d(picture, zeros(runtime, [3, 3, 32, 128])),
      'conv2d: expected weight [*, *, 64, *] (input has 64 channels), got [3, 3, 32, 128]',
    ],
    [
      'a weight of other channels in groups',
      () => conv2d(picture, weight, { groups: 2 }),
      'conv2d: expected weight [*, *, 32, *] (input has 64 channels in 2 groups), got [3, 3, 64, 16]',
    ],
    [
      'groups that do not divide the channels',
      () => conv2d(picture, weight, { groups: 3 }),
      'conv2d: expected groups to be an integer >= 1 that divides 64 input and 16 output channels, got 3',
    ],
    [
      'a stride of 0',
      () => conv2d(picture, weight, { strides: 0 }),
      'conv2d: expected strides to be one or two integers >= 1, got 0',
    ],
    [
      'a fraction of a dilation',
      () => conv2d(picture, weight, { dilations: [1, 1.5] }),
      'conv2d: expected dilations to be one or two integers >= 1, got [1, 1.5]',
    ],
    [
      'negative padding',
      () => conv2d(picture, weight, { padding: [0, 0, -1, 0] }),
      "conv2d: expected padding to be 'valid', 'same' or four integers >= 0 [top, bottom, left, right], got [0, 0, -1, 0]",
    ],
    [
      'a kernel larger than the padded input',
      () => conv2d(picture, weight, { dilations: 4 }),
      'conv2d: expected a padded input of at least [9, 9], got [8, 8]',
    ],
    [
      'a bias of another length',
      () => conv2d(picture, weight, { bias: zeros(runtime, [15]) }),
      'conv2d: expected bias [16], got [15]',
    ],
    [
      'a picture without a batch axis',
      () => conv2d(zeros(runtime, [8, 8, 64]), weight),
      'conv2d: expected x with 4 axes (n, h, w, c), got [8, 8, 64]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

describe('pooling refuses', () => {
  it.each([
    [
      'a window of 0',
      () => maxPool2d(picture, { poolSize: 0 }),
      'max_pool2d: expected poolSize to be one or two integers >= 1, got 0',
    ],
    [
      'a window larger than the input',
      () => averagePool2d(picture, { poolSize: 9 }),
      'average_pool2d: expected a padded input of at least [9, 9], got [8, 8]',
    ],
    [
      'padding as large as the window',
      () => maxPool2d(picture, { poolSize: 2, padding: [0, 2, 0, 0] }),
      'max_pool2d: expected padding smaller than the window [2, 2], got [0, 2, 0, 0]',
    ],
    [
      'a ceilMode that is a word',
      () => maxPool2d(picture, { poolSize: 2, ceilMode: 'yes' as never }),
      "max_pool2d: expected ceilMode to be true or false, got 'yes'",
    ],
    [
      'a countPadding that is a number',
      () => averagePool2d(picture, { poolSize: 2, countPadding: 1 as never }),
      'average_pool2d: expected countPadding to be true or false, got 1',
    ],
    [
      'a dilation of 0',
      () => maxPool2d(picture, { poolSize: 2, dilations: [1, 0] }),
      'max_pool2d: expected dilations to be one or two integers >= 1, got [1, 0]',
    ],
    [
      'a dilated window that is larger than the input',
      () => maxPool2d(picture, { poolSize: [2, 3], dilations: [1, 4] }),
      'max_pool2d: expected a padded input of at least [2, 9], got [8, 8]',
    ],
    [
      'dilations that let a window read padding alone',
      () => maxPool2d(zeros(runtime, [1, 1, 8, 1]), { poolSize: [3, 1], dilations: [2, 1], padding: [3, 1, 0, 0] }),
      'max_pool2d: expected windows that each read an input, got dilations [2, 1] on [1, 8]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});

describe('dense refuses', () => {
  it.each([
    [
      'a weight of another length',
      () => dense(zeros(runtime, [2, 3]), zeros(runtime, [4, 5])),
      'dense: expected weight [3, *] (input has 3 values a row), got [4, 5]',
    ],
    [
      'an input without samples',
      () => dense(zeros(runtime, [64]), zeros(runtime, [64, 5])),
      'dense: expected x [n, ..., i], got [64]',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(expect.objectContaining({ message }));
  });
});
