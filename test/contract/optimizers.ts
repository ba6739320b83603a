// The optimizer steps of docs/contract.md on whole arrays; state is changed in place, options rounded to float
// once.

import { add, div, f32, mul, sqrt, sub } from './float32.js';

export interface SgdOptions {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
}

export function sgd(w: Float32Array, g: Float32Array, velocity: Float32Array, options: SgdOptions): void {
  const lr = f32(options.learningRate);
  const m = f32(options.momentum ?? 0);
  for (let i = 0; i < w.length; ++i) {
    const step = mul(lr, g[i]!);
    if (m === 0) {
      w[i] = sub(w[i]!, step);
      continue;
    }
    velocity[i] = sub(mul(m, velocity[i]!), step);
    w[i] = options.nesterov ? sub(add(w[i]!, mul(m, velocity[i]!)), step) : add(w[i]!, velocity[i]!);
  }
}

export interface RmspropOptions {
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
  readonly momentum?: number;
  readonly centered?: boolean;
  readonly epsilonPlace?: 'inside' | 'outside';
}

export interface RmspropState {
  readonly velocity: Float32Array;
  readonly momentum: Float32Array;
  readonly average: Float32Array;
}

export function rmsprop(w: Float32Array, g: Float32Array, state: RmspropState, options: RmspropOptions): void {
  const lr = f32(options.learningRate);
  const rho = f32(options.rho);
  const epsilon = f32(options.epsilon);
  const m = f32(options.momentum ?? 0);
  const rest = sub(1, rho);
  for (let i = 0; i < w.length; ++i) {
    const v = add(mul(rho, state.velocity[i]!), mul(rest, mul(g[i]!, g[i]!)));
    state.velocity[i] = v;
    let inside = v;
    if (options.centered) {
      const a = add(mul(rho, state.average[i]!), mul(rest, g[i]!));
      state.average[i] = a;
      inside = sub(v, mul(a, a));
    }
    const root = options.epsilonPlace === 'outside' ? add(sqrt(inside), epsilon) : sqrt(add(inside, epsilon));
    const step = div(mul(lr, g[i]!), root);
    if (m > 0) {
      state.momentum[i] = add(mul(m, state.momentum[i]!), step);
      w[i] = sub(w[i]!, state.momentum[i]!);
    } else {
      w[i] = sub(w[i]!, step);
    }
  }
}
