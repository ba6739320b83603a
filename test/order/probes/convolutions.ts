// conv2d and depthwise_conv2d. Depthwise is conv2d in c groups with the weight seen as [kh, kw, 1, c * m]; so one table of
// formulas serves both. Factors that are not probed are 1, so a product is the probed factor.

import { noActivation } from '../../support/fused.js';
import { forEachReader, forEachTap, inputColumn, inputRow } from '../../support/geometry.js';
import { chain, overBatch, overPositions, summands } from '../expected_tree.js';
import { type Level, type Probe, sameAt, signed, type Values } from '../probe.js';
import { join } from '../tree.js';
import { alike, type WindowCase, windowOf, windowTitle } from './windows.js';

interface ConvolutionCase extends WindowCase {
  /** Output channels. */
  readonly co: number;
  readonly groups?: number;
  readonly depthwise?: boolean;
}

/** Everything the formulas below need to know of a case. */
function convolution(one: ConvolutionCase) {
  const { g, settings } = windowOf(one);
  const [n, h, w, ci] = one.x;
  const groups = one.depthwise ? ci : (one.groups ?? 1);
  const depth = ci / groups;
  const weight = one.depthwise ? [g.kh, g.kw, ci, one.co / ci] : [g.kh, g.kw, depth, one.co];
  return {
    ...{ g, groups, depth, co: one.co, ci, width: one.co / groups, positions: g.oh * g.ow },
    op: one.depthwise ? 'depthwise_conv2d' : 'conv2d',
    title: `${windowTitle(one)} to ${one.co}${groups > 1 ? ` in ${groups} groups` : ''}`,
    settings: one.depthwise ? settings : { ...settings, groups, ...noActivation },
    shapes: { x: [n, h, w, ci], weight, y: [n, g.oh, g.ow, one.co] },
    weightAt: (kh: number, kw: number, k: number, co: number) => ((kh * g.kw + kw) * depth + k) * one.co + co,
  };
}

const all = (
  n: number,
  places: readonly (readonly [number, number])[],
  at: (n: number, place: readonly [number, number]) => number,
) => summands(n).flatMap((sample) => places.map((place) => at(sample, place)));

/** One chain, ascending (kh, kw, ci), then the bias: one probe for each set of taps that lie inside. */
function forward(one: ConvolutionCase): Probe[] {
  const { g, op, title, settings, shapes, weightAt, co, depth } = convolution(one);
  const taps = (oh: number, ow: number) => {
    const list: [number, number, number][] = [];
    forEachTap(g, oh, ow, (kh, kw) => list.push(...summands(depth).map((k): [number, number, number] => [kh, kw, k])));
    return list;
  };
  return alike(g.oh, g.ow, taps).map(({ list, places }) => {
    const biased = op === 'conv2d';
    const y = { shape: shapes.y, output: true };
    const factors = [{ shape: shapes.x, fill: 1 }, { shape: shapes.weight }];
    const out = biased ? 3 : 2;
    return {
      kernel: `${op}.forward`,
      title: `${title} at [${places[0]}], ${list.length} products${biased ? ' and the bias' : ''}`,
      tensors: biased ? [...factors, { shape: [co] }, y] : [...factors, y],
      settings,
      summands: list.length + (biased ? 1 : 0),
      tree: biased ? join(chain(summands(list.length)), list.length) : chain(summands(list.length)),
      slots: co,
      put(inputs: Values, slot: number, summand: number, level: Level) {
        if (summand === list.length) inputs[2]![slot] = signed[level];
        else inputs[1]![weightAt(...list[summand]!, slot)] = signed[level];
      },
      read: (outputs: Values, slot: number) =>
        sameAt(
          outputs[out]!,
          all(g.n, places, (n, [oh, ow]) => ((n * g.oh + oh) * g.ow + ow) * co + slot),
        ),
    };
  });
}

