/** Counter-based random numbers with explicit seeds. */
export { checkSequence, philox, type Sequence, Words } from './philox.js';
export { shuffle } from './shuffle.js';
export { type StreamName, streams } from './streams.js';
