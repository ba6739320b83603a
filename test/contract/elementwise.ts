// The elementwise operations of docs/contract.md and their gradients, one value at a time.

import { exp, log, sigmoid, tanh } from './elementary.js';
import { add, div, mul, sqrt, sub } from './float32.js';

/** +0 below zero, otherwise the value itself, so -0 and NaN pass. */
export const relu = (v: number): number => (v < 0 ? 0 : v);
export const reluGradient = (dy: number, y: number): number => (y > 0 ? dy : 0);

export const sigmoidGradient = (dy: number, y: number): number => mul(dy, mul(y, sub(1, y)));
export const tanhGradient = (dy: number, y: number): number => mul(dy, sub(1, mul(y, y)));
export const expGradient = (dy: number, y: number): number => mul(dy, y);
export const logGradient = (dy: number, x: number): number => div(dy, x);
export const sqrtGradient = (dy: number, y: number): number => div(dy, add(y, y));

/** A unary function and its gradient from the upstream gradient, the input and the output. */
export interface Unary {
  readonly forward: (x: number) => number;
  readonly gradient: (dy: number, x: number, y: number) => number;
}

export const unary: Record<string, Unary> = {
  relu: { forward: relu, gradient: (dy, _x, y) => reluGradient(dy, y) },
  sigmoid: { forward: sigmoid, gradient: (dy, _x, y) => sigmoidGradient(dy, y) },
  tanh: { forward: tanh, gradient: (dy, _x, y) => tanhGradient(dy, y) },
  exp: { forward: exp, gradient: (dy, _x, y) => expGradient(dy, y) },
  log: { forward: log, gradient: (dy, x) => logGradient(dy, x) },
  sqrt: { forward: sqrt, gradient: (dy, _x, y) => sqrtGradient(dy, y) },
  negate: { forward: (x) => -x, gradient: (dy) => -dy },
  abs: { forward: (x) => (x > 0 ? x : sub(0, x)), gradient: (dy, x) => (x > 0 ? dy : x < 0 ? -dy : 0) },
  square: { forward: (x) => mul(x, x), gradient: (dy, x) => mul(dy, add(x, x)) },
};
