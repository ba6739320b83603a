/**
 * The settings of a run, in its folder from the beginning: `settings.json`. A training goes on with them; what is asked
 * beside them is compared with them, so that nobody goes on with another training than they think.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holdOutNames, isDrawn } from '../data/index.js';
import { ArgumentError, FileError, givenOptions, show } from '../errors/index.js';
import { readJson, writeWhole } from '../files/index.js';
import {
  canonical,
  modelKind,
  type ResumeRequest,
  rowOf,
  type SettingName,
  settingNames,
  settingsSchema,
  type TrainOptions,
} from '../settings/index.js';
import type { DataSettings } from '../tasks/index.js';
import { isOwnMark, markOf } from './own_mark.js';

const who = 'resume';

/** The file of a run folder's settings. */
export const settingsPath = (folder: string): string => join(folder, 'settings.json');

/**
 * Writes the settings of a run, but for the folders themselves, with the hash of the module that has its network, if any, and
 * the mark of the user who begins or goes on with it.
 */
export function writeSettings(folder: string, options: TrainOptions, module: string | undefined): void {
  const kept = settingNames.filter((name) => name !== 'out' && name !== 'resume');
  const settings = { ...givenOptions(options, kept), ...(module !== undefined && { module }) };
  const mark = markOf(JSON.stringify(settings));
  writeWhole(settingsPath(folder), `${JSON.stringify({ ...settings, ...(mark && { mark }) }, null, 2)}\n`);
}

/** Settings in a run folder, and whether they are this user's own: only then what they name may be followed. */
export interface KeptSettings {
  settings: TrainOptions;
  /** Hash of the module of the network when the run began; undefined for another network. */
  module: string | undefined;
  isOwn: boolean;
}

/** The settings in a run folder. Throws ArgumentError for a folder without, FileError for a file that holds none. */
export function readSettings(folder: string): KeptSettings {
  const path = settingsPath(folder);
  if (!existsSync(path)) {
    throw new ArgumentError({ who, expected: 'the folder of a run', got: `${show(folder)} without settings.json` });
  }
  const { mark, ...value } = Object(readJson(path)) as { mark?: string; module?: unknown };
  const { module, ...told } = value;
  const { success, data, error } = settingsSchema().safeParse(told);
  if (success) {
    const isOwn = isOwnMark(mark, JSON.stringify(value));
    return { settings: data as TrainOptions, module: module === undefined ? undefined : String(module), isOwn };
  }
  const issue = error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' && `unknown ${issue.keys.map(show).join(', ')}`;
  const got = unknown || `no valid ${issue.path.join('.') || 'object'}`;
  throw new FileError({ who, expected: `the settings of a run in ${show(path)}`, got });
}

/** The settings of a run folder that this user began; undefined for any other. */
export function ownSettings(folder: string): TrainOptions | undefined {
  if (!existsSync(settingsPath(folder))) return undefined;
  const { settings, isOwn } = readSettings(folder);
  return isOwn ? settings : undefined;
}

/** What says the data of a run that this user began; undefined for any other, whose paths are not followed. */
export function ownData(folder: string): DataSettings | undefined {
  const settings = ownSettings(folder);
  if (settings === undefined) return undefined;
  return givenOptions(settings, ['data', 'validation', 'dataOptions', 'damaged', 'maxPixels', ...holdOutNames]);
}

/** A setting as it is told and compared. */
function textOf(name: SettingName, options: Partial<TrainOptions>): string {
  const value = canonical(name, options);
  return value === undefined ? 'none' : show(value);
}

/** Settings that a run has to share with what is asked beside it. */
const isBound = (name: SettingName) => ['identity', 'record'].includes(rowOf(name).part);

/** Paths among settings that are followed by whoever goes on with them. */
function followed({ model, data, validation }: TrainOptions): Partial<TrainOptions> {
  return givenOptions(
    {
      ...(modelKind(model) !== 'name' && { model }),
      ...(!isDrawn(data) && { data }),
      ...(validation !== undefined && { validation }),
    } as Partial<TrainOptions>,
    ['model', 'data', 'validation'],
  );
}

/** Refuses to follow what the folder of somebody else names, where it is not given by the user; it is shown. */
function expectGiven(folder: string, there: TrainOptions, given: ResumeRequest): void {
  const named = Object.entries(followed(there)).filter(([name]) => given[name as SettingName] === undefined);
  if (named.length === 0) return;
  const names = named.map(([name]) => name).join(' and ');
  const shown = named.map(([name, value]) => `${name} ${show(value)}`).join(', ');
  const hint = `the run was not begun by this user on this machine; it names ${shown}, which is not followed`;
  throw new ArgumentError({ who, expected: `${names} beside the run ${show(folder)}`, got: 'none', hint });
}

/** The settings a training goes on with. Throws ArgumentError for a setting that is given beside `resume` and differs. */
export function resumedOptions(given: ResumeRequest): TrainOptions {
  const { settings: there, isOwn } = readSettings(given.resume);
  for (const name of settingNames.filter(isBound)) {
    if (given[name] === undefined) continue;
    const [expected, got] = [textOf(name, there), textOf(name, given)];
    if (expected === got) continue;
    const hint = 'a training goes on with the settings it began with';
    throw new ArgumentError({ who, expected: `${name} ${expected} of the run ${show(given.resume)}`, got, hint });
  }
  if (!isOwn) expectGiven(given.resume, there, given);
  // A key or a folder of events that somebody else named is nothing to sign with or to write in.
  const { sign, tensorboard, ...rest } = there;
  const kept = isOwn ? there : rest;
  const free = settingNames.filter((name) => !isBound(name) || name === 'model');
  return { ...kept, ...givenOptions(given, free) };
}
