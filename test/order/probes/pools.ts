// average_pool2d and max_pool2d. Overlapping windows share inputs, so each probe looks at one place of the picture; the
// slots are its samples and channels.

import { forEachReader, forEachTap, type WindowGeometry } from '../../support/geometry.js';
import { chain, summands } from '../expected_tree.js';
import { type Level, type Probe, signed, type Values } from '../probe.js';
import { alike, type WindowCase, windowOf, windowTitle } from './windows.js';

type Place = readonly [number, number];

/** Where slot (sample, channel) stands at a place of a picture [n, height, width, channels]. */
const at =
  (width: number, height: number, channels: number) =>
  (slot: number, [row, column]: Place) =>
    ((Math.floor(slot / channels) * height + row) * width + column) * channels + (slot % channels);

function geometry(one: WindowCase) {
  const { g, settings } = windowOf(one);
  const { dilationH, dilationW, ...rest } = settings;
  const [n, h, w, c] = one.x;
  const extent = [(g.kh - 1) * dilationH + 1, (g.kw - 1) * dilationW + 1] as const;
  return {
    g,
    dilations: { dilationH, dilationW },
    extent,
    settings: { ...rest, kernelH: extent[0], kernelW: extent[1] },
    slots: n * c,
    title: windowTitle(one),
    ...{ x: { shape: [n, h, w, c] }, y: { shape: [n, g.oh, g.ow, c] } },
    ...{ inX: at(w, h, c), inY: at(g.ow, g.oh, c) },
  };
}

function tapsOf(g: WindowGeometry, [oh, ow]: Place): Place[] {
  const list: Place[] = [];
  forEachTap(g, oh, ow, (_kh, _kw, row, column) => list.push([row, column]));
  return list;
}

/** The windows over each input place, one place for each number of windows. */
function readersByNumber(g: WindowGeometry): { place: Place; readers: Place[] }[] {
  const readers = (row: number, column: number) => {
    const list: Place[] = [];
    forEachReader(g, row, column, (oh, ow) => list.push([oh, ow]));
    return list;
  };
  const numbers = alike(g.h, g.w, (row, column) => readers(row, column).map(() => 0));
  return numbers.map(({ places: [place] }) => ({ place: place!, readers: readers(...place!) }));
}

/** Padding does not count. */
const uncounted = { countTop: 0, countBottom: 0, countLeft: 0, countRight: 0 };

/** The sum of a window, read as y times the number of its inputs. */
function averages(one: WindowCase): Probe[] {
  const { g, settings: window, slots, title, x, y, inX, inY } = geometry(one);
  return alike(g.oh, g.ow, (oh, ow) => tapsOf(g, [oh, ow]).map(() => 0)).map(({ places: [place] }) => {
    const list = tapsOf(g, place!);
    return {
      kernel: 'average_pool2d.forward',
      settings: { ...window, ...uncounted },
      title: `${title}, ${list.length} inputs`,
      tensors: [x, { ...y, output: true }],
      ...{ slots, summands: list.length, tree: chain(summands(list.length)) },
      put(inputs: Values, slot: number, summand: number, level: Level) {
        inputs[0]![inX(slot, list[summand]!)] = signed[level];
      },
      read: (outputs: Values, slot: number) => outputs[1]![inY(slot, place!)]! * list.length,
    };
  });
}

/** dy of the windows over one input; each is given times the number of its inputs, by which the kernel divides it. */
function averageGradients(one: WindowCase): Probe[] {
  const { g, settings: window, slots, title, x, y, inX, inY } = geometry(one);
  return readersByNumber(g).map(({ place, readers }) => {
    const counts = readers.map((reader) => tapsOf(g, reader).length);
    return {
      kernel: 'average_pool2d.inputGradient',
      settings: { ...window, ...uncounted },
      title: `${title}, ${readers.length} windows`,
      tensors: [y, { ...x, output: true }],
      ...{ slots, summands: readers.length, tree: chain(summands(readers.length)) },
      put(inputs: Values, slot: number, summand: number, level: Level) {
        inputs[0]![inY(slot, readers[summand]!)] = signed[level] * counts[summand]!;
      },
      read: (outputs: Values, slot: number) => outputs[1]![inX(slot, place)]!,
      ...(readers.length === g.kh * g.kw && g.n > 2 ? { atomic: 'races' as const } : {}),
    };
  });
}

/** dy of the windows that one input won, found from x again or from the choice that forward noted. */
function maximumGradients(one: WindowCase, noted: boolean): Probe[] {
  const { g, settings, dilations, extent, slots, title, x, y, inX, inY } = geometry(one);
  return readersByNumber(g).map(({ place, readers }) => {
    const choice = new Uint8Array(y.shape.reduce((a, b) => a * b));
    for (let slot = 0; slot < slots; ++slot) {
      for (const [oh, ow] of readers) {
        const tap = (place[0] - oh * g.strideH + g.padTop) * extent[1] + place[1] - ow * g.strideW + g.padLeft;
        choice[inY(slot, [oh, ow])] = tap;
      }
    }
    return {
      kernel: 'max_pool2d.inputGradient',
      title: `${title}, ${readers.length} windows, ${noted ? 'noted' : 'found again'}`,
      tensors: [noted ? null : x, noted ? { shape: y.shape, integers: choice } : null, y, { ...x, output: true }],
      settings: { ...settings, ...dilations, relu: 0 },
      ...{ slots, summands: readers.length, tree: chain(summands(readers.length)) },
      put(inputs: Values, slot: number, summand: number, level: Level) {
        inputs[2]![inY(slot, readers[summand]!)] = signed[level];
        if (!noted) inputs[0]![inX(slot, place)] = 1;
      },
      read: (outputs: Values, slot: number) => outputs[3]![inX(slot, place)]!,
      ...(readers.length === g.kh * g.kw && g.n > 2 ? { atomic: 'races' as const } : {}),
    };
  });
}

const cases: WindowCase[] = [
  { x: [2, 9, 8, 19], kernel: [4, 3], strides: 1, padding: 'same' },
  { x: [1, 33, 7, 17], kernel: [3, 3], strides: [1, 2], padding: [1, 0, 1, 2] }, // more than the 16 rows of a task
];
const dilated: WindowCase = { x: [2, 11, 10, 18], kernel: [4, 3], dilations: [2, 3], padding: 'same' };
/** Enough work for several threads to meet. */
const crowded: WindowCase = { x: [16, 24, 9, 35], kernel: [4, 3], strides: 1 };

const racing = (probes: Probe[]) => probes.filter(({ atomic }) => atomic);

export const averageProbes = (): Probe[] => [
  ...cases.flatMap(averages),
  ...cases.flatMap(averageGradients),
  ...racing(averageGradients(crowded)),
];

export const maximumProbes = (): Probe[] => [
  ...[...cases, dilated].flatMap((one) => [...maximumGradients(one, true), ...maximumGradients(one, false)]),
  ...racing(maximumGradients(crowded, true)),
];
