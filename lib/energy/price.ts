/** From what trainings took to kilowatt-hours and, where the grid's carbon intensity is declared, kilograms of CO2. */
import { ArgumentError, show } from '../errors/index.js';
import type { Usage } from './meter.js';
import { wattsOf } from './watts.js';

/** What can be declared about a machine and its grid. */
export interface EnergyOptions {
  /** Watts of a busy processor (a hardware thread): one number, or a low and a high one. Default: those of a table. */
  watts?: number | readonly [low: number, high: number];
  /** Kilograms of CO2 a kilowatt-hour. Default: none is told. */
  carbonIntensity?: number;
  /** Power of the whole data centre over that of its machines (power usage effectiveness). Default 1. */
  pue?: number;
}

/** A number with what is not known about it: both ends are equal where it was measured. */
export interface Amount {
  low: number;
  high: number;
}

/** What some trainings took. */
export interface Price {
  trainings: number;
  wallSeconds: number;
  processorSeconds: number;
  /** Null where no training tells anything. */
  kWh: Amount | null;
  carbonKg: Amount | null;
  /** How the energy is known, each once. */
  basis: readonly ('measured' | 'modelled' | 'declared')[];
  /** What is not in the energy: trainings and devices of which nothing is known, and why. */
  without: readonly string[];
}

const positive = (who: string, name: string, value: unknown, least: number) => {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return;
  throw new ArgumentError({ who, expected: `${name} to be a number >= ${least}`, got: show(value) });
};

/** Throws ArgumentError for a declaration that cannot be. */
export function energyOptions(who: string, { watts, carbonIntensity, pue }: EnergyOptions): void {
  if (watts !== undefined) {
    const ends = typeof watts === 'number' ? [watts, watts] : watts;
    for (const end of ends) positive(who, 'watts', end, 0);
    if (ends.length !== 2 || !(ends[0]! <= ends[1]!))
      throw new ArgumentError({ who, expected: 'watts to be one number, or a low and a high one', got: show(watts) });
  }
  if (carbonIntensity !== undefined) positive(who, 'carbonIntensity', carbonIntensity, 0);
  if (pue !== undefined) positive(who, 'pue', pue, 1);
}

/** Joules as kilowatt-hours. */
export const kWhOf = (joules: number): number => joules / 3.6e6;

/** Kilograms of CO2 of so many kilowatt-hours, by the kilograms of one. */
export const carbonOf = (kWh: number, intensity: number): number => kWh * intensity;

const both = (value: number): Amount => ({ low: value, high: value });
const plus = (a: Amount, b: Amount): Amount => ({ low: a.low + b.low, high: a.high + b.high });
const times = ({ low, high }: Amount, factor: number): Amount => ({ low: low * factor, high: high * factor });

/** Joules of one process and how they are known. */
function joulesOf({ energy, processorSeconds, processor }: Usage, { watts }: EnergyOptions) {
  if ('joules' in energy) return { joules: both(energy.joules), basis: 'measured' as const };
  if (watts === undefined) return { joules: times(wattsOf(processor), processorSeconds), basis: 'modelled' as const };
  const [low, high] = typeof watts === 'number' ? [watts, watts] : watts;
  return { joules: times({ low, high }, processorSeconds), basis: 'declared' as const };
}

/**
 * What trainings took, each a list of its processes; an empty one tells nothing, and is named instead of counted as 0. Measured joules
 * come before declared ones, and declared ones before the table's.
 */
export function priceOfUsages(trainings: readonly (readonly Usage[])[], options: EnergyOptions = {}): Price {
  const all = trainings.flat();
  const parts = all.map((usage) => joulesOf(usage, options));
  const devices = all.flatMap(({ device }) => (device === undefined ? [] : [device]));
  const measured = devices.flatMap((one) => ('joules' in one ? [both(one.joules)] : []));
  const joules = [...parts.map((part) => part.joules), ...measured].reduce(plus, both(0));
  const { pue = 1, carbonIntensity } = options;
  const kWh = all.length === 0 ? null : times(joules, kWhOf(1) * pue);
  const untold = trainings.filter(({ length }) => length === 0).length;
  const dark = devices.flatMap((one) => ('missing' in one ? [one.missing] : []));
  return {
    trainings: trainings.length,
    wallSeconds: all.reduce((sum, one) => sum + one.wallSeconds, 0),
    processorSeconds: all.reduce((sum, one) => sum + one.processorSeconds, 0),
    kWh,
    carbonKg: kWh === null || carbonIntensity === undefined ? null : times(kWh, carbonIntensity),
    basis: [...new Set([...parts.map((part) => part.basis), ...measured.map(() => 'measured' as const)])],
    without: [
      ...(untold > 0 ? [`${untold} of ${trainings.length} trainings, which tell nothing`] : []),
      ...(dark.length > 0 ? [`the device of ${dark.length}: ${[...new Set(dark)].join('; ')}`] : []),
    ],
  };
}
