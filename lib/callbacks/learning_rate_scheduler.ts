/** learningRateScheduler: a learning rate for each epoch. */
import { ArgumentError, show } from '../errors/index.js';
import type { FitCallbacks, Model } from '../models/index.js';
import { isSchedule, type Schedule, type ScheduleOption, scheduleFrom } from '../schedules/index.js';
import { callbackMaker } from './callback.js';
import { currentRate, expectRate } from './rate.js';

/** The rate of an epoch, from 0, beside that of the epoch before it. */
export type RateOfEpoch = (epoch: number, learningRate: number) => number;

/** What `learningRateScheduler` takes. */
export interface LearningRateSchedulerOptions {
  /** A function of the epoch and the rate so far, or a schedule, which is asked for the epoch in place of the step. */
  schedule: RateOfEpoch | ScheduleOption;
}

/**
 * Sets the learning rate before each epoch: `learningRateScheduler({ schedule: (epoch, rate) => rate * 0.9 })`, or a schedule, which is
 * data: `{ schedule: schedules.stepDecay({ ... }) }`. Throws ArgumentError for an unknown or bad option; fit throws it, before any
 * step, where the optimizer has a schedule.
 */
export const learningRateScheduler = callbackMaker<LearningRateSchedulerOptions, FitCallbacks>(
  { className: 'LearningRateScheduler', word: 'learningRateScheduler', options: ['schedule'], decides: true },
  (who, { schedule }) => {
    if (schedule === undefined) {
      throw new ArgumentError({ who, expected: 'schedule to be a function or a schedule', got: show(schedule) });
    }
    const told: Schedule | undefined =
      typeof schedule === 'function' ? undefined : scheduleFrom(schedule, { who: `${who} schedule` });
    const rateOf: RateOfEpoch = told === undefined ? (schedule as RateOfEpoch) : (epoch) => told.rate(epoch);
    let model: Model;
    const set = (epoch: number) => {
      const rate = rateOf(epoch, currentRate(model));
      if (typeof rate !== 'number' || !Number.isFinite(rate) || rate < 0) {
        throw new ArgumentError({
          who,
          expected: 'schedule to give a number >= 0',
          got: `${show(rate)} for epoch ${epoch}`,
        });
      }
      model.optimizer.learningRate = rate;
    };
    return {
      onTrainBegin(begin) {
        model = begin.model;
        expectRate(who, model);
        for (const { epoch } of begin.done) set(epoch);
      },
      onEpochBegin: set,
    };
  },
  ({ schedule }) => typeof schedule === 'function' || (isSchedule(schedule) && schedule.settings === undefined),
);
