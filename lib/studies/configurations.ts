/** The configurations of a study: every combination of the values of its factors, each with a name of its own. */
import { createHash } from 'node:crypto';
import { ArgumentError, show } from '../errors/index.js';
import { type AnySettings, rowOf, type SettingName, settingNames } from '../settings/index.js';
import type { Plan, PlanSettings } from './plan.js';

/** One value of a factor: what it is called, and the settings it stands for. */
export interface Level {
  label: string;
  settings: AnySettings;
}

/** One combination of levels. */
export interface Configuration {
  /** Name of its folder: the labels with `+` between them. */
  name: string;
  /** The label of each factor. */
  labels: Readonly<Record<string, string>>;
  settings: AnySettings;
}

/** What the study itself says of each training. */
const ownedByStudy: readonly SettingName[] = ['mode', 'out', 'resume', 'tensorboard'];
/** Settings that a plan may give. */
export const planSettings: readonly SettingName[] = settingNames.filter(
  (name) => rowOf(name).commands.includes('train') && !ownedByStudy.includes(name),
);

const isSetting = (name: string): name is SettingName => (planSettings as readonly string[]).includes(name);

/** Throws ArgumentError for a setting that a plan cannot give, or whose value is none. */
function checkedSettings(place: string, given: PlanSettings): AnySettings {
  for (const [name, value] of Object.entries(given)) {
    if (!isSetting(name)) {
      const owned = (ownedByStudy as readonly string[]).includes(name);
      const hint = owned ? 'the study says it for each training' : undefined;
      const expected = `${place} to hold settings of trainings (model, data, epochs, seed, ...)`;
      throw new ArgumentError({ who: 'plan', expected, got: show(name), ...(hint && { hint }) });
    }
    if (value === null)
      throw new ArgumentError({ who: 'plan', expected: `${place}.${name} to be a value`, got: 'null' });
  }
  return given as AnySettings;
}

/** A value as it is called: as the command line writes it. */
function labelOf(name: SettingName, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const written = rowOf(name).write(value);
  return typeof written === 'string' ? written : written.join(' ');
}

function levelsOf(factor: string, values: Plan['factors'][string]): Level[] {
  if (Array.isArray(values)) {
    if (!isSetting(factor)) {
      const expected = 'factors that are settings of trainings, or groups of settings by name';
      throw new ArgumentError({ who: 'plan', expected, got: `${show(factor)} as a list` });
    }
    return values.map((value) => ({ label: labelOf(factor, value), settings: { [factor]: value } }));
  }
  if (isSetting(factor)) {
    throw new ArgumentError({ who: 'plan', expected: `a list of values for factor ${show(factor)}`, got: 'an object' });
  }
  const groups = Object.entries(values as Readonly<Record<string, PlanSettings>>);
  if (groups.length === 0)
    throw new ArgumentError({ who: 'plan', expected: `groups of settings for factor ${show(factor)}`, got: 'none' });
  return groups.map(([label, group]) => ({ label, settings: checkedSettings(`factors.${factor}.${label}`, group) }));
}

/** A label as a part of a file's name; one that has to be changed for it ends with a digest of itself. */
export function slug(label: string): string {
  const safe = label.replaceAll(/[^\w.=-]+/g, '_').slice(0, 48);
  if (safe === label && !/^\.*$/.test(label)) return label;
  return `${safe}~${createHash('sha256').update(label).digest('hex').slice(0, 6)}`;
}

/** Settings together; throws ArgumentError for one that is given twice. */
function together(places: readonly (readonly [place: string, settings: AnySettings])[]): AnySettings {
  const from = new Map<string, string>();
  for (const [place, settings] of places) {
    for (const name of Object.keys(settings)) {
      const before = from.get(name);
      if (before !== undefined) {
        const got = `it in ${before} and in ${place}`;
        throw new ArgumentError({ who: 'plan', expected: `setting ${show(name)} in one place`, got });
      }
      from.set(name, place);
    }
  }
  return Object.fromEntries(places.flatMap(([, settings]) => Object.entries(settings)));
}

/**
 * All configurations, the last factor changing fastest. Throws ArgumentError for what is no setting, one that is given twice, a
 * factor with the same value twice, and one whose groups set nothing.
 */
export function configurationsOf({ fixed, factors }: Plan): Configuration[] {
  const shared = checkedSettings('fixed', fixed);
  const axes = Object.entries(factors).map(([factor, values]) => {
    const levels = levelsOf(factor, values);
    const twice = levels.find(({ label }, i) => levels.findIndex((one) => one.label === label) !== i);
    if (twice !== undefined)
      throw new ArgumentError({
        who: 'plan',
        expected: `every value of factor ${show(factor)} once`,
        got: show(twice.label),
      });
    if (levels.every(({ settings }) => Object.keys(settings).length === 0)) {
      throw new ArgumentError({
        who: 'plan',
        expected: `a factor ${show(factor)} that changes something`,
        got: 'none',
      });
    }
    return { factor, levels };
  });
  const products = axes.reduce<(readonly { factor: string; level: Level }[])[]>(
    (before, { factor, levels }) => before.flatMap((one) => levels.map((level) => [...one, { factor, level }])),
    [[]],
  );
  return products.map((chosen) => ({
    name: chosen.map(({ level }) => slug(level.label)).join('+') || 'all',
    labels: Object.fromEntries(chosen.map(({ factor, level }) => [factor, level.label])),
    settings: together([
      ['fixed', shared],
      ...chosen.map(({ factor, level }) => [`factor ${show(factor)}`, level.settings] as const),
    ]),
  }));
}
