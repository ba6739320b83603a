/**
 * How far a trial is, by what lies in its run folder: it is done once its own `result.json` is there, which the trainer writes last
 * and whole; one that was stopped goes on from its checkpoint.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { holderOf, readJson } from '../files/index.js';
import { checkResult, readSettings, type TrainResult } from '../runs/index.js';
import type { AnySettings } from '../settings/index.js';
import { parseTrainResult } from './child.js';
import { differenceOf } from './difference.js';
import type { PlannedTrial, Whole } from './trial.js';

/** How far a trial is. */
export type TrialState =
  | { state: 'done'; result: TrainResult }
  /** Stopped, or not yet as far: the epochs that its history has. */
  | { state: 'begun'; epochs: number }
  /** Some process holds its folder, alive as far as can be seen from here. */
  | { state: 'running'; epochs: number; holder: string }
  | { state: 'open' };

const linesIn = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);

const hints: Record<Whole, string> = {
  experiment: 'choose another folder, or remove this one',
  plan: 'a plan may grow, and what is done stays; for another study choose another folder',
};

/** Throws ArgumentError for a training of other settings than the trial has. */
function expectAsked(whole: Whole, { folder, options }: PlannedTrial, there: AnySettings): void {
  const found = differenceOf(there, options);
  if (found === undefined) return;
  const expected = `what is done to be as the ${whole} has it, ${show(folder)}`;
  const got = `${found.name} ${found.there} there and ${found.asked} in the ${whole}`;
  throw new ArgumentError({ who: whole, expected, got, hint: hints[whole] });
}

/**
 * How far a trial is in the folder of its whole. Throws ArgumentError for one that is of other settings, FileError for a result that
 * its receipt contradicts.
 */
export function stateOf(whole: Whole, folder: string, trial: PlannedTrial): TrialState {
  const run = join(folder, trial.folder);
  const resultFile = join(run, 'result.json');
  const holder = existsSync(run) ? holderOf(run) : undefined;
  if (existsSync(resultFile)) {
    const result = parseTrainResult(readJson(resultFile), `trial ${trial.folder}`);
    checkResult(run, result, `trial ${trial.folder}`);
    expectAsked(whole, trial, result.settings);
    return { state: 'done', result };
  }
  if (holder !== undefined) return { state: 'running', epochs: linesIn(join(run, 'history.jsonl')), holder };
  if (!existsSync(join(run, 'settings.json'))) return { state: 'open' };
  expectAsked(whole, trial, readSettings(run).settings);
  return { state: 'begun', epochs: linesIn(join(run, 'history.jsonl')) };
}
