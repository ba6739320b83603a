/** The folder of a study: `study.json` is its plan, `trials/CONFIGURATION/MODE-NN` the run folder of each training. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, show } from '../errors/index.js';
import { contentsOf, readJson, writeWhole } from '../files/index.js';
import { stateOf as stateOfTrial, type TrialState } from '../trials/index.js';
import { type Plan, parsePlan } from './plan.js';
import { type StudyTrial, studyTrials } from './trials.js';

/** The file of a study's plan. */
export const planPath = (folder: string): string => join(folder, 'study.json');

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

/** How far a trial of a study is. Throws ArgumentError for one of other settings, FileError for a result that its receipt contradicts. */
export const stateOf = (folder: string, trial: StudyTrial): TrialState => stateOfTrial('plan', folder, trial);

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
