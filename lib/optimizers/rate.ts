/** Learning rates as options and in configs. */
import { isClassConfig, type Json, type Registry } from '../classes/index.js';
import { numberOption } from '../errors/index.js';
import { isSchedule, type Schedule, type ScheduleOption, scheduleFrom } from '../schedules/index.js';

/** A rate: a number, or how one is computed from the steps. */
export type LearningRate = number | ScheduleOption;

/** The rate or the schedule that an option means. Throws ArgumentError otherwise. */
export function learningRateOption(who: string, value: unknown): number | Schedule {
  const said = typeof value === 'string' ? value.includes(':') : isClassConfig(value) || isSchedule(value);
  if (said) return scheduleFrom(value as ScheduleOption, { who: `${who} learningRate` });
  return numberOption(who, 'learningRate', value, 'a number >= 0', (rate) => rate >= 0);
}

/** A rate in a config: a number, or a schedule's config. */
export const readLearningRate = (value: Json, custom: Registry): unknown =>
  isClassConfig(value) ? scheduleFrom(value, { custom }) : value;
