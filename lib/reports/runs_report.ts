/** The report of run folders: what they are decides its pages. */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, checkOptions, FileError, show } from '../errors/index.js';
import {
  compareFound,
  type DifferingSetting,
  differingSettings,
  type FoundRun,
  findRuns,
  keptResult,
  type Result,
} from '../experiments/index.js';
import { claimFolder, contentsOf, reason, version, writeWhole } from '../files/index.js';
import { expectExtra } from '../lazy/index.js';
import { Book } from './book.js';
import { trainingEvents } from './files/events.js';
import { writeReportFiles, writeResultReport } from './files/write.js';
import { integer, plural } from './format.js';
import { differSentence, trainingsPage } from './pages/trainings.js';
import { documentsOf } from './report.js';
import { verdictsOf } from './verdict.js';

/** What a report is to be made of, and where. */
export interface ReportOptions {
  /** Folders of finished trainings, or of experiments. */
  runs: readonly string[];
  /** A new or empty folder. */
  out: string;
}

/** What was written, and what it says in a sentence or two. */
export interface WrittenReport {
  /** Path of the first page. */
  page: string;
  /** Names of the trainings in it. */
  runs: string[];
  /** Settings in which the trainings differ; empty where they are one training, and were compared. */
  differing: DifferingSetting[];
  /** A sentence a target for trainings that were compared. */
  verdicts: string[];
}

const who = 'report';

function checked(options: ReportOptions): ReportOptions {
  checkOptions(who, options, ['runs', 'out']);
  const { runs, out } = options;
  const isPath = (path: unknown) => typeof path === 'string' && path !== '';
  if (!Array.isArray(runs) || runs.length === 0 || !runs.every(isPath)) {
    throw new ArgumentError({ who, expected: 'runs to be one folder or more', got: show(runs) });
  }
  if (!isPath(out)) throw new ArgumentError({ who, expected: 'out to be a folder', got: show(out) });
  return options;
}

/** A file that is one itself, and no link to a place of its maker's choice. */
function pictureIn(path: string): Buffer {
  try {
    if (lstatSync(path).isFile()) return readFileSync(path);
  } catch (cause) {
    throw new FileError({ who, expected: `a picture ${show(path)}`, got: reason(cause) }, { cause });
  }
  throw new FileError({ who, expected: `a picture ${show(path)}`, got: 'no regular file' });
}

/** The pages of an experiment, as `compare` writes them; its pictures are copied beside them. */
async function experimentReport(result: Result, from: string, out: string): Promise<WrittenReport> {
  for (const { picture, overlays } of result.explained?.pictures ?? []) {
    for (const path of [picture, ...overlays]) writeWhole(join(out, path), pictureIn(join(from, path)));
  }
  return comparedReport(result, out);
}

async function comparedReport(result: Result, out: string): Promise<WrittenReport> {
  const page = await writeResultReport([{ result, folder: '' }], out);
  const verdicts = verdictsOf(result).map(({ target, sentence }) => `${target}: ${sentence}`);
  const runs = Object.values(result.targets).flatMap(
    ({ mode, runs: all, names }) => names ?? all.map((_, i) => `${mode} ${i + 1}`),
  );
  return { page, runs, differing: [], verdicts };
}

/** One training, or several that are different ones, side by side. */
async function trainingsReport(
  runs: readonly FoundRun[],
  differing: DifferingSetting[],
  out: string,
): Promise<WrittenReport> {
  const book = new Book();
  const pages = [await trainingsPage(book, runs, differing)];
  const [{ result, environment, startedAt }] = runs as [FoundRun];
  const alone = runs.length === 1;
  const { model, target, epochs, parameters } = result;
  const machine = environment === undefined ? '' : ` ${environment.cpu}, ${startedAt.slice(0, 10)}.`;
  const title = alone ? `${model}: one training` : plural(runs.length, 'training');
  const lead = alone
    ? `${model} on ${target}, ${plural(epochs.length, 'epoch')}, ${integer(parameters)} weights.${machine}`
    : 'Different trainings, side by side.';
  const documents = documentsOf(pages, { title, lead, samebits: version, contract: result.contract });
  const page = await writeReportFiles({ pages: documents, book }, trainingEvents(runs), out);
  return { page, runs: runs.map(({ name }) => name), differing, verdicts: alone ? [] : [differSentence(differing)] };
}

/**
 * Makes the HTML report of finished trainings, with its tables, figures and TensorBoard events, in a new or empty folder. One
 * training is shown with its curves; several of one training (same network, data, seed and all else that decides its bits) are
 * compared, an experiment as `compare` does it; others are shown side by side, with the settings in which they differ. Nothing is
 * written in the folders of the runs, and nothing they name is opened. Throws ArgumentError for a bad option and a folder
 * without a finished training, PackageError where the packages for reports are not installed, FileError for files that are not
 * whole. Example:
 * `await writeReport({ runs: ['runs/first', 'runs/second'], out: 'report' })`.
 */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const { runs: folders, out } = checked(options);
  expectExtra('reports');
  const [folder, more] = folders;
  const kept = more === undefined ? keptResult(folder!) : undefined;
  const runs = kept === undefined ? findRuns(who, folders) : [];
  using _claim = claimFolder(who, out);
  if (contentsOf(out).length > 0) {
    const expected = 'out to be a new or empty folder';
    throw new ArgumentError({ who, expected, got: `${show(out)}, which holds other files` });
  }
  if (kept !== undefined) return await experimentReport(kept, folder!, out);
  const differing = differingSettings(runs);
  if (runs.length > 1 && differing.length === 0) return await comparedReport(compareFound(runs), out);
  return await trainingsReport(runs, differing, out);
}
