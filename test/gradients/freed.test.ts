// Every operation says in its record what its gradient reads. Here all else is freed before the walk backwards: no gradient
// may miss it, and the bits stay. Control: without any one of the tensors that it names, the gradient is refused in some case.
// So none names too little, and none too much.

import { afterAll, describe, expect, it, vi } from 'vitest';
import { letGo, type Operation } from '../../lib/autograd/index.js';
import { DisposedError, gradients, scope, separableConv2d, type Tensor, tensor } from '../../lib/index.js';
import { reshape } from '../../lib/ops/reshape.js';
import { filesUnder, text } from '../architecture/sources.js';
import type { Floats } from '../cases/case.js';
import { expectSameBits } from '../support/bits.js';
import { drawInputs } from '../support/inputs.js';
import { type AnyTable, drawUpstream, loadTables, runCase } from '../support/run_case.js';
import { testRuntime } from '../support/test_runtime.js';

/** What was recorded, and a place among the tensors that an operation names whose tensor it is made to leave out. */
const seen = vi.hoisted(() => ({ operations: [] as Operation[], leftOut: { name: '', place: -1 } }));

vi.mock('../../lib/autograd/operation.js', async (original) => {
  const module = await original<typeof import('../../lib/autograd/operation.js')>();
  return {
    ...module,
    checkOperation(...given: Parameters<typeof module.checkOperation>) {
      seen.operations.push(given[0]);
      module.checkOperation(...given);
    },
    readsOf(operation: Operation) {
      const { name, place } = seen.leftOut;
      return module.readsOf(operation).filter((_, i) => operation.name !== name || i !== place);
    },
  };
});

const kSeed = 79;
type Table = Pick<AnyTable, 'op' | 'run' | 'differentiable' | 'cases'>;

/** The operation that has no kernel of its own, and so no case file. */
const separable: Table = {
  op: 'separable_conv2d',
  run: ([x, depthwise, pointwise, bias], activation) =>
    separableConv2d(x!, depthwise!, pointwise!, { bias: bias!, activation: activation as 'relu' }),
  differentiable: [true, true, true, true],
  cases: ['linear', 'relu'].map((activation) => ({
    name: activation,
    inputs: Object.entries({ x: [2, 7, 5, 3], depthwise: [3, 3, 3, 2], pointwise: [1, 1, 6, 4], bias: [4] }).map(
      ([name, shape]) => ({ name, shape }),
    ),
    settings: activation,
  })),
};

const tables = [...(await loadTables()), separable]
  .filter(({ differentiable }) => differentiable.includes(true))
  .map((table) => ({ op: table.op, table, cases: table.cases.filter(({ bench }) => !bench) }));

const walked = new Set<string>();

const runtime = testRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** The gradients of a case without what they do not read, how much was freed, and what was recorded. */
function freed({ differentiable, run }: Table, settings: unknown, inputs: readonly Floats[]) {
  return scope(() => {
    const given = inputs.map(({ shape, data }) => tensor(runtime, data, shape));
    const dy = drawUpstream(
      scope(() => run(given, settings).shape),
      kSeed,
    );
    const upstream = tensor(runtime, dy.data, dy.shape);
    const wanted = given.filter((_, i) => differentiable[i]);
    seen.operations = [];
    let count = 0;
    const forward = () => {
      // Variables are never freed, nor is the loss: the operation has tensors of its own between them.
      const y = run(
        given.map((one) => reshape(one, one.shape)),
        settings,
      );
      const loss = reshape(y, y.shape);
      const tensors = new Set(seen.operations.flatMap(({ inputs, output }) => [...inputs, output]));
      for (const each of tensors) {
        if (each === null || each === loss) continue;
        letGo(each);
        if (each.disposed) count += 1;
      }
      return { loss };
    };
    const slopes = gradients(forward, wanted, upstream).gradients;
    const results = slopes.map((slope) => slope?.data());
    for (const slope of slopes) slope?.dispose();
    for (const { name } of seen.operations) walked.add(name);
    return { count, results, operations: seen.operations };
  });
}

const readsOf = ({ reads, inputs, output }: Operation): readonly (Tensor | null)[] => reads ?? [...inputs, output];

describe.each(tables)('$op', ({ table, cases }) => {
  let most = 0;
  it.each(cases)(
    `$name has the same gradients without what they do not read, seed ${kSeed}`,
    ({ inputs, settings }) => {
      const drawn = drawInputs(inputs, kSeed);
      const want = runCase(runtime, table, settings, drawn, kSeed).gradients.filter((_, i) => table.differentiable[i]);
      const got = freed(table, settings, drawn);
      most = Math.max(most, got.count);
      want.forEach((gradient, i) => {
        expectSameBits(`gradient ${i}`, got.results[i]!, gradient!.data);
      });
    },
  );

  it('needs not all of its tensors, or says that it reads them all', () => {
    const [{ inputs, settings }] = cases as [(typeof cases)[number]];
    const { operations } = freed(table, settings, drawInputs(inputs, kSeed));
    const readsAll = ({ inputs, output, ...operation }: Operation) =>
      [...inputs, output].every((one) => one === null || operation.reads?.includes(one));
    expect(most > 0 || operations.every((one) => one.name === 'reshape' || readsAll(one))).toBe(true);
  });

  it('says what it reads, and has no gradient without any one of it (control)', () => {
    const smallest = cases.toSorted((a, b) => sizeOf(a.inputs) - sizeOf(b.inputs));
    const run = ({ inputs, settings }: (typeof cases)[number]) =>
      freed(table, settings, drawInputs(inputs, kSeed)).operations;
    const operations = smallest.flatMap(run);
    expect(operations.every(({ reads }) => reads !== undefined)).toBe(true);
    const named = new Map<string, number>();
    for (const operation of operations) {
      named.set(operation.name, Math.max(readsOf(operation).length, named.get(operation.name) ?? 0));
    }
    for (const [name, count] of named) {
      for (let place = 0; place < count; place++) {
        seen.leftOut = { name, place };
        expect(
          smallest.some((one) => refused(() => run(one), name)),
          `${name} without its tensor ${place}`,
        ).toBe(true);
      }
    }
    seen.leftOut = { name: '', place: -1 };
  });
});

it('walks every operation that records itself', () => {
  // An operation of the user's own says nothing of what it reads, so all is kept.
  const recording = filesUnder('lib/ops', ['.ts']).filter(
    (file) => /\brecord\(/.test(text(file)) && file !== 'lib/ops/custom.ts',
  );
  expect(recording.length).toBeGreaterThan(15);
  expect(recording.filter((file) => ![...walked].some((name) => text(file).includes(`'${name}'`)))).toEqual([]);
});

const sizeOf = (inputs: readonly { shape: readonly number[] }[]) =>
  inputs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

/** Whether a gradient of this operation is refused; throws any other error. */
function refused(body: () => unknown, name: string): boolean {
  try {
    body();
    return false;
  } catch (error) {
    if (error instanceof DisposedError && error.who === name) return true;
    throw error;
  }
}
