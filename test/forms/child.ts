// Runs what reaches the kernels' special forms, on the addon that SAMEBITS_ADDON names: the cases of the tables, drawn ones, and
// pieces of work beside them, on every target, with one thread and three, and sample by sample.

import type { Runtime } from '../../lib/index.js';
import { tables as conv2d } from '../cases/conv2d.js';
import { drawCase, otherTables, windowTables } from '../drawn/index.js';
import { loadPieces } from '../support/case_files.js';
import { drawInputs } from '../support/inputs.js';
import { places } from '../support/places.js';
import { loadTables, runCase } from '../support/run_case.js';

const kSeed = 15_201;
const kMostValues = 9_000;
const [drawnCases] = process.argv.slice(2).map(Number) as [number];
const small = (shapes: readonly { shape: readonly number[] }[]) =>
  shapes.every(({ shape }) => shape.reduce((a, b) => a * b, 1) < kMostValues);

/**
 * Shapes whose tiles have every number of rows, and one and two vectors of columns, with every activation of a tile; three samples are a
 * pair and one more.
 */
function everyTile(runtime: Runtime): void {
  const table = conv2d[0]!;
  for (let rows = 1; rows <= 14; ++rows)
    for (const columns of [16, 32]) {
      const inputs = [
        { name: 'x', shape: [3, 2, rows, rows] },
        { name: 'weight', shape: [1, 1, rows, columns] },
        { name: 'bias', shape: [columns] },
      ];
      for (const activation of ['linear', 'relu', 'relu6', 'leaky_relu'])
        runCase(runtime, table, { activation }, drawInputs(inputs, kSeed), kSeed);
    }
}

/** Convolutions of every number of channels up to eight, forward and back, in rows of one vector of outputs and of two. */
function everyNarrow(runtime: Runtime): void {
  for (let columns = 1; columns <= 8; ++columns)
    for (const width of [5, 20])
      for (const activation of ['linear', 'relu', 'relu6', 'leaky_relu']) {
        const inputs = [
          { name: 'x', shape: [3, 4, width, columns] },
          { name: 'weight', shape: [3, 3, columns, columns] },
          { name: 'bias', shape: [columns] },
        ];
        runCase(runtime, conv2d[0]!, { activation, padding: 'same' }, drawInputs(inputs, kSeed), kSeed);
      }
  for (let columns = 1; columns <= 8; ++columns) {
    const inputs = [
      { name: 'x', shape: [3, 18, 19, 1] },
      { name: 'weight', shape: [3, 3, 1, columns] },
    ];
    runCase(runtime, conv2d[1]!, { padding: 'same' }, drawInputs(inputs, kSeed), kSeed);
  }
}

for (const { runtime } of places()) {
  everyTile(runtime);
  everyNarrow(runtime);
  for (const table of await loadTables())
    for (const { inputs, settings, bench } of table.cases)
      if (!bench && small(inputs)) runCase(runtime, table, settings, drawInputs(inputs, kSeed), kSeed);
  for (const drawn of [...windowTables, ...otherTables])
    for (let number = 0; number < drawnCases * drawn.share; ++number) {
      const { inputs, settings } = drawCase(drawn, kSeed, number);
      runCase(runtime, drawn.table, settings, drawInputs(inputs, kSeed), kSeed);
    }
  for (const { run } of await loadPieces()) run(runtime);
  runtime.dispose();
}
