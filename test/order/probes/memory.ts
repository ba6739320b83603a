// Sums along memory, rule 4: sum and mean over any axes, softmax and its gradient; and gradients that meet at one tensor.

import { add, gradients, multiply, ones, type Runtime, type Tensor } from '../../../lib/index.js';
import { chain, overMemory, summands } from '../expected_tree.js';
import { type Level, type Mask, type Probe, signed, type Values } from '../probe.js';

/** Elements of a long sum on both sides of its lanes and chunks; the others are 0 and cannot be seen. */
export const aroundChunks = (count: number): number[] =>
  summands(Math.ceil(count / 4096))
    .flatMap((chunk) => [0, 1, 16, 31, 2049, 4064, 4095].map((offset) => chunk * 4096 + offset))
    .filter((element) => element < count);

/** Rule 4 over `count` elements of which only `seen` are probed, numbered in their order. */
export function memoryTree(count: number, seen: readonly number[]) {
  const number = new Map(seen.map((element, k) => [element, k]));
  return overMemory(summands(count).map((element) => number.get(element) ?? null));
}

interface Reduction {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly mean?: boolean;
  readonly seen?: readonly number[];
}

/** Where each reduced element of each output lies, both in ascending row-major order. */
function elementsOf({ shape, axes }: Reduction): number[][] {
  const outputs = shape.reduce((size, length, axis) => (axes.includes(axis) ? size : size * length), 1);
  const places: number[][] = summands(outputs).map(() => []);
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const size = shape.reduce((a, b) => a * b);
  for (let place = 0; place < size; ++place) {
    let [rest, output, stride] = [place, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; --axis) {
      if (!axes.includes(axis)) output += (rest % shape[axis]!) * stride;
      stride *= kept[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    places[output]!.push(place);
  }
  return places;
}

function reduction(one: Reduction): Probe {
  const elements = elementsOf(one);
  const count = elements[0]!.length;
  const { shape, axes, mean = false, seen = summands(count) } = one;
  return {
    kernel: 'reduce.forward',
    title: `${mean ? 'mean' : 'sum'} of [${shape}] over [${axes}]${one.seen ? `, ${seen.length} seen` : ''}`,
    tensors: [{ shape }, { shape: [elements.length], output: true }],
    settings: { axes: axes.reduce((bits, axis) => bits + 2 ** axis, 0), mean: mean ? 1 : 0 },
    summands: seen.length,
    tree: memoryTree(count, seen),
    slots: elements.length,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![elements[slot]![seen[summand]!]!] = signed[level];
    },
    read: (outputs: Values, slot: number) => outputs[1]![slot]! * (mean ? count : 1),
    // Atomic mode adds whole chunks: by one thread in ascending order, which is the tree's up to 3 chunks.
    ...(count > 3 * 4096 ? { atomic: 'splits' as const } : {}),
  };
}

/**
 * s of softmax or of its logarithm, whose terms exp(x - m) are positive: 1, exp(-17) or 0. Only where both small ones meet first
 * is s > 1.
 */
function softmax(rows: number, length: number, seen: readonly number[], kernel = 'softmax.forward'): Probe {
  const x: Record<Level, number> = { plus: 0, unit: -17, none: -Infinity, minus: Number.NaN };
  return {
    kernel,
    title: `[${rows}, ${length}], ${seen.length} seen`,
    tensors: [
      { shape: [rows, length], fill: -Infinity },
      { shape: [rows, length], output: true },
    ],
    summands: seen.length,
    tree: memoryTree(length, seen),
    slots: rows,
    masks: 'positive',
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[0]![slot * length + seen[summand]!] = x[level];
    },
    read(outputs: Values, slot: number, masks: readonly Mask[]) {
      const large = masks.find(({ level }) => level === 'plus')!.summand;
      return outputs[1]![slot * length + seen[large]!]! < (kernel === 'softmax.log' ? 0 : 1) ? 1 : 0;
    },
  };
}

/** d of softmax's gradient with y = 1, or of its logarithm's with y = 0: dx = dy - d, read at a summand that is not masked. */
function softmaxGradient(
  rows: number,
  length: number,
  seen: readonly number[],
  { kernel = 'softmax.inputGradient', fill = 1 } = {},
): Probe {
  const shape = [rows, length];
  return {
    kernel,
    title: `[${shape}], ${seen.length} seen`,
    tensors: [{ shape, fill }, { shape }, { shape, output: true }],
    summands: seen.length,
    tree: memoryTree(length, seen),
    slots: rows,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[1]![slot * length + seen[summand]!] = signed[level];
    },
    read(outputs: Values, slot: number, masks: readonly Mask[]) {
      const plain = [0, 1, 2].find((summand) => masks.every((mask) => mask.summand !== summand))!;
      return 1 - outputs[2]![slot * length + seen[plain]!]!;
    },
  };
}

/** The gradients of x from several uses x * factor: added in the reverse order of the uses, the last one first. */
function meeting(uses: number, slots: number): Probe {
  return {
    kernel: 'add.forward',
    title: `gradients of ${uses} uses of one tensor`,
    tensors: [...summands(uses).map(() => ({ shape: [slots] })), { shape: [slots], output: true }],
    summands: uses,
    tree: chain(summands(uses).reverse()),
    slots,
    put(inputs: Values, slot: number, summand: number, level: Level) {
      inputs[summand]![slot] = signed[level];
    },
    read: (outputs: Values, slot: number) => outputs[uses]![slot]!,
    call(runtime: Runtime, tensors: readonly (Tensor | null)[]) {
      const x = ones(runtime, [slots]);
      const forward = () => {
        const products = tensors.slice(0, uses).map((factor) => multiply(x, factor!));
        return { loss: products.reduce((sum, product) => add(sum, product)) };
      };
      const [gradient] = gradients(forward, [x], ones(runtime, [slots])).gradients;
      tensors[uses]!.write(gradient!.data());
      gradient!.dispose();
      x.dispose();
    },
  };
}

const long = 4 * 4096 + 37;

export const reduceProbes = (): Probe[] => [
  reduction({ shape: [37, 4133], axes: [1] }),
  reduction({ shape: [4133, 37], axes: [0] }),
  reduction({ shape: [59, 11, 7], axes: [0, 2] }),
  reduction({ shape: [37, 613], axes: [1], mean: true }),
  reduction({ shape: [long], axes: [0], seen: aroundChunks(long) }),
  reduction({ shape: [17, long], axes: [1], seen: aroundChunks(long) }),
  reduction({ shape: [long, 19], axes: [0], seen: aroundChunks(long) }),
];

export const softmaxProbes = (): Probe[] => [
  softmax(64, 67, summands(67)),
  softmax(8, 2 * 4096 + 37, [0, 1, 16, 2049, 4095, 4096, 4097, 4112, 8191, 8192, 8193, 8208]),
  softmaxGradient(37, 67, summands(67)),
  softmaxGradient(5, 2 * 4096 + 37, aroundChunks(2 * 4096 + 37)),
  softmax(64, 67, summands(67), 'softmax.log'),
  softmaxGradient(37, 67, summands(67), { kernel: 'softmax.logGradient', fill: 0 }),
  softmaxGradient(5, 2 * 4096 + 37, aroundChunks(2 * 4096 + 37), { kernel: 'softmax.logGradient', fill: 0 }),
];

export const meetingProbes = (): Probe[] => [meeting(7, 19)];
