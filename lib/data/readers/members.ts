/** The readers; a line here makes one known to every command. */
export { mnist } from './mnist.js';
