// How drawn cases are tested: on every target and several threads, whole and sample by sample, against the float64 judge and the
// contract's second implementation, with ordinary values and with strange ones.

import { expect, it } from 'vitest';
import type { OperationCase, Values } from '../cases/case.js';
import { type DrawnTable, drawCase, drawnFactor } from '../drawn/index.js';
import { expectClose } from '../support/bits.js';
import { byContract, expectSameResult } from '../support/compare.js';
import { drawInputs, drawStrange } from '../support/inputs.js';
import { type Place, places } from '../support/places.js';
import { type AnyTable, drawUpstream, runCase, toValues } from '../support/run_case.js';

const largest = ({ data }: Values): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const magnitudes = (values: Values): Values => ({ ...values, data: values.data.map(Math.abs) });

/** The largest sum of magnitudes that one value of a result adds up, or of a gradient. */
function summandsOf(table: AnyTable, { settings }: OperationCase<unknown>, values: readonly Values[], dy: Values) {
  const sizes = values.map(magnitudes);
  const all = table.sumsOfProducts === true;
  return {
    result: () => (all ? largest(table.judge(sizes, settings)) : (table.summands?.(values, settings) ?? 0)),
    gradient: (i: number) => {
      const gradient = all ? table.judgeGradients?.(sizes, magnitudes(dy), settings)[i] : undefined;
      return gradient ? largest(gradient) : (table.gradientSummands?.(values, dy, settings)[i] ?? 0);
    },
  };
}

/** Throws the first difference of one case on any of the places. */
function check({ table }: DrawnTable, one: OperationCase<unknown>, seed: number, all: readonly Place[]): void {
  const inputs = drawInputs(one.inputs, seed);
  const values = inputs.map(toValues);
  const judged = table.judge(values, one.settings);
  const dy = toValues(drawUpstream(judged.shape, seed));
  const slopes = table.judgeGradients?.(values, dy, one.settings) ?? [];
  const summands = summandsOf(table, one, values, dy);
  const first = runCase(all[0]!.runtime, table, one.settings, inputs, seed);
  const contract = byContract(table, one.settings, inputs, first, seed);
  const strange = drawStrange(one.inputs, seed);
  const strangeContract = byContract(table, one.settings, strange, first, seed);
  for (const { name, runtime, exact } of all) {
    const result = runCase(runtime, table, one.settings, inputs, seed);
    expectClose(name, result.y.data, judged.data, table.tolerance, summands.result);
    slopes.forEach((slope, i) => {
      const gradient = result.gradients[i];
      const tolerance = Math.max(table.tolerance, 1e-5);
      if (slope && gradient)
        expectClose(`${name} gradient ${i}`, gradient.data, slope.data, tolerance, () => summands.gradient(i));
    });
    if (!exact) continue;
    expectSameResult(name, result, contract);
    expectSameResult(`${name}, strange values`, runCase(runtime, table, one.settings, strange, seed), strangeContract);
  }
}

/** A test of `count` cases of each share of a table; it names every case that fails, at most three of them. */
export function drawnTests(tables: readonly DrawnTable[], count: number, seed: number): void {
  const all = places();
  for (const [i, drawn] of tables.entries()) {
    const cases = Math.ceil(count * drawn.share * drawnFactor);
    const title = `${drawn.table.op} (${i}): ${cases} cases drawn from seed ${seed} are near the judge and the contract's bits`;
    it(title, { timeout: 300_000 * Math.max(1, drawnFactor) }, () => {
      const failures: string[] = [];
      for (let number = 0; number < cases && failures.length < 3; ++number) {
        const one = drawCase(drawn, seed + i, number);
        try {
          check(drawn, one, seed + number, all);
        } catch (error) {
          failures.push(`case ${number}: ${one.name}: ${(error as Error).message}`);
        }
      }
      if (failures.length > 0) expect.fail(failures.join('\n'));
    });
  }
}