/** One chain, ascending (oh, ow, co): one probe for each list of taps by which an input is read. */
function inputGradient(one: ConvolutionCase): Probe[] {
  const { g, op, title, settings, shapes, weightAt, ci, depth, width } = convolution(one);
  const readers = (row: number, column: number) => {
    const list: [number, number, number][] = [];
    forEachReader(g, row, column, (_oh, _ow, kh, kw) =>
      list.push(...summands(width).map((k): [number, number, number] => [kh, kw, k])),
    );
    return list;
  };
  return alike(g.h, g.w, readers).map(({ list, places }) => {
    // Atomic conv2d adds the share of one output row at a time: seen where a later row has a chain of its own.
    const laterRow = list.filter(([kh]) => kh !== list[0]![0]);
    return {
      kernel: `${op}.inputGradient`,
      title: `${title} at [${places[0]}], ${list.length} products`,
      tensors: [{ shape: shapes.y, fill: 1 }, { shape: shapes.weight }, { shape: shapes.x, output: true }],
      settings,
      summands: list.length,
      tree: chain(summands(list.length)),
      slots: ci,
      put(inputs: Values, slot: number, summand: number, level: Level) {
        const [kh, kw, k] = list[summand]!;
        inputs[1]![weightAt(kh, kw, slot % depth, Math.floor(slot / depth) * width + k)] = signed[level];
      },
      read: (outputs: Values, slot: number) =>
        sameAt(
          outputs[2]!,
          all(g.n, places, (n, [row, column]) => ((n * g.h + row) * g.w + column) * ci + slot),
        ),
      ...(op === 'conv2d' && laterRow.length > 1 ? { atomic: 'splits' as const } : {}),
    };
  });
}

/** The positions of every sample by rules 2 and 3; a null of `inside` is a position whose tap lies outside. */
function positionsTree(samples: number, inside: readonly (number | null)[]) {
  const present = inside.filter((position) => position !== null);
  const number = new Map(present.map((position, k) => [position, k]));
  const sample = (n: number) =>
    overPositions(inside.map((position) => (position === null ? null : n * present.length + number.get(position)!)));
  return { present, tree: overBatch(summands(samples).map(sample)) };
}

/** Rules 2 and 3 with dy probed: one probe for each set of positions whose tap lies inside. */
function weightGradient(one: ConvolutionCase): Probe[] {
  const { g, op, title, settings, shapes, weightAt, co, depth, positions } = convolution(one);
  const inside = (kh: number, kw: number) =>
    summands(positions).map((p) => {
      const [row, column] = [inputRow(g, Math.floor(p / g.ow), kh), inputColumn(g, p % g.ow, kw)];
      return row >= 0 && row < g.h && column >= 0 && column < g.w ? p : null;
    });
  return alike(g.kh, g.kw, inside).map(({ list, places }) => {
    const { present, tree } = positionsTree(g.n, list);
    const whole = present.length === positions && op === 'conv2d';
    const dw = { shape: shapes.weight, output: true };
    const factors = [{ shape: shapes.x, fill: 1 }, { shape: shapes.y }, dw];
    return {
      kernel: `${op}.weightGradient`,
      title: `${title} at [${places[0]}], ${g.n} samples of ${present.length} positions${whole ? ', dw and db' : ''}`,
      tensors: whole ? [...factors, { shape: [co], output: true }] : op === 'conv2d' ? [...factors, null] : factors,
      settings,
      summands: g.n * present.length,
      tree,
      slots: co,
      put(inputs: Values, slot: number, summand: number, level: Level) {
        const position = present[summand % present.length]!;
        inputs[1]![(Math.floor(summand / present.length) * positions + position) * co + slot] = signed[level];
      },
      read(outputs: Values, slot: number) {
        const sum = sameAt(
          outputs[2]!,
          all(depth, places, (k, [kh, kw]) => weightAt(kh, kw, k, slot)),
        );
        return whole ? sameAt(Float32Array.of(sum, outputs[3]![slot]!), [0, 1]) : sum;
      },
      atomic: 'splits' as const,
    };
  });
}

