// Shapes drawn at random for every operation that has no windows.

import { expect, it } from 'vitest';
import { otherTables, windowTables } from '../drawn/index.js';
import { loadTables } from '../support/run_case.js';
import { drawnTests } from './drawn.js';

const ops = (await loadTables()).map(({ op }) => op);

it('draws cases of every operation that has a table of cases', () => {
  const drawn = new Set([...windowTables, ...otherTables].map(({ table }) => table.op));
  expect(ops.filter((op) => !drawn.has(op))).toEqual([]);
});

drawnTests(otherTables, 20, 15_101);
