/** One training under way: its steps, epochs, trace and flips. */
import { provideRunFit } from '../models/index.js';
import { fitRun } from './fit_run.js';

provideRunFit(fitRun);

export { BitFlip } from './bit_flip.js';
export type { GivenState } from './given_state.js';
export { type ReachedState, type TrainHooks, trainHookNames } from './hooks.js';
export { train, trainFrom } from './train.js';
