/** Writes the report of a study into a folder of its own. */
import { join } from 'node:path';
import { type EnergyOptions, energyOptions } from '../../energy/index.js';
import { ArgumentError, checkOptions, givenOptions, show } from '../../errors/index.js';
import { claimFolder, contentsOf, version } from '../../files/index.js';
import { expectExtra } from '../../lazy/index.js';
import { accountingOf, doneTrials, lastLayers, planIn, pricesOf, studyTrials } from '../../studies/index.js';
import { writeReportFiles } from '../files/write.js';
import { plural } from '../format.js';
import { documentsOf } from '../report.js';
import { studyPages } from './page.js';

/** A study to be reported, and where. */
export interface StudyReportOptions extends EnergyOptions {
  /** Folder of the study. */
  study: string;
  /** A new or empty folder. Default `report` in the study's. */
  out?: string;
}

/** What was written: the first page, and how many of the trainings are in it. */
export interface WrittenStudyReport {
  page: string;
  trials: number;
  total: number;
}

const who = 'study report';
const ofEnergy = ['watts', 'carbonIntensity', 'pue'] as const;

/**
 * Makes the HTML report of a study from its finished trainings, with its tables as CSV, JSON and LaTeX and its figures as SVG, PNG and PDF.
 * `watts`, `carbonIntensity` and `pue` are what its energy is told by (docs/study.md).
 * Throws ArgumentError for a folder without a study, a study without a finished training, and an `out` that holds other files;
 * PackageError where the packages for reports are not installed.
 * Example: `await writeStudyReport({ study: 'runs/thesis' })`.
 */
export async function writeStudyReport(options: StudyReportOptions): Promise<WrittenStudyReport> {
  checkOptions(who, options, ['study', 'out', ...ofEnergy]);
  const energy = givenOptions(options, ofEnergy);
  energyOptions(who, energy);
  const { study, out = join(study, 'report') } = options;
  expectExtra('reports');
  const plan = planIn(study);
  const trials = studyTrials(plan);
  const done = doneTrials(study, trials);
  if (done.length === 0) {
    throw new ArgumentError({
      who,
      expected: 'a study with a finished training',
      got: `${show(study)} with none of ${plural(trials.length, 'trial')}`,
    });
  }
  using _claim = claimFolder(who, out);
  if (contentsOf(out).length > 0)
    throw new ArgumentError({
      who,
      expected: 'out to be a new or empty folder',
      got: `${show(out)}, which holds other files`,
    });
  const versions = { samebits: version, node: process.version };
  const layers = lastLayers(study, done);
  const prices = pricesOf(study, trials, done, energy);
  const accounting = await accountingOf(study);
  const { pages, book } = await studyPages({ plan, trials, done, layers, prices, energy, accounting }, versions);
  const lead = `${plural(done.length, 'training')} of ${trials.length}.`;
  const { contract } = done[0]!.result;
  const documents = documentsOf(pages, { title: plan.name, lead, samebits: version, contract });
  return {
    page: await writeReportFiles({ pages: documents, book }, [], out),
    trials: done.length,
    total: trials.length,
  };
}
