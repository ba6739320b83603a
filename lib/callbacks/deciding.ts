/** The callbacks that decide how a training goes on; a line here makes one known to words. */
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from './early_stopping.js';
export {
  type LearningRateSchedulerOptions,
  learningRateScheduler,
  type RateOfEpoch,
} from './learning_rate_scheduler.js';
export { type ReduceLROnPlateauOptions, reduceLROnPlateau } from './reduce_lr_on_plateau.js';
