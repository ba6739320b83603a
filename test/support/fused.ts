// The activations that an operation applies in its own pass, by what a user writes: the judge's and the contract's functions, of the
// value that goes in. Neither has settings of a kernel: those are only here for tests that call kernels by name.

import type { NormActivation } from '../../lib/index.js';
import * as contract from '../contract/activation.js';
import { relu, reluGradient } from '../contract/elementwise.js';
import * as reference from '../reference/activation.js';
import { elementwise } from '../reference/elementwise.js';

interface Fused {
  judge: { value(x: number): number; derivative(x: number): number };
  contract: { forward(x: number): number; gradient(dy: number, x: number): number };
}

const kSlope = 0.2;
const hardSwish: Fused = { judge: reference.hardSwish, contract: contract.hardSwish };
const byName: Record<NormActivation & string, Fused> = {
  linear: {
    judge: { value: (x) => x, derivative: () => 1 },
    contract: { forward: (x) => x, gradient: (dy) => dy },
  },
  relu: { judge: elementwise['relu']!, contract: { forward: relu, gradient: (dy, x) => reluGradient(dy, x) } },
  relu6: { judge: reference.relu(0, 0, 6), contract: contract.relu(0, 0, 6) },
  leaky_relu: { judge: reference.relu(kSlope), contract: contract.relu(kSlope, 0, Infinity) },
  hard_sigmoid: { judge: reference.hardSigmoid, contract: contract.hardSigmoid },
  hard_silu: hardSwish,
  hard_swish: hardSwish,
};

export function fusedOf(activation: NormActivation = 'linear'): Fused {
  if (typeof activation === 'string') return byName[activation];
  const { negativeSlope = 0, threshold = 0, maxValue } = activation;
  if (negativeSlope === 0 && threshold === 0 && (maxValue ?? null) === null) return byName.relu;
  const options = [negativeSlope, threshold, maxValue ?? Infinity] as const;
  return { judge: reference.relu(...options), contract: contract.relu(...options) };
}

/** Settings of a kernel that applies none, and one that applies relu. */
export const noActivation = { activation: 0, slope: 0, threshold: 0, ceiling: 0 };
export const withRelu = { ...noActivation, activation: 1 };
