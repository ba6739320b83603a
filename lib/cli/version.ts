/** The version of this package, for commands. */
export { version } from '../files/index.js';
