// Every case of some hundred values, forward and backward, against the second implementation of the contract,
// bit for bit, on the target that is chosen when none is named. test/conformance has all cases on all targets; this is what
// `npm run mutate` can afford to run hundreds of times.

import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../../lib/index.js';
import { byContract, expectSameResult } from '../../support/compare.js';
import { drawInputs } from '../../support/inputs.js';
import { loadTables, runCase } from '../../support/run_case.js';

const kSeed = 2027;
const kLargest = 1500;
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());
const tables = await loadTables();

describe.each(tables.map((table) => ({ op: table.op, table })))('$op', ({ table }) => {
  const small = table.cases.filter(
    ({ bench, inputs }) => !bench && inputs.every(({ shape }) => shape.reduce((a, b) => a * b, 1) <= kLargest),
  );

  it('has small cases', () => {
    expect(small.length).toBeGreaterThan(0);
  });

  it.each(small)(`$name is the contract's bits, seed ${kSeed}`, ({ inputs, settings }) => {
    const drawn = drawInputs(inputs, kSeed);
    const result = runCase(runtime, table, settings, drawn, kSeed);
    const wanted = byContract(table, settings, drawn, result, kSeed);
    expect(result.y.shape).toEqual(wanted.y.shape);
    expectSameResult(table.op, result, wanted);
  });
});
