/**
 * The settings of a run, in its folder from the beginning: `settings.json`. A training goes on with them; what is asked
 * beside them is compared with them, so that nobody goes on with another training than they think.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, FileError, givenOptions, show } from '../errors/index.js';
import { readJson, writeWhole } from '../files/index.js';
import {
  canonical,
  type ResumeRequest,
  rowOf,
  type SettingName,
  settingNames,
  settingsSchema,
  type TrainOptions,
} from '../settings/index.js';

const who = 'resume';

/** The file of a run folder's settings. */
export const settingsPath = (folder: string): string => join(folder, 'settings.json');

/** Writes the settings of a run, but for the folders themselves. */
export function writeSettings(folder: string, options: TrainOptions): void {
  const kept = settingNames.filter((name) => name !== 'out' && name !== 'resume');
  writeWhole(settingsPath(folder), `${JSON.stringify(givenOptions(options, kept), null, 2)}\n`);
}

/** The settings in a run folder. Throws ArgumentError for a folder without, FileError for a file that holds none. */
export function readSettings(folder: string): TrainOptions {
  const path = settingsPath(folder);
  if (!existsSync(path)) {
    throw new ArgumentError({ who, expected: 'the folder of a run', got: `${show(folder)} without settings.json` });
  }
  const { success, data, error } = settingsSchema().safeParse(readJson(path));
  if (success) return data as TrainOptions;
  const issue = error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' && `unknown ${issue.keys.map(show).join(', ')}`;
  const got = unknown || `no valid ${issue.path.join('.') || 'object'}`;
  throw new FileError({ who, expected: `the settings of a run in ${show(path)}`, got });
}

/** A setting as it is told and compared. */
function textOf(name: SettingName, options: Partial<TrainOptions>): string {
  const value = canonical(name, options);
  return value === undefined ? 'none' : show(value);
}

/** Settings that a run has to share with what is asked beside it. */
const isBound = (name: SettingName) => ['identity', 'record'].includes(rowOf(name).part);

/** The settings a training goes on with. Throws ArgumentError for a setting that is given beside `resume` and differs. */
export function resumedOptions(given: ResumeRequest): TrainOptions {
  const there = readSettings(given.resume);
  for (const name of settingNames.filter(isBound)) {
    if (given[name] === undefined) continue;
    const [expected, got] = [textOf(name, there), textOf(name, given)];
    if (expected === got) continue;
    const hint = 'a training goes on with the settings it began with';
    throw new ArgumentError({ who, expected: `${name} ${expected} of the run ${show(given.resume)}`, got, hint });
  }
  return {
    ...there,
    ...givenOptions(
      given,
      settingNames.filter((name) => !isBound(name)),
    ),
  };
}
