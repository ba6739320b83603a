/** How much samples count: their own weights, and those of their classes. */
import { ArgumentError, DataError, ShapeError, show } from '../errors/index.js';
import type { Shape } from '../tensor/index.js';
import type { Samples } from './samples.js';

/** Weights by the number of the class; of a class that has none, 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** A weight for each of so many samples. Throws ShapeError for another number of them, DataError for what is no number >= 0. */
export function sampleWeights(who: string, given: ArrayLike<number>, samples: number): Float32Array {
  if (typeof given !== 'object' || given === null || given.length !== samples) {
    const got = typeof given === 'object' && given !== null ? `${given.length}` : show(given);
    throw new ShapeError({ who, expected: `as many values of sampleWeight as samples (${samples})`, got });
  }
  const bad = Array.prototype.findIndex.call(given, (one: unknown) => !(Number.isFinite(one) && (one as number) >= 0));
  if (bad < 0) return Float32Array.from(given);
  throw new DataError({ who, expected: 'sampleWeight of numbers >= 0', got: `${show(given[bad])} for sample ${bad}` });
}

/** The weights by class. Throws ArgumentError for what is no number >= 0 by the number of a class that the outputs have. */
export function classWeightOption(who: string, value: unknown, output: Shape): ClassWeight {
  if (output.length !== 1) {
    const expected = 'outputs of one class a sample beside classWeight';
    throw new ArgumentError({ who, expected, got: show([...output]) });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ArgumentError({ who, expected: 'classWeight to be weights by the number of a class', got: show(value) });
  }
  const classes = Math.max(2, output[0]!);
  for (const [name, weight] of Object.entries(value)) {
    if (!/^(?:0|[1-9]\d*)$/.test(name) || Number(name) >= classes) {
      throw new ArgumentError({ who, expected: `classWeight of classes from 0 to ${classes - 1}`, got: show(name) });
    }
    if (Number.isFinite(weight) && weight >= 0) continue;
    throw new ArgumentError({ who, expected: `classWeight of class ${name} to be a number >= 0`, got: show(weight) });
  }
  return value as ClassWeight;
}

/** The class of a target: the nearest whole number, of a row the place of the largest. */
function classOf(target: ArrayLike<number>, from: number, width: number): number {
  if (width === 1) return Math.round(target[from]!);
  let best = 0;
  for (let k = 1; k < width; k++) if (target[from + k]! > target[from + best]!) best = k;
  return best;
}

/** The samples, each with the weight of its class; `width` is the length of a target. */
export function weightedByClass(samples: Samples, weight: ClassWeight, width: number): Samples {
  const weighted =
    (make: Samples['batch']): Samples['batch'] =>
    (runtime, indices, epoch) => {
      const batch = make(runtime, indices, epoch);
      const targets = batch.y.data();
      const weights = Float32Array.from(indices, (_, i) => weight[classOf(targets, i * width, width)] ?? 1);
      return { ...batch, weights };
    };
  return { length: samples.length, send: weighted(samples.send), batch: weighted(samples.batch) };
}
