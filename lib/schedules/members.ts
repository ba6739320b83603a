/** The schedules, simplest first; a line here makes one known to words and configs. */
export { type ConstantOptions, constant } from './constant.js';
export { exponentialDecay } from './exponential_decay.js';
export { type DecayOptions, inverseTimeDecay } from './inverse_time_decay.js';
export { type PiecewiseConstantDecayOptions, piecewiseConstantDecay } from './piecewise_constant_decay.js';
export { type PolynomialDecayOptions, polynomialDecay } from './polynomial_decay.js';
