/** A replay in words, which the terminal and the page share. */
import type { ArrivalAt, Replay, SideOrder } from '../audit/index.js';

/** The step it begins with. */
const stepOf = ({ epoch, step }: Replay['place']) => `step ${step} of epoch ${epoch}`;

/** Which operation parted, and in which bit. */
export function replayHeadline(replay: Replay): string {
  const { operation, output, place, join } = replay;
  const where = `replayed ${stepOf(place)} from the state both runs had before it`;
  if (operation === null) return `${where}: no operation wrote other bits from the same inputs`;
  const made = `operation ${operation.number} (${operation.kernel}) wrote another ${output}`;
  if (join === null) return `${where}: ${made}`;
  const nth = `the running sums first differ at arrival ${join.arrival}`;
  return `${where}: ${made}; ${nth}`;
}

/** The columns of a table of arrivals. */
export const arrivalColumns = ['', 'task', 'takes', 'adds', 'bits', 'sum', 'bits'] as const;

/** An arrival as cells under `arrivalColumns`. */
export function arrivalCells({ task, takes, partial, sum }: ArrivalAt, number: number): string[] {
  const adds = partial === null ? ['not told apart', ''] : [partial.decimal, partial.hex];
  return [String(number), task === null ? '' : String(task), takes ?? '', ...adds, sum.decimal, sum.hex];
}

/** More arrivals than this are not all shown; --json has them. */
const mostShown = 40;
/** Of a longer order so many are shown at its beginning, before and after the parting join, and at its end. */
const shownAround = 8;

/** The arrivals of a side as cells; of many only the ends and what lies about arrival `parting`, counted from 1. */
export function orderCells({ arrivals }: SideOrder, parting: number | undefined): string[][] {
  const { length } = arrivals;
  const near = (place: number, other: number) => Math.abs(place - other) <= shownAround;
  const isShown = (number: number) =>
    length <= mostShown || near(number, 1) || near(number, length) || (parting !== undefined && near(number, parting));
  const cells: string[][] = [];
  let left = 0;
  for (const [i, arrival] of arrivals.entries()) {
    left += isShown(i + 1) ? 0 : 1;
    if (!isShown(i + 1)) continue;
    if (left > 0) cells.push(leftOut(left));
    left = 0;
    cells.push(arrivalCells(arrival, i + 1));
  }
  return cells;
}

/** A row in the place of so many arrivals. */
const leftOut = (count: number): string[] => arrivalColumns.map((_, i) => (i === 2 ? `${count} more, left out` : ''));

const whoOf = (task: number | null, takes: string | null) =>
  task === null ? takes : `task ${task}${takes === null ? '' : ` (${takes})`}`;

/** The join at which the sums part, in a sentence without its full stop. */
export function joinWords({ join }: Replay): string | undefined {
  if (join === null) return undefined;
  const side = (name: string, { task, takes, sum }: ArrivalAt) =>
    `in ${name} ${whoOf(task, takes)} made it ${sum.decimal} (${sum.hex})`;
  return `at arrival ${join.arrival} ${side('A', join.a)}, ${side('B', join.b)}`;
}
