/** What was measured after each epoch, as titles, columns and formats. */

import { isShare, type Measured, measuresOf, wordsOf } from '../progress/index.js';
import type { TrainResult } from '../runs/index.js';
import { fixed, percent } from './format.js';
import type { Column } from './tables/table.js';

/** The means that any of the runs has, by name: of training and validation in turn, as the first run that has them orders them. */
export function measuresOfRuns(runs: readonly Pick<TrainResult, 'epochs'>[]): Measured[] {
  const found = new Map(
    runs
      .flatMap((run) => run.epochs)
      .flatMap(measuresOf)
      .map((one) => [one.name, one] as const),
  );
  return [...found.values()];
}

/** The mean of this name after an epoch; null where there is none. */
export const meanOf = (epoch: object, name: string): number | null =>
  measuresOf(epoch).find((one) => one.name === name)?.value ?? null;

/** `Training loss`, `Validation categorical accuracy`. */
export const titleOf = ({ of, validation }: Pick<Measured, 'of' | 'validation'>): string =>
  `${validation ? 'Validation' : 'Training'} ${wordsOf(of)}`;

/** Columns of a table, one a mean. */
export const measureColumns = (measures: readonly Measured[]): Column[] =>
  measures.map(({ name, of, validation }) => ({
    name,
    title: `${validation ? 'val. ' : ''}${wordsOf(of)}`,
    show: isShare(of)
      ? (value: number | null) => (value === null ? '\u2013' : percent(value))
      : (value: number | null) => fixed(value, 6),
  }));
