/** One training from its settings, as `samebits train` runs it, and the tasks that trainings are made of. */
export type {
  BeginRequest,
  Flip,
  OutputFlip,
  ResumeRequest,
  RunSettings,
  TrainOptions,
  TrainRequest,
  WeightFlip,
} from '../settings/index.js';
export {
  type DataSettings,
  type DataSource,
  type ModelSource,
  openTask,
  type Task,
  type TaskHooks,
  type TaskSettings,
} from '../tasks/index.js';
export { type ReachedState, type TrainHooks, train } from '../training/index.js';
