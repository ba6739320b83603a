// The float64 judges of one optimizer step, elementwise, as Keras 3 defines them (epsilon inside the root), or with epsilon
// outside the root.

interface Decay {
  weightDecay?: number;
  weightDecayForm?: 'decoupled' | 'coupled';
}

/** The weight that a step starts from and the gradient that it takes, after weight decay. */
function decayed(w: number, g: number, lr: number, { weightDecay: d = 0, weightDecayForm: form }: Decay) {
  return form === 'coupled' ? { w, g: g + d * w } : { w: w - w * d * lr, g };
}

export interface SgdStep {
  readonly w: number;
  readonly v: number;
}

export function sgd(
  { w: weight, v }: SgdStep,
  gradient: number,
  options: Decay & { learningRate: number; momentum?: number; nesterov?: boolean; velocityOf?: 'steps' | 'gradients' },
): SgdStep {
  const { learningRate: lr, momentum = 0, nesterov = false } = options;
  const { w, g } = decayed(weight, gradient, lr, options);
  if (momentum === 0) return { w: w - lr * g, v };
  if (options.velocityOf === 'gradients') {
    const sum = momentum * v + g;
    return { w: w - lr * (nesterov ? g + momentum * sum : sum), v: sum };
  }
  const velocity = momentum * v - lr * g;
  return { w: nesterov ? w + momentum * velocity - lr * g : w + velocity, v: velocity };
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
  options: Decay & {
    learningRate: number;
    rho: number;
    epsilon: number;
    momentum?: number;
    centered?: boolean;
    epsilonPlace?: 'inside' | 'outside';
  },
): RmspropStep {
  const { learningRate, rho, epsilon, momentum = 0, centered = false } = options;
  const { w, g } = decayed(state.w, gradient, learningRate, options);
  const v = rho * state.v + (1 - rho) * g ** 2;
  const average = centered ? rho * state.average + (1 - rho) * g : state.average;
  const spread = centered ? v - average ** 2 : v;
  const root = options.epsilonPlace === 'outside' ? Math.sqrt(spread) + epsilon : Math.sqrt(spread + epsilon);
  const step = (learningRate * g) / root;
  const b = momentum > 0 ? momentum * state.momentum + step : state.momentum;
  return { w: w - (momentum > 0 ? b : step), v, momentum: b, average };
}

type State<K extends string> = Readonly<Record<K | 'w', number>>;
type Moments = Decay & { learningRate: number; beta1: number; beta2: number; epsilon: number };

/** `step` counts the steps done before. */
export function adam(
  state: State<'momentum' | 'velocity' | 'maximum'>,
  gradient: number,
  options: Moments & { amsgrad?: boolean; epsilonForm?: 'root' | 'corrected' },
  step: number,
): typeof state {
  const { learningRate: lr, beta1, beta2, epsilon } = options;
  const { w, g } = decayed(state.w, gradient, lr, options);
  const momentum = beta1 * state.momentum + (1 - beta1) * g;
  const velocity = beta2 * state.velocity + (1 - beta2) * g ** 2;
  const maximum = options.amsgrad ? Math.max(state.maximum, velocity) : velocity;
  const mean = momentum / (1 - beta1 ** (step + 1));
  const correction = Math.sqrt(1 - beta2 ** (step + 1));
  const root = Math.sqrt(maximum);
  // The corrected root, and epsilon beside it as it is or as large as the correction makes it.
  const divisor = root / correction + (options.epsilonForm === 'corrected' ? epsilon : epsilon / correction);
  return { w: w - (lr * mean) / divisor, momentum, velocity, maximum };
}

export function adamax(
  state: State<'momentum' | 'norm'>,
  gradient: number,
  options: Moments,
  step: number,
): typeof state {
  const { learningRate: lr, beta1, beta2, epsilon } = options;
  const { w, g } = decayed(state.w, gradient, lr, options);
  const momentum = beta1 * state.momentum + (1 - beta1) * g;
  const norm = Math.max(beta2 * state.norm, Math.abs(g));
  return { w: w - ((lr / (1 - beta1 ** (step + 1))) * momentum) / (norm + epsilon), momentum, norm };
}

export function nadam(
  state: State<'momentum' | 'velocity'>,
  gradient: number,
  options: Moments,
  step: number,
): typeof state {
  const { learningRate: lr, beta1, beta2, epsilon } = options;
  const { w, g } = decayed(state.w, gradient, lr, options);
  const momentum = beta1 * state.momentum + (1 - beta1) * g;
  const velocity = beta2 * state.velocity + (1 - beta2) * g ** 2;
  const share = (t: number) => beta1 * (1 - 0.5 * 0.96 ** t);
  const product = Array.from({ length: step + 1 }, (_, i) => share(i + 1)).reduce((a, b) => a * b);
  const [now, next] = [share(step + 1), share(step + 2)];
  const mean = (next * momentum) / (1 - product * next) + ((1 - now) * g) / (1 - product);
  return { w: w - (lr * mean) / (Math.sqrt(velocity / (1 - beta2 ** (step + 1))) + epsilon), momentum, velocity };
}

export function adagrad(
  state: State<'accumulator'>,
  gradient: number,
  options: Decay & { learningRate: number; epsilon: number; epsilonPlace?: 'inside' | 'outside' },
): typeof state {
  const { learningRate: lr, epsilon, epsilonPlace } = options;
  const { w, g } = decayed(state.w, gradient, lr, options);
  const accumulator = state.accumulator + g ** 2;
  const root = epsilonPlace === 'outside' ? Math.sqrt(accumulator) + epsilon : Math.sqrt(accumulator + epsilon);
  return { w: w - (lr * g) / root, accumulator };
}

export function adadelta(
  state: State<'squares' | 'steps'>,
  gradient: number,
  options: Decay & { learningRate: number; rho: number; epsilon: number },
): typeof state {
  const { learningRate: lr, rho, epsilon } = options;
  const { w, g } = decayed(state.w, gradient, lr, options);
  const squares = rho * state.squares + (1 - rho) * g ** 2;
  const d = (Math.sqrt(state.steps + epsilon) / Math.sqrt(squares + epsilon)) * g;
  return { w: w - lr * d, squares, steps: rho * state.steps + (1 - rho) * d ** 2 };
}
