/** Schedules as users see them: `schedules.exponentialDecay({ ... })`. */
export * from './members.js';
export type { KnownSchedule, Schedule, ScheduleOption } from './schedule.js';
