// gather: the gradient of a place is one chain over the entries of the list that name it.

import { byPlace } from '../../../lib/ops/places.js';
import { chain, summands } from '../expected_tree.js';
import { type Level, type Probe, signed, type Values } from '../probe.js';

interface Sizes {
  readonly rows: number;
  readonly length: number;
  readonly width: number;
  readonly count: number;
}

/** Every third entry names the place in the middle, the others all places in turn. */
function placeProbe({ rows, length, width, count }: Sizes): Probe {
  const middle = length >> 1;
  const places = Int32Array.from({ length: count }, (_, i) => (i % 3 === 1 ? middle : i % length));
  const entries = summands(count).filter((i) => places[i] === middle);
  const { order, starts } = byPlace(places, length);
  const integers = (values: Int32Array) => ({ shape: [values.length], integers: values });
  return {
    kernel: 'gather.inputGradient',
    title: `${count} entries of [${rows}, ${length}, ${width}]`,
    tensors: [
      { shape: [rows, count, width] },
      ...[places, order, starts].map(integers),
      { shape: [rows, length, width], output: true },
    ],
    settings: { rows, width },
    summands: entries.length,
    tree: chain(summands(entries.length)),
    slots: rows * width,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      const [row, column] = [Math.floor(slot / width), slot % width];
      inputs[0]![(row * count + entries[summand]!) * width + column] = signed[level];
    },
    read(outputs: Values, slot: number) {
      const [row, column] = [Math.floor(slot / width), slot % width];
      return outputs[4]![(row * length + middle) * width + column]!;
    },
    atomic: 'races',
  };
}

export const gatherProbes = (): Probe[] => [
  placeProbe({ rows: 3, length: 5, width: 19, count: 67 }),
  placeProbe({ rows: 40, length: 4, width: 1, count: 90 }),
];
