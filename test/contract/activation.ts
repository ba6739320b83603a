// The activation functions of docs/contract.md and their gradients, one value at a time.

import { exp, expm1, log1p, normalCdf, sigmoid, tanh } from './elementary.js';
import { add, div, f32, max, min, mul, sub } from './float32.js';
import { pow, powBaseGradient } from './pow.js';

interface Activation {
  forward(x: number): number;
  gradient(dy: number, x: number): number;
}

/** Options are rounded to float once. */
export function relu(negativeSlope: number, from: number, most: number): Activation {
  const [slope, threshold, ceiling] = [f32(negativeSlope), f32(from), f32(most)];
  return {
    forward: (x) => {
      if (x < threshold) return slope === 0 ? 0 : mul(slope, sub(x, threshold));
      return min(x, ceiling);
    },
    gradient: (dy, x) => {
      if (x >= ceiling) return 0;
      if (x > threshold) return dy;
      return slope === 0 ? 0 : mul(dy, slope);
    },
  };
}

export function elu(scaleOption: number, alphaOption: number): Activation {
  const [scale, alpha] = [f32(scaleOption), f32(alphaOption)];
  return {
    forward: (x) => (x > 0 ? mul(scale, x) : mul(alpha, expm1(x))),
    gradient: (dy, x) => (x > 0 ? mul(dy, scale) : mul(dy, mul(alpha, exp(x)))),
  };
}

export const softplus: Activation = {
  forward: (x) => add(log1p(exp(-Math.abs(x))), max(x, 0)),
  gradient: (dy, x) => mul(dy, sigmoid(x)),
};

export const swish: Activation = {
  forward: (x) => mul(x, sigmoid(x)),
  gradient: (dy, x) => {
    const s = sigmoid(x);
    return mul(dy, mul(s, add(1, mul(x, sub(1, s)))));
  },
};

export const gelu: Activation = {
  forward: (x) => mul(x, normalCdf(x)),
  gradient: (dy, x) => {
    const density = mul(f32(0.3989422804), exp(mul(-0.5, mul(x, x))));
    return mul(dy, add(normalCdf(x), mul(x, density)));
  },
};

const rootOf2OverPi = f32(0.7978845608);
const bend = (x: number) => tanh(mul(rootOf2OverPi, add(x, mul(f32(0.044715), mul(mul(x, x), x)))));

export const geluTanh: Activation = {
  forward: (x) => mul(mul(0.5, x), add(1, bend(x))),
  gradient: (dy, x) => {
    const t = bend(x);
    const slope = mul(rootOf2OverPi, add(1, mul(f32(0.134145), mul(x, x))));
    return mul(dy, add(mul(0.5, add(1, t)), mul(mul(mul(0.5, x), sub(1, mul(t, t))), slope)));
  },
};

export function power(option: number): Activation {
  const exponent = f32(option);
  return { forward: (x) => pow(x, exponent), gradient: (dy, x) => powBaseGradient(x, exponent, dy) };
}

const gate = (x: number) => min(max(add(div(x, 6), 0.5), 0), 1);

export const hardSigmoid: Activation = {
  forward: gate,
  gradient: (dy, x) => (gate(x) > 0 && gate(x) < 1 ? div(dy, 6) : 0),
};

export const hardSwish: Activation = {
  forward: (x) => mul(x, gate(x)),
  gradient: (dy, x) => mul(dy, gate(x) > 0 && gate(x) < 1 ? add(gate(x), div(x, 6)) : gate(x)),
};

export function clip(lowOption: number, highOption: number): Activation {
  const [low, high] = [f32(lowOption), f32(highOption)];
  return {
    forward: (x) => min(max(x, low), high),
    gradient: (dy, x) => (x >= low && x <= high ? dy : 0),
  };
}
