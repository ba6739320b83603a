// The optimizer steps of docs/contract.md on whole arrays; state is changed in place, options rounded to float
// once.

import { add, div, f32, mul, sqrt, sub } from './float32.js';

/** Weight decay of a step, at its learning rate. */
export interface Decay {
  readonly weightDecay?: number;
  readonly weightDecayForm?: 'decoupled' | 'coupled';
}

/** The gradient that a step takes: with coupled decay that of the penalty is added. */
function gradientOf(g: number, w: number, { weightDecay = 0, weightDecayForm }: Decay): number {
  return weightDecay !== 0 && weightDecayForm === 'coupled' ? add(g, mul(f32(weightDecay), w)) : g;
}

/** The weight that a step starts from: with decoupled decay a share of it is gone. */
function weightOf(w: number, lr: number, { weightDecay = 0, weightDecayForm }: Decay): number {
  return weightDecay !== 0 && weightDecayForm !== 'coupled' ? sub(w, mul(mul(w, f32(weightDecay)), lr)) : w;
}

/** x^n in doubles: from the highest bit of n down, square, and multiply by x where the bit is set. */
function power(x: number, n: number): number {
  let result = 1;
  for (const bit of n.toString(2)) result = result * result * (bit === '1' ? x : 1);
  return result;
}

/** v where it is larger than best or the first NaN, otherwise best. */
const larger = (best: number, v: number): number => (!(v <= best) && !Number.isNaN(best) ? v : best);

export interface SgdOptions extends Decay {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly velocityOf?: 'steps' | 'gradients';
}

export function sgd(weights: Float32Array, g: Float32Array, velocity: Float32Array, options: SgdOptions): void {
  const lr = f32(options.learningRate);
  const m = f32(options.momentum ?? 0);
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr, options);
    const step = mul(lr, gradient);
    if (m === 0) {
      weights[i] = sub(w, step);
    } else if (options.velocityOf === 'gradients') {
      const v = add(mul(m, velocity[i]!), gradient);
      velocity[i] = v;
      weights[i] = sub(w, mul(lr, options.nesterov ? add(gradient, mul(m, v)) : v));
    } else {
      const v = sub(mul(m, velocity[i]!), step);
      velocity[i] = v;
      weights[i] = options.nesterov ? sub(add(w, mul(m, v)), step) : add(w, v);
    }
  }
}

export interface RmspropOptions extends Decay {
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

export function rmsprop(weights: Float32Array, g: Float32Array, state: RmspropState, options: RmspropOptions): void {
  const lr = f32(options.learningRate);
  const rho = f32(options.rho);
  const epsilon = f32(options.epsilon);
  const m = f32(options.momentum ?? 0);
  const rest = sub(1, rho);
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr, options);
    const v = add(mul(rho, state.velocity[i]!), mul(rest, mul(gradient, gradient)));
    state.velocity[i] = v;
    let inside = v;
    if (options.centered) {
      const a = add(mul(rho, state.average[i]!), mul(rest, gradient));
      state.average[i] = a;
      inside = sub(v, mul(a, a));
    }
    const root = options.epsilonPlace === 'outside' ? add(sqrt(inside), epsilon) : sqrt(add(inside, epsilon));
    const step = div(mul(lr, gradient), root);
    if (m > 0) {
      state.momentum[i] = add(mul(m, state.momentum[i]!), step);
      weights[i] = sub(w, state.momentum[i]!);
    } else {
      weights[i] = sub(w, step);
    }
  }
}

type Slots = Readonly<Record<string, Float32Array>>;

export interface AdamOptions extends Decay {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** `step` counts the steps done before. */
export function adam(
  weights: Float32Array,
  g: Float32Array,
  slots: Slots,
  options: AdamOptions & { readonly amsgrad?: boolean; readonly epsilonForm?: 'root' | 'corrected' },
  step: number,
): void {
  const { learningRate, beta1, beta2 } = options;
  const root = Math.sqrt(1 - power(beta2, step + 1));
  const size = f32((f32(learningRate) * root) / (1 - power(beta1, step + 1)));
  const epsilon = f32(options.epsilonForm === 'corrected' ? options.epsilon * root : options.epsilon);
  const [first, second] = [f32(1 - beta1), f32(1 - beta2)];
  const { momentum, velocity, maximum } = slots as Record<string, Float32Array>;
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, f32(learningRate), options);
    const m = add(momentum![i]!, mul(sub(gradient, momentum![i]!), first));
    let v = add(velocity![i]!, mul(sub(mul(gradient, gradient), velocity![i]!), second));
    momentum![i] = m;
    velocity![i] = v;
    if (options.amsgrad) {
      v = larger(maximum![i]!, v);
      maximum![i] = v;
    }
    weights[i] = sub(w, div(mul(m, size), add(sqrt(v), epsilon)));
  }
}

