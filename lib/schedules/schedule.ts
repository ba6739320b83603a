/** What a schedule is: the learning rate of every step, computed from the number of steps done before it. */
import {
  type ClassSpec,
  type Configurable,
  configOf,
  type Described,
  type Json,
  type Maker,
  type Meant,
  maker,
} from '../classes/index.js';
import { checkOptions, numberOption } from '../errors/index.js';

/** The learning rate by step. One of your own that a config is to hold has `className` and `getConfig`, too. */
export interface Schedule extends Partial<Configurable> {
  /** What messages and words call it. */
  readonly name: string;
  /** Its options, which words hold. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** The rate of the step before which `step` steps were done; the optimizer rounds it to float32, once. */
  rate(step: number): number;
}

/** A schedule of this package: its options, checked. */
export type KnownSchedule = Schedule & Described;

/** What makes schedules of a class, from what checks its options and what computes a rate from them. */
export function scheduleMaker<O extends object, S extends Readonly<Record<string, Json>>>(
  name: string,
  parts: { spec: ClassSpec; check: (who: string, options: O) => S; rate: (settings: S, step: number) => number },
): Maker<(options: O) => KnownSchedule> {
  const { spec, check, rate } = parts;
  return maker(spec, (options: O): KnownSchedule => {
    checkOptions(name, options, spec.options);
    const settings = Object.freeze(check(name, options));
    return {
      ...{ name, spec, settings, className: spec.className },
      getConfig: () => configOf(spec, settings),
      rate: (step) => rate(settings, step),
    };
  });
}

/** The description of a schedule of Keras. */
export const scheduleSpec = (className: string, options: readonly string[], name = className): ClassSpec => ({
  className,
  module: 'keras.optimizers.schedules',
  options,
  unread: { name },
});

/** The rate if it is a number >= 0. Throws ArgumentError otherwise. */
export const rateOption = (who: string, name: string, value: unknown): number =>
  numberOption(who, name, value, 'a number >= 0', (x) => x >= 0);

/** The number of steps if it is above 0. Throws ArgumentError otherwise. */
export const stepsOption = (who: string, value: unknown, name = 'decaySteps'): number =>
  numberOption(who, name, value, 'a number > 0', (x) => x > 0);

/** The factor if it is a number from 0 to 1. Throws ArgumentError otherwise. */
export const factorOption = (who: string, name: string, value: unknown): number =>
  numberOption(who, name, value, 'in [0, 1]', (x) => x >= 0 && x <= 1);

/** A schedule, words such as `polynomialDecay:initialLearningRate=0.1,decaySteps=1000`, or a config. */
export type ScheduleOption = Meant<Schedule>;
