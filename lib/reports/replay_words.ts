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

/** The arrivals of a side as cells. */
export const orderCells = ({ arrivals }: SideOrder): string[][] =>
  arrivals.map((arrival, i) => arrivalCells(arrival, i + 1));

const whoOf = (task: number | null, takes: string | null) =>
  task === null ? takes : `task ${task}${takes === null ? '' : ` (${takes})`}`;

/** The join at which the sums part, in a sentence without its full stop. */
export function joinWords({ join }: Replay): string | undefined {
  if (join === null) return undefined;
  const side = (name: string, { task, takes, sum }: ArrivalAt) =>
    `in ${name} ${whoOf(task, takes)} made it ${sum.decimal} (${sum.hex})`;
  return `at arrival ${join.arrival} ${side('A', join.a)}, ${side('B', join.b)}`;
}
