// Runs what reaches the kernels' special forms, on the addon that SAMEBITS_ADDON names: the cases of the tables, drawn ones, and
// pieces of work beside them, on every target, with one thread and three, and sample by sample.

import { drawCase, otherTables, windowTables } from '../drawn/index.js';
import { drawInputs } from '../support/inputs.js';
import { piecesBeside } from '../support/kernels_beside.js';
import { places } from '../support/places.js';
import { loadTables, runCase } from '../support/run_case.js';

const kSeed = 15_201;
const kMostValues = 300_000;
const [drawnCases] = process.argv.slice(2).map(Number) as [number];
const small = (shapes: readonly { shape: readonly number[] }[]) =>
  shapes.every(({ shape }) => shape.reduce((a, b) => a * b, 1) < kMostValues);

for (const { runtime } of places()) {
  for (const table of await loadTables())
    for (const { inputs, settings, bench } of table.cases)
      if (!bench && small(inputs)) runCase(runtime, table, settings, drawInputs(inputs, kSeed), kSeed);
  for (const drawn of [...windowTables, ...otherTables])
    for (let number = 0; number < drawnCases * drawn.share; ++number) {
      const { inputs, settings } = drawCase(drawn, kSeed, number);
      runCase(runtime, drawn.table, settings, drawInputs(inputs, kSeed), kSeed);
    }
  for (const { run } of piecesBeside) run(runtime);
  runtime.dispose();
}
