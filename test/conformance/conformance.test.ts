// Every case on every available target: close to the float64 judge, and on deterministic targets the same bits
// as each other and as the second implementation of the contract.

import { describe, expect, it } from 'vitest';
import type { Floats } from '../cases/case.js';
import { expectClose, expectMeaningful } from '../support/bits.js';
import { byContract, expectSameResult } from '../support/compare.js';
import { drawInputs, drawStrange } from '../support/inputs.js';
import { type AnyTable, type CaseResult, drawUpstream, loadTables, runCase, toValues } from '../support/run_case.js';
import { deterministicTargets, keptRuntime, missingTargets, targets } from '../support/targets.js';

const kSeed = 2024;
const kThreads = 2;
const tables = await loadTables();

for (const { name, reason } of missingTargets) console.info(`conformance: ${name} is not run here: ${reason}`);

it('runs on at least the scalar target in both modes', () => {
  expect(targets.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['cpu/scalar/deterministic', 'cpu/scalar/atomic']),
  );
});

/** The gradient's tolerance: the case's own, but never below what rounding of float32 sums needs. */
const gradientTolerance = (table: AnyTable): number => Math.max(table.tolerance, 1e-5);

/** What the float64 judge says of a case. */
function judgement(table: AnyTable, settings: unknown, inputs: readonly Floats[]) {
  const values = inputs.map(toValues);
  const y = table.judge(values, settings);
  const dy = toValues(drawUpstream(y.shape, kSeed));
  return { y, gradients: table.judgeGradients?.(values, dy, settings) ?? [] };
}

function checkAgainstJudge(
  table: AnyTable,
  judged: ReturnType<typeof judgement>,
  result: CaseResult,
  label: string,
): void {
  expect(result.y.shape, `${label} shape`).toEqual(judged.y.shape);
  expectMeaningful(label, result.y.data);
  expectClose(label, result.y.data, judged.y.data, table.tolerance);
  judged.gradients.forEach((judgedGradient, i) => {
    if (judgedGradient === null || !table.differentiable[i]) return;
    const gradient = result.gradients[i];
    expect(gradient?.shape, `${label} gradient ${i} shape`).toEqual(judgedGradient.shape);
    expectMeaningful(`${label} gradient ${i}`, gradient!.data);
    expectClose(`${label} gradient ${i}`, gradient!.data, judgedGradient.data, gradientTolerance(table));
  });
}

/** Expects all deterministic targets to give the contract's bits for these inputs. */
function checkContract(table: AnyTable, settings: unknown, inputs: readonly Floats[]): void {
  const results = deterministicTargets.map((target) =>
    runCase(keptRuntime(target, kThreads), table, settings, inputs, kSeed),
  );
  const contract = byContract(table, settings, inputs, results[0]!, kSeed);
  results.forEach((result, i) => {
    expectSameResult(deterministicTargets[i]!.name, result, contract);
  });
}

describe.each(tables.map((table) => ({ op: table.op, table })))('$op', ({ table }) => {
  const cases = table.cases.filter(({ bench }) => !bench);

  it.each(cases)(`$name stays close to the judge on every target, seed ${kSeed}`, ({ inputs, settings }) => {
    const drawn = drawInputs(inputs, kSeed);
    const judged = judgement(table, settings, drawn);
    for (const target of targets) {
      const result = runCase(keptRuntime(target, kThreads), table, settings, drawn, kSeed);
      checkAgainstJudge(table, judged, result, target.name);
    }
  });

  it.each(cases)(`$name is the contract's bits on every deterministic target, seed ${kSeed}`, (one) => {
    checkContract(table, one.settings, drawInputs(one.inputs, kSeed));
  });

  it.each(cases)(
    `$name is the contract's bits with NaN, infinities, denormals and signed zeros, seed ${kSeed}`,
    ({ inputs, settings }) => {
      checkContract(table, settings, drawStrange(inputs, kSeed));
    },
  );
});
