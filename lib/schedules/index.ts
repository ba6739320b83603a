/**
 * Learning rates by step, with the names and defaults of Keras, or of PyTorch where Keras has none: computed with + - * / of
 * doubles alone.
 */
import { type ClassConfig, classConfig, classesOf, meant, type Registry } from '../classes/index.js';
import * as members from './members.js';
import type { Schedule, ScheduleOption } from './schedule.js';

/** The natural logarithm with + - * / of doubles alone, so that every machine has the same. */
export { logOf as naturalLog } from './elementary.js';
export * from './members.js';
export * as schedules from './public.js';
export type { KnownSchedule, Schedule, ScheduleOption } from './schedule.js';

/** Whether a value is a schedule, one of the user's own too. */
export const isSchedule = (value: unknown): value is Schedule =>
  typeof value === 'object' && value !== null && typeof (value as Schedule).rate === 'function';
const classes = classesOf<Schedule>(members);

/** The schedule a value means. Throws ArgumentError for an unknown name or class, DataError for a bad config. */
export function scheduleFrom(value: ScheduleOption, { who = 'schedule', custom }: ReadOptions = {}): Schedule {
  return meant(value, {
    who,
    name: 'schedule',
    what: 'a schedule',
    classes,
    isThing: isSchedule,
    ...(custom && { custom }),
  });
}

/** Who reads, for messages, and the classes of the user's own. */
interface ReadOptions {
  who?: string;
  custom?: Registry;
}

/** The schedule as plain data. Throws ArgumentError for one of the user's own that does not tell its config. */
export const scheduleConfig = (schedule: Schedule): ClassConfig => classConfig(schedule, 'scheduleConfig');
