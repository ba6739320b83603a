/** The schedules; a line here makes one known to words and configs. */
export { type ConstantOptions, constant } from './constant.js';
export { type CosineDecayOptions, cosineDecay } from './cosine_decay.js';
export { type CosineDecayRestartsOptions, cosineDecayRestarts } from './cosine_decay_restarts.js';
export { type CyclicOptions, cyclic } from './cyclic.js';
export { exponentialDecay } from './exponential_decay.js';
export { type DecayOptions, inverseTimeDecay } from './inverse_time_decay.js';
export { type MultiStepDecayOptions, multiStepDecay, type StepDecayOptions, stepDecay } from './multi_step_decay.js';
export { type OneCycleOptions, oneCycle } from './one_cycle.js';
export { type PiecewiseConstantDecayOptions, piecewiseConstantDecay } from './piecewise_constant_decay.js';
export { type PolynomialDecayOptions, polynomialDecay } from './polynomial_decay.js';
export { type WarmupOptions, warmup } from './warmup.js';
