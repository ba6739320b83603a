// conv2d, depthwise_conv2d and separable_conv2d on drawn windows.

import type { OperationCase } from '../cases/case.js';
import { tables as conv2d } from '../cases/conv2d.js';
import { table as depthwise } from '../cases/depthwise_conv2d.js';
import { windowGeometry } from '../support/windows.js';
import { type Drawer, until } from './drawer.js';
import type { DrawnTable } from './index.js';
import { separable } from './separable.js';
import { type DrawnWindow, drawWindow } from './windows.js';

const kMostTerms = 25_000;
const limits = { dilated: true, usual: [1, 2, 3, 3, 3] };

const activations = ['linear', 'linear', 'relu', 'relu', 'relu6', 'leaky_relu'] as const;

/** Samples and window of a case: mostly small ones, some with more positions than a chunk, some of many small samples. */
function drawPlace(draw: Drawer): { n: number; window: DrawnWindow } {
  const kind = draw.int(1, 16);
  const window = drawWindow(draw, limits, kind === 1);
  return { n: kind === 2 ? draw.int(17, 40) : draw.pick([1, 1, 2, 3, 5]), window };
}

const positionsOf = (n: number, { size, kernel, strides, dilations, padding }: DrawnWindow) => {
  const g = windowGeometry(n, ...size, { kernel, strides, dilations, padding });
  return n * g.oh * g.ow * g.kh * g.kw;
};

const settingsOf = ({ strides, dilations, padding }: DrawnWindow) => ({ strides, dilations, padding });

function caseOf<T>(shapes: Record<string, number[]>, settings: T): OperationCase<T> {
  const inputs = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
  return {
    name: `${inputs.map(({ shape }) => `[${shape}]`).join(' by ')} ${JSON.stringify(settings)}`,
    inputs,
    settings,
  };
}

function drawConv2d(draw: Drawer, biased: boolean) {
  const { n, window, groups, depth, width } = until(
    () => {
      const groups = draw.pick([1, 1, 1, 1, 2, 3, 5]);
      return { ...drawPlace(draw), groups, depth: draw.channels(), width: draw.channels() };
    },
    ({ n, window, groups, depth, width }) => positionsOf(n, window) * groups * depth * width <= kMostTerms,
  );
  const [x, weight] = [
    [n, ...window.size, groups * depth],
    [...window.kernel, depth, groups * width],
  ];
  const activation = draw.pick(activations);
  const shapes = biased ? { x, weight, bias: [groups * width] } : { x, weight };
  return caseOf(shapes, { ...settingsOf(window), groups, activation });
}

/** Windows of three more often than others, and a stride of 1 on one axis alone. */
function drawDepthwise(draw: Drawer, most: number) {
  return until(
    () => {
      const place = drawPlace(draw);
      if (draw.once(3)) place.window.strides[draw.int(0, 1)] = 1;
      return { ...place, channels: draw.channels(), multiplier: draw.pick([1, 1, 1, 2, 3, 5]), out: draw.channels() };
    },
    ({ n, window, channels, multiplier, out }) =>
      positionsOf(n, window) * channels * multiplier <= most && n * channels * multiplier * out <= most,
  );
}

export const convolutions: DrawnTable[] = [
  { table: conv2d[0]!, draw: (draw) => drawConv2d(draw, true), share: 5 },
  { table: conv2d[1]!, draw: (draw) => drawConv2d(draw, false), share: 2 },
  {
    table: depthwise,
    draw: (draw) => {
      const { n, window, channels, multiplier } = drawDepthwise(draw, 12_000);
      const x = [n, ...window.size, channels];
      return caseOf({ x, weight: [...window.kernel, channels, multiplier] }, settingsOf(window));
    },
    share: 6,
  },
  {
    table: separable,
    draw: (draw) => {
      const { n, window, channels, multiplier, out } = drawDepthwise(draw, 6_000);
      const shapes = {
        x: [n, ...window.size, channels],
        depthwise: [...window.kernel, channels, multiplier],
        pointwise: [1, 1, channels * multiplier, out],
        bias: [out],
      };
      return caseOf(shapes, { ...settingsOf(window), activation: draw.pick(activations) });
    },
    share: 2,
  },
];
