/** Counts as a table for people and as CSV. */
import { type Cell, csvFile } from '../files/index.js';
import type { Counts, PictureCount } from './count_runs.js';
import type { CountMeasures, Tally } from './measures.js';

const digits = (value: number | null, places: number): string => (value === null ? 'none' : value.toFixed(places));

type Row = Tally & CountMeasures;

/** The columns of a count, as Tables 3 to 5 of Alahmari et al. have them behind the counts. */
const columns: readonly (readonly [name: string, cell: (row: Row) => string])[] = [
  ['true', ({ truth }) => `${truth}`],
  ['counted', ({ predicted }) => `${predicted}`],
  ['matched', ({ matched }) => `${matched}`],
  ['error rate (%)', ({ errorRate }) => digits(errorRate, 2)],
  ['Dice', ({ dice }) => digits(dice, 3)],
  ['precision', ({ precision }) => digits(precision, 3)],
  ['recall', ({ recall }) => digits(recall, 3)],
  ['F1', ({ f1 }) => digits(f1, 3)],
];

/** All runs in lines of text, one a run, under a line that says how was counted. */
export function countsText({
  runs,
  split,
  class: name,
  threshold,
  minArea,
  connectivity,
  exclude,
  iou,
}: Counts): string {
  const pictures = runs[0]!.pictures.length;
  const lines = exclude.length === 0 ? 'none' : exclude.join(', ');
  const head =
    `${name} in ${pictures} ${split} pictures: probability * 255 > ${threshold}, ${connectivity} neighbours, ` +
    `area >= ${minArea}, exclusion lines ${lines}, matched from IoU ${iou}`;
  const cells = [
    ['run', ...columns.map(([title]) => title)],
    ...runs.map(({ run, total }) => [run, ...columns.map(([, cell]) => cell(total))]),
  ];
  const widths = cells[0]!.map((_, i) => cells.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  const table = cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  return [head, '', ...table].join('\n');
}

const measured = ['truth', 'predicted', 'matched', 'errorRate', 'dice', 'precision', 'recall', 'f1'] as const;

/** A row a picture and run, then one of all pictures of the run; what has no value is empty. */
export function countsCsv({ runs }: Counts): string {
  const row = (run: string, name: string, of: PictureCount | Row): Cell[] => [
    run,
    name,
    ...measured.map((key) => of[key]),
  ];
  return csvFile(
    ['run', 'picture', ...measured],
    runs.flatMap(({ run, pictures, total }) => [
      ...pictures.map((picture) => row(run, picture.name, picture)),
      row(run, 'all', total),
    ]),
  );
}
