/** Optimizers as users see them: `optimizers.rmsprop({ learningRate: 1e-4 })`. */
export * from './members.js';
export type { Optimizer, OptimizerOption } from './optimizer.js';
