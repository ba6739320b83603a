// dense: chains over the inputs or outputs, and the join tree over the samples. The factor not probed is 1.

import { noActivation } from '../../support/fused.js';
import { chain, overBatch, summands } from '../expected_tree.js';
import { type Level, type Probe, sameAt, signed, type Values } from '../probe.js';
import { join } from '../tree.js';

const column = (n: number, width: number, at: number) => summands(n).map((row) => row * width + at);

function contractions(n: number, i: number, o: number): Probe[] {
  const title = `[${n}, ${i}] x [${i}, ${o}]`;
  return [
    {
      kernel: 'dense.forward',
      title: `${title} and the bias`,
      tensors: [{ shape: [n, i], fill: 1 }, { shape: [i, o] }, { shape: [o] }, { shape: [n, o], output: true }],
      settings: noActivation,
      summands: i + 1,
      tree: join(chain(summands(i)), i),
      slots: o,
      put(inputs: Values, slot: number, summand: number, level: Level) {
        if (summand === i) inputs[2]![slot] = signed[level];
        else inputs[1]![summand * o + slot] = signed[level];
      },
      read: (outputs: Values, slot: number) => sameAt(outputs[3]!, column(n, o, slot)),
    },
    {
      kernel: 'dense.inputGradient',
      title,
      tensors: [{ shape: [n, o], fill: 1 }, { shape: [i, o] }, { shape: [n, i], output: true }],
      settings: noActivation,
      summands: o,
      tree: chain(summands(o)),
      slots: i,
      put(inputs: Values, slot: number, summand: number, level: Level) {
        inputs[1]![slot * o + summand] = signed[level];
      },
      read: (outputs: Values, slot: number) => sameAt(outputs[2]!, column(n, i, slot)),
      ...(o > 65 ? { atomic: 'splits' as const } : {}), // atomic mode: blocks of 64 outputs
    },
  ];
}

function sumsOfSamples(n: number, i: number, o: number): Probe[] {
  const title = `[${n}, ${i}] x [${i}, ${o}]`;
  const common = { settings: noActivation, summands: n, tree: overBatch(summands(n)), atomic: 'splits' as const };
  const [x, dy] = [{ shape: [n, i] }, { shape: [n, o] }];
  const [dw, db] = [
    { shape: [i, o], output: true },
    { shape: [o], output: true },
  ];
  const probed = (place: number, width: number) => (inputs: Values, slot: number, summand: number, level: Level) => {
    inputs[place]![summand * width + slot] = signed[level];
  };
  return [
    {
      ...common,
      kernel: 'dense.weightGradient',
      title: `${title}, dy probed, dw and db`,
      tensors: [{ ...x, fill: 1 }, dy, dw, db],
      slots: o,
      put: probed(1, o),
      read: (outputs: Values, slot: number) =>
        sameAt(Float32Array.of(sameAt(outputs[2]!, column(i, o, slot)), outputs[3]![slot]!), [0, 1]),
    },
    {
      ...common,
      kernel: 'dense.weightGradient',
      title: `${title}, x probed`,
      tensors: [x, { ...dy, fill: 1 }, dw, null],
      slots: i,
      put: probed(0, i),
      read: (outputs: Values, slot: number) => sameAt(outputs[2]!, summands(o, slot * o)),
    },
    {
      ...common,
      kernel: 'dense.biasGradient',
      title: `[${n}, ${o}]`,
      tensors: [dy, db],
      slots: o,
      put: probed(0, o),
      read: (outputs: Values, slot: number) => outputs[1]![slot]!,
    },
  ];
}

export const denseProbes = (): Probe[] => [
  ...contractions(15, 301, 37),
  ...contractions(5, 19, 301),
  ...sumsOfSamples(37, 19, 37),
  ...sumsOfSamples(11, 37, 5), // fewer than 16 outputs are summed along the inputs
];
