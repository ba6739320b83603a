/** samebits: the public names, nothing else. */
export * from './public/index.js';
