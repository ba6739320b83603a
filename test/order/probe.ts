// A probe: one sum of one kernel, how its summands are set and its result is read, and the tree it must have. Independent
// sums of one call (channels, rows, samples) are its slots; each slot carries another question, so a call answers many.

import { type Runtime, scope, type Tensor, tensor } from '../../lib/index.js';
import { NoTree, type Outside, type Pair, revealTree } from './reveal_tree.js';
import type { Tree } from './tree.js';

/**
 * What a summand is made to be. 'signed' sums: 'unit' is 1, 'plus' and 'minus' are M and -M. Sums that only take positive
 * summands have no -M: 'plus' is so large that one 'unit' added to it is lost, but two units together are not; 'none' is 0.
 */
export type Level = 'unit' | 'plus' | 'minus' | 'none';

/** M: 2^60, beside which 2^36 units are lost and which float32 holds exactly. */
export const kMask = 2 ** 60;

/** A signed summand's value. */
export const signed: Record<Level, number> = { unit: 1, plus: kMask, minus: -kMask, none: 0 };

export interface Mask {
  readonly summand: number;
  readonly level: Level;
}

/** One tensor of the call; of an output only the shape counts. */
export interface ProbeTensor {
  readonly shape: readonly number[];
  /** Default 0. */
  readonly fill?: number;
  /** The values of a tensor of another dtype. */
  readonly integers?: Uint8Array | Int32Array;
  readonly output?: boolean;
}

/** The values of the call's tensors, by their place in the call. */
export type Values = Readonly<Record<number, Float32Array>>;

export interface Probe {
  /** The kernel, as in `capabilities().kernels`. */
  readonly kernel: string;
  /** The sum and its sizes. */
  readonly title: string;
  readonly tensors: readonly (ProbeTensor | null)[];
  readonly settings?: Readonly<Record<string, number>>;
  readonly summands: number;
  readonly tree: Tree | null;
  readonly slots: number;
  /** Default 'signed'. */
  readonly masks?: 'signed' | 'positive';
  /** Sets one summand of one slot. */
  put(inputs: Values, slot: number, summand: number, level: Level): void;
  /** 'signed': how many units the slot's sum kept. 'positive': 1 when the two units were kept, otherwise 0. */
  read(outputs: Values, slot: number, masks: readonly Mask[]): number;
  /** Replaces the call of the kernel, for sums that are several calls. */
  call?(runtime: Runtime, tensors: readonly (Tensor | null)[]): void;
  /**
   * How atomic mode shows itself: it 'splits' the sum in other parts, whatever the threads do; or it 'races' over the same
   * parts, which then arrive in a drawn order. Nothing where it cannot differ at this size, or has the same function.
   */
  readonly atomic?: 'splits' | 'races';
}

/** The one value that all these outputs must have: the same sum stands in several places. */
export function sameAt(values: Float32Array, places: Iterable<number>): number {
  let found: number | undefined;
  for (const place of places) {
    const value = values[place]!;
    found ??= value;
    if (value !== found) throw new NoTree(`expected one sum in all its places, got ${found} and ${value} at ${place}`);
  }
  return found!;
}

interface Question {
  readonly pair: number;
  readonly masks: readonly Mask[];
}

/** Signed: M and -M at once. Positive: every other summand by itself, whether the pair has met before it comes. */
function questionsOf(probe: Probe, [i, j]: Pair, pair: number): Question[] {
  if (probe.masks !== 'positive') {
    const masks: Mask[] = [
      { summand: i, level: 'plus' },
      { summand: j, level: 'minus' },
    ];
    return [{ pair, masks }];
  }
  const others = Array.from({ length: probe.summands }, (_, k) => k).filter((k) => k !== i && k !== j);
  const two: Mask[] = [
    { summand: i, level: 'unit' },
    { summand: j, level: 'unit' },
  ];
  return others.map((summand) => ({ pair, masks: [{ summand, level: 'plus' }, ...two] }));
}

function whole(value: number): number {
  const rounded = Math.round(value);
  if (!(Math.abs(value - rounded) < 0.1)) throw new NoTree(`expected a whole number of summands, got ${value}`);
  return rounded;
}

/** The questions of a probe, answered by a runtime. */
function outsideBy(runtime: Runtime, probe: Probe): Outside {
  const quiet: Level = probe.masks === 'positive' ? 'none' : 'unit';
  const inputs: Record<number, Float32Array> = {};
  const tensors = probe.tensors.map((spec, place) => {
    if (spec === null) return null;
    if (spec.integers !== undefined) return tensor(runtime, spec.integers, spec.shape);
    const values = new Float32Array(spec.shape.reduce((a, b) => a * b, 1)).fill(spec.fill ?? 0);
    if (spec.output !== true) inputs[place] = values;
    return tensor(runtime, values, spec.shape);
  });
  for (let slot = 0; slot < probe.slots; ++slot) {
    for (let summand = 0; summand < probe.summands; ++summand) probe.put(inputs, slot, summand, quiet);
  }

  const ask = (): Values => {
    for (const [place, values] of Object.entries(inputs)) tensors[Number(place)]!.write(values);
    if (probe.call) probe.call(runtime, tensors);
    else runtime.run(probe.kernel, nativeOf(tensors), probe.settings ?? {});
    const outputs = probe.tensors.flatMap((spec, place) => (spec?.output ? [[place, tensors[place]!.data()]] : []));
    return Object.fromEntries(outputs);
  };

  return (pairs) => {
    const answers = new Array<number>(pairs.length).fill(0);
    const questions = pairs.flatMap((pair, k) => questionsOf(probe, pair, k));
    for (let start = 0; start < questions.length; start += probe.slots) {
      const batch = questions.slice(start, start + probe.slots);
      // Where slots are left, the questions are asked again in them: every slot must give the same answer.
      const asked = Array.from({ length: probe.slots }, (_, slot) => batch[slot % batch.length]!);
      asked.forEach(({ masks }, slot) => {
        for (const { summand, level } of masks) probe.put(inputs, slot, summand, level);
      });
      const outputs = ask();
      const found = asked.map(({ masks }, slot) => whole(probe.read(outputs, slot, masks)));
      found.forEach((answer, slot) => {
        const first = found[slot % batch.length]!;
        if (answer !== first)
          throw new NoTree(`expected ${first} units in slot ${slot} as in the first, got ${answer}`);
      });
      batch.forEach(({ pair }, slot) => {
        answers[pair]! += found[slot]!;
      });
      asked.forEach(({ masks }, slot) => {
        for (const { summand } of masks) probe.put(inputs, slot, summand, quiet);
      });
    }
    return answers;
  };
}

const nativeOf = (tensors: readonly (Tensor | null)[]) => tensors.map((one) => one?.native() ?? null);

/** The tree by which a runtime really adds a probe's summands. Throws NoTree where what comes out is no tree's. */
export const revealOrder = (runtime: Runtime, probe: Probe): Tree =>
  scope(() => revealTree(probe.summands, outsideBy(runtime, probe)));
