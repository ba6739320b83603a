// The float64 judges of the elementwise functions and their derivatives.

import type { Values } from '../cases/case.js';

/** Applies a function to every value. */
export const map = (x: Values, f: (value: number, index: number) => number): Values => ({
  shape: x.shape,
  data: x.data.map((value, index) => f(value, index)),
});

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** A function and its derivative by its input. */
export interface Elementwise {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

export const elementwise: Record<string, Elementwise> = {
  relu: { value: (x) => (x < 0 ? 0 : x), derivative: (x) => (x > 0 ? 1 : 0) },
  sigmoid: { value: logistic, derivative: (x) => logistic(x) * (1 - logistic(x)) },
  tanh: { value: Math.tanh, derivative: (x) => 1 - Math.tanh(x) ** 2 },
  exp: { value: Math.exp, derivative: Math.exp },
  log: { value: Math.log, derivative: (x) => 1 / x },
  sqrt: { value: Math.sqrt, derivative: (x) => 0.5 / Math.sqrt(x) },
  negate: { value: (x) => -x, derivative: () => -1 },
  abs: { value: Math.abs, derivative: Math.sign },
  square: { value: (x) => x * x, derivative: (x) => 2 * x },
};
