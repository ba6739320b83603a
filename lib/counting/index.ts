/** Objects in masks: found, counted, matched with those that are there, and drawn. */
export { type Components, type Connectivity, connectedComponents } from './components.js';
export {
  type CountHooks,
  type CountOptions,
  type Counts,
  countRuns,
  type PictureCount,
  type RunCount,
} from './count_runs.js';
export { type Match, matchObjects } from './matching.js';
export { type CountMeasures, countMeasures, type Tally } from './measures.js';
export { type Edge, edges, type ObjectOptions, type Objects, objectsIn } from './objects.js';
export { countsCsv, countsText } from './words.js';
