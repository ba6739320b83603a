/**
 * The folder of a study: `study.json` is its plan, `trials/CONFIGURATION/MODE-NN` the run folder of each training. A trial is done
 * once its own `result.json` is there, which the trainer writes last and whole; one that was stopped goes on from its checkpoint.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { parseTrainResult } from '../experiments/index.js';
import { contentsOf, holderOf, readJson, writeWhole } from '../files/index.js';
import { checkResult, readSettings, type TrainResult } from '../runs/index.js';
import { type Plan, parsePlan } from './plan.js';
import { differenceOf, type StudyTrial, studyTrials } from './trials.js';

/** The file of a study's plan. */
export const planPath = (folder: string): string => join(folder, 'study.json');

/** How far a trial is. */
export type TrialState =
  | { state: 'done'; result: TrainResult }
  /** Stopped, or not yet as far: the epochs that its history has. */
  | { state: 'begun'; epochs: number }
  /** Some process holds its folder, alive as far as can be seen from here. */
  | { state: 'running'; epochs: number; holder: string }
  | { state: 'open' };

/** The plan of a study's folder. Throws ArgumentError for a folder without. */
export function planIn(folder: string): Plan {
  const path = planPath(folder);
  if (!existsSync(path)) {
    throw new ArgumentError({
      who: 'study',
      expected: 'the folder of a study',
      got: `${show(folder)} without study.json`,
    });
  }
  return parsePlan(readJson(path));
}

const linesIn = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);

function changed(trial: StudyTrial, difference: string): ArgumentError {
  const hint = 'a plan may grow, and what is done stays; for another study choose another folder';
  const expected = `what is done to be as the plan has it, ${show(trial.folder)}`;
  return new ArgumentError({ who: 'plan', expected, got: difference, hint });
}

/** How far a trial is. Throws ArgumentError for one that is of other settings, FileError for a result that its receipt contradicts. */
export function stateOf(folder: string, trial: StudyTrial): TrialState {
  const run = join(folder, trial.folder);
  const resultFile = join(run, 'result.json');
  const holder = existsSync(run) ? holderOf(run) : undefined;
  if (existsSync(resultFile)) {
    const result = parseTrainResult(readJson(resultFile), `trial ${trial.folder}`);
    checkResult(run, result, `trial ${trial.folder}`);
    const difference = differenceOf(result.settings, trial.options);
    if (difference !== undefined) throw changed(trial, difference);
    return { state: 'done', result };
  }
  if (holder !== undefined) return { state: 'running', epochs: linesIn(join(run, 'history.jsonl')), holder };
  if (!existsSync(join(run, 'settings.json'))) return { state: 'open' };
  const difference = differenceOf(readSettings(run).settings, trial.options);
  if (difference !== undefined) throw changed(trial, difference);
  return { state: 'begun', epochs: linesIn(join(run, 'history.jsonl')) };
}

/** Throws ArgumentError where trials that an earlier plan had and that were begun are not in this one. */
function expectGrown(folder: string, trials: readonly StudyTrial[]): void {
  const now = new Set(trials.map((trial) => trial.folder));
  const gone = studyTrials(planIn(folder)).find(
    (trial) => !now.has(trial.folder) && stateOf(folder, trial).state !== 'open',
  );
  if (gone === undefined) return;
  const hint = 'a plan may grow, and what is done stays; for another study choose another folder';
  const expected = `a plan with all trials that were begun in ${show(folder)}`;
  throw new ArgumentError({ who: 'plan', expected, got: `one without ${show(gone.folder)}`, hint });
}

/**
 * Makes a folder that of a study, or checks that it is, and keeps the plan. Throws ArgumentError for a folder of something else, and
 * for a plan that does not have what was begun here.
 */
export function openStudy(folder: string, plan: Plan): StudyTrial[] {
  const trials = studyTrials(plan);
  if (existsSync(planPath(folder))) expectGrown(folder, trials);
  else if (existsSync(folder) && contentsOf(folder).length > 0) {
    const expected = 'an empty folder, or that of a study';
    throw new ArgumentError({ who: 'study out', expected, got: `${show(folder)}, which holds other files` });
  }
  for (const trial of trials) stateOf(folder, trial);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if (!existsSync(planPath(folder)) || readFileSync(planPath(folder), 'utf8') !== text)
    writeWhole(planPath(folder), text);
  return trials;
}
