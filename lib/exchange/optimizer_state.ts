/** What an optimizer remembers, as Keras 3's files list it: the number of steps, the rate, then one array for each weight and slot. */
import { ArgumentError, show } from '../errors/index.js';
import type { FileArray } from '../formats/index.js';
import type { Model } from '../models/index.js';
import type { Shape, Tensor } from '../tensor/index.js';
import { pathWord } from './keras_layers.js';

/** Slots that stand side by side for each weight, and slots that follow, each for all weights; ours, and Keras's name. */
interface Layout {
  together?: readonly (readonly [slot: string, inKeras: string])[];
  apart?: readonly (readonly [slot: string, inKeras: string])[];
  /** A number that Keras keeps at the end, from the settings and the steps done. */
  last?(settings: Readonly<Record<string, unknown>>, steps: number): number;
}

const moments = {
  together: [
    ['momentum', 'momentum'],
    ['velocity', 'velocity'],
  ],
} as const satisfies Layout;
const adam: Layout = { ...moments, apart: [['maximum', 'velocity_hat']] };

/** Nadam's product of its momenta, each operation rounded to float32 as Keras's are. */
function momentaOf({ beta1 }: Readonly<Record<string, unknown>>, steps: number): number {
  let product = 1;
  let fading = 1;
  for (let step = 1; step <= steps; step++) {
    fading *= Math.fround(0.96);
    const momentum = Math.fround(Math.fround(beta1 as number) * Math.fround(1 - 0.5 * Math.fround(fading)));
    product = Math.fround(product * momentum);
  }
  return product;
}

/** By Keras's class. */
const layouts: Readonly<Record<string, Layout>> = {
  SGD: { apart: [['momentum', 'momentum']] },
  RMSprop: {
    apart: [
      ['velocity', 'velocity'],
      ['momentum', 'momentum'],
      ['average', 'average_gradient'],
    ],
  },
  Adam: adam,
  AdamW: adam,
  Nadam: { ...moments, last: momentaOf },
  Adamax: {
    together: [
      ['momentum', 'momentum'],
      ['norm', 'norm'],
    ],
  },
  Adagrad: { apart: [['accumulator', 'accumulator']] },
  Adadelta: {
    together: [
      ['squares', 'accumulated_grad'],
      ['steps', 'accumulated_delta_var'],
    ],
  },
};

/** What Keras calls an optimizer in its files: its class in snake case. */
export const optimizerWord = ({ optimizer }: Model): string => pathWord(optimizer.className ?? optimizer.name);

/** One of the arrays of an optimizer. */
export interface OptimizerVariable {
  /** What its path ends with in Keras: `iteration`, `learning_rate`, or the weight's and the slot's. */
  name: string;
  /** The slot's tensor; undefined for the numbers beside them. */
  tensor?: Tensor;
  /** A number. */
  value?: number;
}

/**
 * The arrays in the order of Keras's optimizer.variables; `paths` are the paths of the weights that learn, in Keras's order. Throws
 * ArgumentError for an optimizer that Keras does not have.
 */
export function optimizerVariables(
  model: Model,
  paths: readonly { name: string; path: string }[],
): OptimizerVariable[] {
  const { optimizer } = model;
  const layout = layouts[optimizer.className ?? ''];
  if (layout === undefined) {
    const hint = 'optimizer: false writes the network without it';
    throw new ArgumentError({ who: 'save', expected: 'an optimizer that Keras has', got: show(optimizer.name), hint });
  }
  const { together = [], apart = [], last } = layout;
  const has = (slot: string) => optimizer.slots.includes(slot);
  const variable = ({ name, path }: { name: string; path: string }, [slot, word]: readonly [string, string]) => ({
    name: `${path.replaceAll('/', '_')}_${word}`,
    tensor: model.slots.get(name)![slot]!,
  });
  return [
    { name: 'iteration', value: model.iterations },
    // A schedule has no variable.
    ...(typeof optimizer.learningRate === 'number' ? [{ name: 'learning_rate', value: optimizer.learningRate }] : []),
    ...paths.flatMap((weight) => together.filter(([slot]) => has(slot)).map((slot) => variable(weight, slot))),
    ...apart.filter(([slot]) => has(slot)).flatMap((slot) => paths.map((weight) => variable(weight, slot))),
    ...(last === undefined ? [] : [{ name: 'variable', value: last(optimizer.settings, model.iterations) }]),
  ];
}

/** An array of one number. */
export function scalar(name: string, dtype: 'I64' | 'F32', value: number): FileArray {
  if (dtype === 'I64') return integers(name, [], [value]);
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return { name, dtype, shape: [], bytes: Uint8Array.from(bytes) };
}

/** An array of whole numbers. */
export function integers(name: string, shape: Shape, values: ArrayLike<number>): FileArray {
  const bytes = Buffer.alloc(8 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeBigInt64LE(BigInt(values[i]!), 8 * i);
  return { name, dtype: 'I64', shape: [...shape], bytes: Uint8Array.from(bytes) };
}
