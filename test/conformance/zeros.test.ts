// The sign of zero: every chain starts from +0, so a sum of only -0 is +0, in every sum of every operation, on every target, in
// both modes. What is one addition of two values is no chain, and gives -0 for -0 + -0.

import { describe, expect, it } from 'vitest';
import { add, categoricalCrossentropy, gradients, mean, scope, sum, tensor } from '../../lib/index.js';
import { byContract, expectSameResult } from '../support/compare.js';
import { drawOf, zeroKinds } from '../support/inputs.js';
import { type AnyTable, loadTables, runCase } from '../support/run_case.js';
import { deterministicTargets, keptRuntime, onTarget, targets } from '../support/targets.js';

const kSeed = 81;
const kMostValues = 1500;
const tables = await loadTables();

/** Which results of an operation are sums of nothing but zeros where all it is given is -0: the output, gradients by input. */
const sums: Record<string, readonly ('y' | number)[]> = {
  average_pool2d: ['y', 0],
  batch_norm: [1, 2],
  conv2d: ['y', 0, 1, 2],
  dense: ['y', 0, 1, 2],
  depthwise_conv2d: ['y', 0, 1],
  gather: [0],
  image_transform: [0],
  max_pool2d: [0],
  normalize: [1, 2],
  reduce: ['y'],
  resize_bilinear: [0],
};

/** Cases of these operations that sum nothing: they choose a value. */
const isChoice = (name: string) => /^(arg)?(max|min) of /.test(name);

const small = (table: AnyTable) =>
  table.cases.filter(
    ({ bench, inputs }) =>
      !bench && inputs.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0) < kMostValues,
  );

describe.each(tables.map((table) => ({ op: table.op, table })))('$op', ({ table }) => {
  it.each(small(table))(`$name has the contract's zeros, seed ${kSeed}`, ({ name, inputs, settings }) => {
    for (const [kind, values] of Object.entries(zeroKinds)) {
      const drawn = inputs.map(({ shape }, i) => drawOf(values, shape, kSeed, i));
      const upstream = (shape: readonly number[]) => drawOf(values, shape, kSeed, 9);
      for (const target of kind === 'only -0' ? targets : deterministicTargets) {
        const result = runCase(keptRuntime(target, 2), table, settings, drawn, upstream);
        if (target.mode === 'deterministic')
          expectSameResult(`${target.name}, ${kind}`, result, byContract(table, settings, drawn, result, upstream));
        if (kind !== 'only -0' || isChoice(name)) continue;
        for (const which of sums[table.op] ?? []) {
          const found = which === 'y' ? result.y : result.gradients[which];
          if (!found) continue;
          expect(
            [...found.data].every((value) => Object.is(value, 0)),
            `${target.name} ${which}`,
          ).toBe(true);
        }
      }
    }
  });
});

it('is told of every operation that has a sum', () => {
  const ops = new Set(tables.map(({ op }) => op));
  expect(Object.keys(sums).filter((op) => !ops.has(op))).toEqual([]);
});

describe.each(targets)('$name', (target) => {
  const onZeros = <T>(body: (zeros: (...shape: number[]) => ReturnType<typeof tensor>) => T): T =>
    onTarget(target, 2, (runtime) =>
      scope(() =>
        body((...shape) => tensor(runtime, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(-0), shape)),
      ),
    );

  it('sum and mean of -0 are +0, over any number of values', () => {
    for (const length of [1, 16, 17, 4096, 4097, 9001]) {
      onZeros((zeros) => {
        expect(Object.is(sum(zeros(length)).item(), 0), `sum of ${length}`).toBe(true);
        expect(Object.is(mean(zeros(length)).item(), 0), `mean of ${length}`).toBe(true);
      });
    }
  });

  it('the loss of samples without a target, each the negative of +0, is +0', () => {
    const loss = onTarget(target, 2, (runtime) =>
      scope(() => {
        const p = tensor(runtime, new Float32Array(15).fill(0.2), [3, 5]);
        return categoricalCrossentropy(p, tensor(runtime, new Float32Array(15), [3, 5])).item();
      }),
    );
    expect(Object.is(loss, 0)).toBe(true);
  });

  it('two gradients of -0 that meet are -0, as add gives it', () => {
    const met = onZeros((zeros) => {
      const x = zeros(19);
      return gradients(() => ({ loss: add(x, x) }), [x], zeros(19)).gradients[0]!.data();
    });
    expect([...met].every((value) => Object.is(value, -0))).toBe(true);
  });
});
