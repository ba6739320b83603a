/**
 * The settings of a run, in its folder from the beginning: `settings.json`. A training goes on with them; what is asked
 * beside them is compared with them, so that nobody goes on with another training than they think.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ArgumentError, FileError, givenOptions, show } from '../errors/index.js';
import { readJson, writeWhole } from '../files/index.js';
import { devices, isas, modes } from '../runtime/index.js';
import { flipText, optionNames, type TrainOptions, type TrainRequest } from '../settings/index.js';

/** Settings that may be others when a training goes on: where it computes and writes, and where its pictures lie now. */
const ofThePlace = ['device', 'isa', 'threads', 'out', 'resume', 'sign', 'data', 'validation', 'tensorboard'] as const;

/** What an absent setting means, where it is no more than a word for the absence. */
const absent: Partial<TrainOptions> = { checkpoints: 'last', keepSteps: 0, traceValues: 0 };

const schema = z.looseObject({
  model: z.string(),
  data: z.string(),
  imageSize: z.int(),
  epochs: z.int(),
  batchSize: z.int(),
  seed: z.int(),
  device: z.enum(devices),
  isa: z.enum(['auto', ...isas]),
  mode: z.enum(modes),
  damaged: z.enum(['refuse', 'skip']),
});

const who = 'resume';

/** The file of a run folder's settings. */
export const settingsPath = (folder: string): string => join(folder, 'settings.json');

/** Writes the settings of a run, but for the folders themselves. */
export function writeSettings(folder: string, options: TrainOptions): void {
  const kept = optionNames.filter((name) => name !== 'out' && name !== 'resume');
  writeWhole(settingsPath(folder), `${JSON.stringify(givenOptions(options, kept), null, 2)}\n`);
}

/** The settings in a run folder. Throws ArgumentError for a folder without, FileError for a file that holds none. */
export function readSettings(folder: string): TrainOptions {
  const path = settingsPath(folder);
  if (!existsSync(path)) {
    throw new ArgumentError({ who, expected: 'the folder of a run', got: `${show(folder)} without settings.json` });
  }
  const { success, data, error } = schema.safeParse(readJson(path));
  if (success) return data as unknown as TrainOptions;
  const got = `no valid ${error.issues[0]!.path.join('.') || 'object'}`;
  throw new FileError({ who, expected: `the settings of a run in ${show(path)}`, got });
}

/** A setting as it is told and compared. */
function textOf(name: keyof TrainOptions, options: Partial<TrainOptions>): string {
  const { flip, atomic } = options;
  if (name === 'flip' && flip !== undefined) return show(flipText(flip));
  if (name === 'atomic' && atomic !== undefined) return show([...atomic].sort());
  const value = options[name] ?? absent[name];
  return value === undefined ? 'none' : show(value);
}

/** The settings a training goes on with. Throws ArgumentError for a setting that is given beside `resume` and differs. */
export function resumedOptions(given: TrainRequest & { resume: string }): TrainOptions {
  const there = readSettings(given.resume);
  const free: readonly string[] = [...ofThePlace, 'epochs'];
  for (const name of optionNames) {
    if (given[name] === undefined || free.includes(name)) continue;
    const [expected, got] = [textOf(name, there), textOf(name, given)];
    if (expected === got) continue;
    const hint = 'a training goes on with the settings it began with';
    throw new ArgumentError({ who, expected: `${name} ${expected} of the run ${show(given.resume)}`, got, hint });
  }
  return { ...there, ...givenOptions(given, [...ofThePlace, 'epochs']) };
}
