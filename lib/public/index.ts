/** The public names, grouped as users look for them. A change here is a change of the package: test/public holds the list. */
export * from './audits.js';
export * from './counting.js';
export * from './data.js';
export * from './errors.js';
export * from './experiments.js';
export * from './explanations.js';
export * from './files.js';
export * from './networks.js';
export * from './operations.js';
export * from './runs.js';
export * from './tensors.js';
export * from './training.js';