/** Rules 2 and 3 with x probed, which a kernel of 1 x 1 allows. */
function weightGradientByInput(one: ConvolutionCase): Probe {
  const { g, title, settings, shapes, co, ci, positions } = convolution(one);
  return {
    kernel: 'conv2d.weightGradient',
    title: `${title}, x probed, ${g.n} samples of ${positions} positions`,
    tensors: [{ shape: shapes.x }, { shape: shapes.y, fill: 1 }, { shape: shapes.weight, output: true }, null],
    settings,
    summands: g.n * positions,
    tree: positionsTree(g.n, summands(positions)).tree,
    slots: ci,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![summand * ci + slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => sameAt(outputs[2]!, summands(co, slot * co)),
    atomic: 'splits',
  };
}

/** Rules 2 and 3 over dy. */
function biasGradient(one: ConvolutionCase): Probe {
  const { g, title, settings, shapes, co, positions } = convolution(one);
  return {
    kernel: 'conv2d.biasGradient',
    title: `${title}, ${g.n} samples of ${positions} positions`,
    tensors: [{ shape: shapes.y }, { shape: [co], output: true }],
    settings,
    summands: g.n * positions,
    tree: positionsTree(g.n, summands(positions)).tree,
    slots: co,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![summand * co + slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => outputs[1]![slot]!,
    atomic: 'splits',
  };
}

const outputs: ConvolutionCase[] = [
  { x: [2, 4, 17, 3], kernel: [3, 3], padding: 'same', co: 37 },
  { x: [1, 1, 3, 301], kernel: [1, 1], co: 67 },
];
const inputs: ConvolutionCase[] = [
  { x: [2, 4, 17, 37], kernel: [3, 3], padding: 'same', co: 3 },
  { x: [1, 1, 3, 67], kernel: [1, 1], co: 301 },
];
const both: ConvolutionCase[] = [
  { x: [1, 11, 9, 7], kernel: [3, 2], strides: [2, 1], dilations: [1, 2], padding: [1, 0, 2, 1], co: 5 },
  { x: [1, 6, 7, 15], kernel: [3, 3], groups: 5, co: 15 },
];
const weights: ConvolutionCase[] = [
  { x: [3, 24, 24, 2], kernel: [2, 2], co: 37 },
  { x: [7, 6, 5, 3], kernel: [3, 3], padding: 'same', co: 19 },
  { x: [2, 19, 17, 1], kernel: [3, 3], padding: 'same', co: 35 },
  { x: [5, 12, 9, 4], kernel: [3, 2], strides: [2, 1], dilations: [1, 2], padding: 'same', groups: 2, co: 14 },
  { x: [37, 2, 2, 1], kernel: [1, 1], co: 5 },
];

export const conv2dProbes = (): Probe[] => [
  ...[...outputs, ...both].flatMap(forward),
  ...[...inputs, ...both].flatMap(inputGradient),
  ...weights.flatMap(weightGradient),
  weightGradientByInput({ x: [3, 23, 23, 37], kernel: [1, 1], co: 3 }),
  biasGradient({ x: [3, 23, 23, 1], kernel: [1, 1], co: 37 }),
];

const depthwise: ConvolutionCase[] = [
  { x: [2, 5, 6, 19], kernel: [3, 3], padding: 'same', co: 19, depthwise: true },
  { x: [1, 9, 8, 5], kernel: [3, 2], strides: 2, padding: 'same', co: 15, depthwise: true },
];
const depthwiseWeights: ConvolutionCase[] = [
  { x: [4, 19, 18, 35], kernel: [3, 3], co: 35, depthwise: true },
  { x: [5, 5, 6, 19], kernel: [3, 3], padding: 'same', co: 19, depthwise: true },
  { x: [5, 7, 9, 3], kernel: [2, 3], strides: 2, co: 6, depthwise: true },
];

export const depthwiseProbes = (): Probe[] => [
  ...depthwise.flatMap(forward),
  ...depthwise.flatMap(inputGradient),
  ...depthwiseWeights.flatMap(weightGradient),
];
