/**
 * What several finished trainings came to when they were judged by the same samples, as files: a table with a row a run, and a box
 * plot of each measure by the mode that they were trained in (Tables 3 to 7 and Figures 2, 3 and 5 of Alahmari et al. 2020).
 */
import type { Counts } from '../counting/index.js';
import { expectExtra } from '../lazy/index.js';
import { isShare, wordsOf } from '../progress/index.js';
import type { EvaluatedRuns } from '../runs/index.js';
import { Book } from './book.js';
import { boxesChart } from './charts/boxes.js';
import { writeBookFiles } from './files/write.js';

/** A run with what it came to. */
interface Judged {
  run: string;
  /** Where and in which mode it was trained, as `cpu/avx512/atomic`. */
  target: string;
  seed: number;
  weightsHash: string;
  measures: Readonly<Record<string, number | null>>;
}

const modeOf = (target: string): string => target.slice(target.lastIndexOf('/') + 1);

/** What an axis says of a measure, and how its numbers are written. */
function axisOf(measure: string, of: string): { title: string; axis: string; format: string } {
  const title = wordsOf(measure);
  const whole = `${title} of ${of}`;
  if (isShare(measure)) return { title: whole, axis: whole, format: '.2~%' };
  return { title: whole, axis: measure === 'errorRate' ? `${whole}, %` : whole, format: '.4~g' };
}

async function writeJudged(name: string, of: string, runs: readonly Judged[], folder: string): Promise<string[]> {
  if (runs.length > 1) expectExtra('reports');
  const book = new Book();
  const measures = [...new Set(runs.flatMap((run) => Object.keys(run.measures)))];
  const facts = ['run', 'target', 'seed', 'weightsHash'] as const;
  book.data({
    name,
    caption: `Every run, judged by ${of}`,
    columns: [...facts, ...measures].map((column) => ({ name: column, title: wordsOf(column) })),
    rows: runs.map((run) => [
      ...facts.map((fact) => run[fact]),
      ...measures.map((measure) => run.measures[measure] ?? null),
    ]),
  });
  for (const measure of measures) {
    const values = runs.flatMap(({ target, measures: { [measure]: value } }) =>
      value === undefined || value === null ? [] : [{ mode: modeOf(target), value }],
    );
    if (values.length < 2) continue;
    const { title, axis, format } = axisOf(measure, of);
    await book.figure(`${name}-${measure}`, boxesChart(title, axis, values, format));
  }
  return writeBookFiles(book, folder);
}

/**
 * Writes what `evaluateRuns` gave into `folder`: `tables/evaluation` as CSV, JSON and LaTeX, and `figures/evaluation-MEASURE`, a box plot by mode
 * where there are two runs or more, as SVG, PNG and PDF. Returns the paths of the files. Throws PackageError where the packages for
 * reports are not installed, and FileError.
 * Example: `await writeEvaluation(await evaluateRuns({ runs: ['runs/a', 'runs/b'] }), 'evaluation')`.
 */
export async function writeEvaluation(evaluated: EvaluatedRuns, folder: string): Promise<string[]> {
  const of = `${evaluated.samples} ${evaluated.split} samples`;
  const judged = evaluated.runs.map(({ run, target, seed, weightsHash, measures, errors }) => {
    return { run, target, seed, weightsHash, measures: errors === null ? measures : { ...measures, errors } };
  });
  return writeJudged('evaluation', of, judged, folder);
}

const counted = ['truth', 'predicted', 'matched', 'errorRate', 'dice', 'precision', 'recall', 'f1'] as const;

/**
 * Writes what `countRuns` gave into `folder`: `tables/counts-by-run` and `figures/counts-by-run-MEASURE`, in the forms of `writeEvaluation`.
 * Example: `await writeCounts(await countRuns({ runs: ['runs/a', 'runs/b'], minArea: 250 }), 'counts')`.
 */
export async function writeCounts({ runs, split }: Counts, folder: string): Promise<string[]> {
  const of = `${runs[0]!.pictures.length} ${split} pictures`;
  const judged = runs.map(({ run, target, seed, weightsHash, total }) => {
    const measures = Object.fromEntries(counted.map((key) => [key, total[key]]));
    return { run, target, seed, weightsHash, measures };
  });
  return writeJudged('counts-by-run', of, judged, folder);
}
