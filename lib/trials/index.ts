/** Trainings of one folder: how far each is, and the worker that runs what is left, each in a process of its own. */
export { type ChildOptions, parseTrainResult, trainInChild } from './child.js';
export { differenceOf, trialKey } from './difference.js';
export type { NeededSpace } from './space.js';
export { stateOf, type TrialState } from './state.js';
export { leastThreadsOf, type PlannedTrial, type Whole } from './trial.js';
export {
  checkWorker,
  ownCommand,
  runTrials,
  type TrialHooks,
  type TrialsOutcome,
  type WorkerOptions,
} from './worker.js';