export function adamax(weights: Float32Array, g: Float32Array, slots: Slots, options: AdamOptions, step: number): void {
  const [lr, first, beta2, epsilon] = [options.learningRate, 1 - options.beta1, options.beta2, options.epsilon].map(
    f32,
  );
  const correction = f32(1 - power(options.beta1, step + 1));
  const { momentum, norm } = slots as Record<string, Float32Array>;
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr!, options);
    const m = add(momentum![i]!, mul(sub(gradient, momentum![i]!), first!));
    const u = larger(mul(beta2!, norm![i]!), Math.abs(gradient));
    momentum![i] = m;
    norm![i] = u;
    weights[i] = sub(w, div(mul(lr!, m), mul(correction, add(u, epsilon!))));
  }
}

export function nadam(weights: Float32Array, g: Float32Array, slots: Slots, options: AdamOptions, step: number): void {
  const share = (t: number) => options.beta1 * (1 - 0.5 * power(0.96, t));
  let product = 1;
  for (let t = 1; t <= step + 1; ++t) product *= share(t);
  const [now, next] = [share(step + 1), share(step + 2)];
  const [ofMean, ofGradient] = [f32(next / (1 - product * next)), f32((1 - now) / (1 - product))];
  const correction = f32(1 - power(options.beta2, step + 1));
  const [lr, epsilon, first, second] = [
    options.learningRate,
    options.epsilon,
    1 - options.beta1,
    1 - options.beta2,
  ].map(f32);
  const { momentum, velocity } = slots as Record<string, Float32Array>;
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr!, options);
    const m = add(momentum![i]!, mul(sub(gradient, momentum![i]!), first!));
    const v = add(velocity![i]!, mul(sub(mul(gradient, gradient), velocity![i]!), second!));
    momentum![i] = m;
    velocity![i] = v;
    const ahead = add(mul(ofMean, m), mul(ofGradient, gradient));
    weights[i] = sub(w, div(mul(ahead, lr!), add(sqrt(div(v, correction)), epsilon!)));
  }
}

export interface AdagradOptions extends Decay {
  readonly learningRate: number;
  readonly epsilon: number;
  readonly epsilonPlace?: 'inside' | 'outside';
}

export function adagrad(weights: Float32Array, g: Float32Array, { accumulator }: Slots, options: AdagradOptions): void {
  const [lr, epsilon] = [f32(options.learningRate), f32(options.epsilon)];
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr, options);
    const s = add(accumulator![i]!, mul(gradient, gradient));
    accumulator![i] = s;
    const root = options.epsilonPlace === 'outside' ? add(sqrt(s), epsilon) : sqrt(add(s, epsilon));
    weights[i] = sub(w, div(mul(lr, gradient), root));
  }
}

export interface AdadeltaOptions extends Decay {
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
}

export function adadelta(weights: Float32Array, g: Float32Array, slots: Slots, options: AdadeltaOptions): void {
  const [lr, epsilon, rho, share] = [options.learningRate, options.epsilon, options.rho, 1 - options.rho].map(f32);
  const { squares, steps } = slots as Record<string, Float32Array>;
  for (let i = 0; i < weights.length; ++i) {
    const gradient = gradientOf(g[i]!, weights[i]!, options);
    const w = weightOf(weights[i]!, lr!, options);
    const s = add(mul(rho!, squares![i]!), mul(share!, mul(gradient, gradient)));
    squares![i] = s;
    const d = div(mul(sqrt(add(steps![i]!, epsilon!)), gradient), sqrt(add(s, epsilon!)));
    steps![i] = add(mul(rho!, steps![i]!), mul(share!, mul(d, d)));
    weights[i] = sub(w, mul(lr!, d));
  }
}

/** Gradients held to a limit, as docs/contract.md says. */
export const clip = {
  value: (g: Float32Array, limit: number): Float32Array =>
    g.map((x) => {
      const held = f32(limit) < x ? f32(limit) : x;
      return held < -f32(limit) ? -f32(limit) : held;
    }),
  norm: (g: Float32Array, limit: number, norm: number): Float32Array =>
    g.map((x) => div(mul(x, f32(limit)), larger(f32(limit), norm))),
  globalNorm: (g: Float32Array, limit: number, norm: number): Float32Array => {
    const [share, most] = [div(1, norm), div(1, f32(limit))];
    const scale = add(mul(f32(limit), share < most ? share : most), sub(norm, norm));
    return g.map((x) => mul(x, scale));
  },
};
