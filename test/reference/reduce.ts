// The float64 judges of sum and mean over any axes.

import type { Values } from '../cases/case.js';

let last = { key: '', indices: Uint32Array.of() };

/**
 * For every element of `shape`, in order, the index of the output that it is reduced into; nobody writes into them. They are kept
 * until others are asked for: differences ask for the same ones many times over.
 */
export function outputIndices(shape: readonly number[], axes: readonly number[]): Uint32Array {
  const key = `[${shape}] over [${axes}]`;
  if (last.key !== key) last = { key, indices: indicesOf(shape, axes) };
  return last.indices;
}

function indicesOf(shape: readonly number[], axes: readonly number[]): Uint32Array<ArrayBuffer> {
  let indices = Uint32Array.of(0);
  shape.forEach((length, axis) => {
    const kept = !axes.includes(axis);
    const next = new Uint32Array(indices.length * length);
    indices.forEach((output, at) => {
      for (let i = 0; i < length; ++i) next[at * length + i] = kept ? output * length + i : output;
    });
    indices = next;
  });
  return indices;
}

const keptShape = (shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] =>
  keepDims
    ? shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !axes.includes(axis));

export function sum(x: Values, axes: readonly number[], keepDims = false): Values {
  const shape = keptShape(x.shape, axes, keepDims);
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  const outputs = outputIndices(x.shape, axes);
  for (let i = 0; i < outputs.length; ++i) data[outputs[i]!]! += x.data[i]!;
  return { shape, data };
}

/** How many elements one output reduces. */
export const reducedCount = (shape: readonly number[], axes: readonly number[]): number =>
  axes.reduce((count, axis) => count * shape[axis]!, 1);

export function mean(x: Values, axes: readonly number[], keepDims = false): Values {
  const total = sum(x, axes, keepDims);
  return { shape: total.shape, data: total.data.map((value) => value / reducedCount(x.shape, axes)) };
}

/** The gradient of sum by its input: every element takes its output's. */
export function sumGradient(x: Values, axes: readonly number[], dy: Values): Values {
  const outputs = outputIndices(x.shape, axes);
  return { shape: x.shape, data: new Float64Array(x.data.length).map((_, i) => dy.data[outputs[i]!]!) };
}

/** The gradient of mean by its input. */
export function meanGradient(x: Values, axes: readonly number[], dy: Values): Values {
  const dx = sumGradient(x, axes, dy);
  return { shape: dx.shape, data: dx.data.map((value) => value / reducedCount(x.shape, axes)) };
}

/** The largest or the smallest value over the axes. */
export function extreme(x: Values, axes: readonly number[], kind: 'max' | 'min'): Float64Array {
  const places = outputIndices(x.shape, axes);
  const data = new Float64Array(x.data.length / reducedCount(x.shape, axes)).fill(
    kind === 'max' ? -Infinity : Infinity,
  );
  places.forEach((output, i) => {
    data[output] = Math[kind](data[output]!, x.data[i]!);
  });
  return data;
}

/** Those that have the value share its gradient. */
export function extremeGradient(x: Values, axes: readonly number[], kind: 'max' | 'min', dy: Values): Values {
  const best = extreme(x, axes, kind);
  const places = outputIndices(x.shape, axes);
  const ties = new Float64Array(best.length);
  places.forEach((output, i) => {
    if (x.data[i] === best[output]) ties[output]! += 1;
  });
  const share = (output: number, i: number) => (x.data[i] === best[output] ? dy.data[output]! / ties[output]! : 0);
  return { shape: x.shape, data: new Float64Array(x.data.length).map((_, i) => share(places[i]!, i)) };
}
