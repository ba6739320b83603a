// The network and the pictures that the tests of models share: two numbers in, one class out.

import { layers, type Model, type Runtime, sequential } from '../../../lib/index.js';
import { uniforms } from '../../support/inputs.js';

/** Two classes that a line divides: whether the first number is larger than the second. */
export function halves(count: number) {
  const x = uniforms(11, count, 2 * count);
  const y = Float32Array.from({ length: count }, (_, i) => (x[2 * i]! > x[2 * i + 1]! ? 1 : 0));
  return { x, y };
}

export function small(): Model {
  return sequential([
    layers.input({ shape: [2] }),
    layers.dense({ units: 8, activation: 'relu' }),
    layers.dropout({ rate: 0.1 }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ]);
}

export const compileOptions = (runtime: Runtime) =>
  ({ runtime, loss: 'binaryCrossentropy', metrics: ['accuracy'], seed: 3 }) as const;
