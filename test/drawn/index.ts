// Cases drawn at random for every operation: each draw gives what a table's list of cases holds, and is judged as those are.

import type { OperationCase, OperationTable } from '../cases/case.js';
import { convolutions } from './convolutions.js';
import { Drawer } from './drawer.js';
import { others } from './others.js';
import { pools } from './pools.js';

export interface DrawnTable {
  // biome-ignore lint/suspicious/noExplicitAny: settings that only the table itself needs to know
  table: OperationTable<any>;
  draw(draw: Drawer): OperationCase<unknown>;
  /** How many of all cases are of this table, beside the others. */
  share: number;
}

export const windowTables: readonly DrawnTable[] = [...convolutions, ...pools];
export const otherTables: readonly DrawnTable[] = others;

/** Case `number` of a seed. */
export const drawCase = ({ draw }: DrawnTable, seed: number, number: number): OperationCase<unknown> =>
  draw(new Drawer(seed, number));

/** How many times as many cases as usual are drawn: SAMEBITS_DRAWN, one where it is not set. */
export const drawnFactor = Number(process.env['SAMEBITS_DRAWN'] ?? 1);
