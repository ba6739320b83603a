// The float64 judges of one optimizer step, elementwise, as Keras 3 defines them (epsilon inside the root), or with epsilon
// outside the root.

export interface SgdStep {
  readonly w: number;
  readonly v: number;
}

export function sgd(
  { w, v }: SgdStep,
  gradient: number,
  { learningRate, momentum = 0, nesterov = false }: { learningRate: number; momentum?: number; nesterov?: boolean },
): SgdStep {
  if (momentum === 0) return { w: w - learningRate * gradient, v };
  const velocity = momentum * v - learningRate * gradient;
  return { w: nesterov ? w + momentum * velocity - learningRate * gradient : w + velocity, v: velocity };
}

export interface RmspropStep {
  readonly w: number;
  readonly v: number;
  readonly momentum: number;
  readonly average: number;
}

export function rmsprop(
  state: RmspropStep,
  gradient: number,
  options: {
    learningRate: number;
    rho: number;
    epsilon: number;
    momentum?: number;
    centered?: boolean;
    epsilonPlace?: 'inside' | 'outside';
  },
): RmspropStep {
  const { learningRate, rho, epsilon, momentum = 0, centered = false } = options;
  const v = rho * state.v + (1 - rho) * gradient ** 2;
  const average = centered ? rho * state.average + (1 - rho) * gradient : state.average;
  const spread = centered ? v - average ** 2 : v;
  const root = options.epsilonPlace === 'outside' ? Math.sqrt(spread) + epsilon : Math.sqrt(spread + epsilon);
  const step = (learningRate * gradient) / root;
  const b = momentum > 0 ? momentum * state.momentum + step : state.momentum;
  return { w: state.w - (momentum > 0 ? b : step), v, momentum: b, average };
}
