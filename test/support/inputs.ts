// Seeded inputs of a case: one Philox stream per input, so that adding one input changes no other.

import { Words } from '../../lib/random/index.js';
import type { CaseInput, Draw, Floats } from '../cases/case.js';

/** The first `count` uniforms in [0, 1) of a stream. Plain loops here and below: drawing was a third of the suite's time. */
export function uniforms(seed: number, stream: number, count: number): Float32Array {
  const words = new Words({ seed, stream, step: 0 });
  const drawn = new Float32Array(count);
  for (let i = 0; i < count; ++i) drawn[i] = words.uniform();
  return drawn;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** One value from four uniforms; arithmetic only, so that the inputs themselves are the same everywhere. */
type Shaper = (a: number, b: number, c: number, d: number, place: { index: number; row: number }) => number;

const shapers: Record<Draw, Shaper> = {
  // The sum of four uniforms, centred and scaled to variance 1: close enough to a normal for inputs.
  normal: (a, b, c, d) => (a + b + c + d - 2) * 1.7320508,
  uniform: (a) => 2 * a - 1,
  ties: (a) => Math.floor(a * 5) - 2,
  positive: (a) => 0.1 + 4 * a,
  probabilities: (a) => 0.02 + 0.96 * a,
  saturated: (a, b) => (b < 0.25 ? Math.round(a) : 0.02 + 0.96 * a),
  labels: (a, _b, _c, _d, { index, row }) => (row === 1 ? Math.round(a) : index % row === 0 ? a : -1),
};

/** Turns the first value of each row into the place of the row's only 1. */
function oneHot(data: Float32Array, row: number): void {
  if (row === 1) return;
  for (let start = 0; start < data.length; start += row) {
    const place = Math.floor(data[start]! * row);
    data.fill(0, start, start + row);
    data[start + place] = 1;
  }
}

/** The values of one input for a seed; `stream` is the input's place in its case. */
export function drawInput({ shape, draw = 'normal' }: CaseInput, seed: number, stream: number): Floats {
  const size = sizeOf(shape);
  const row = shape.at(-1) ?? 1;
  const u = uniforms(seed, 1000 + stream, 4 * size);
  const shaper = shapers[draw];
  const data = new Float32Array(size);
  const place = { index: 0, row };
  for (; place.index < size; ++place.index) {
    const at = 4 * place.index;
    data[place.index] = shaper(u[at]!, u[at + 1]!, u[at + 2]!, u[at + 3]!, place);
  }
  if (draw === 'labels') oneHot(data, row);
  return { shape, data };
}

export const drawInputs = (inputs: readonly CaseInput[], seed: number): Floats[] =>
  inputs.map((input, i) => drawInput(input, seed, i));

const strange = [0, -0, NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -127), 3e38, -3e38];

/** Zeros of both signs, or these and values so small that a product of two rounds to a zero of its own sign. */
export const zeroKinds = {
  'only -0': [-0],
  'zeros of both signs': [0, -0],
  'zeros and tiny values': [0, -0, -(2 ** -149), 2 ** -140, -1e-30, 1e-30, -0, 1],
};

/** A tensor of these values only, drawn with equal chances. */
export function drawOf(values: readonly number[], shape: readonly number[], seed: number, stream: number): Floats {
  const u = uniforms(seed, 2500 + stream, sizeOf(shape));
  return { shape, data: u.map((value) => values[Math.floor(value * values.length)]!) };
}

/** As drawStrange, without the huge values: what is NaN or infinite then is so in any order of additions. */
export const drawStrangeInAnyOrder = (inputs: readonly CaseInput[], seed: number): Floats[] =>
  drawStrange(
    inputs,
    seed,
    strange.filter((value) => Math.abs(value) < 1e38 || !Number.isFinite(value)),
  );

/** Inputs in which about a third of the values are zeros of both signs, NaN, infinities, denormals or huge. */
export function drawStrange(inputs: readonly CaseInput[], seed: number, kinds: readonly number[] = strange): Floats[] {
  return drawInputs(inputs, seed).map(({ shape, data }, i) => {
    const u = uniforms(seed, 2000 + i, 2 * data.length);
    const pick = (at: number) => kinds[Math.floor(u[2 * at + 1]! * kinds.length)]!;
    return { shape, data: data.map((value, at) => (u[2 * at]! < 0.3 ? pick(at) : value)) };
  });
}
