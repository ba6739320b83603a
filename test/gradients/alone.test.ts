// A gradient asked for alone has the same bits as when all are asked for: operations that compute several at once
// take another way then. Also the way of kernels that only such a request reaches.

import { describe, it } from 'vitest';
import { gradients, type Runtime, scope, tensor } from '../../lib/index.js';
import type { Floats } from '../cases/case.js';
import { expectSameBits } from '../support/bits.js';
import { drawInputs } from '../support/inputs.js';
import { type AnyTable, drawUpstream, loadTables, runCase } from '../support/run_case.js';
import { testRuntime } from '../support/test_runtime.js';

const kSeed = 78;
const tables = (await loadTables()).filter(({ differentiable }) => differentiable.filter(Boolean).length > 1);

/** The gradient of one input, asked for alone. */
function alone(runtime: Runtime, table: AnyTable, settings: unknown, inputs: readonly Floats[], place: number) {
  return scope(() => {
    const given = inputs.map(({ shape, data }) => tensor(runtime, data, shape));
    const dy = drawUpstream(table.run(given, settings).shape, kSeed);
    const upstream = tensor(runtime, dy.data, dy.shape);
    const walked = gradients(() => ({ loss: table.run(given, settings) }), [given[place]!], upstream);
    const gradient = walked.gradients[0]!;
    const data = gradient.data();
    gradient.dispose();
    return data;
  });
}

describe.each(tables.map((table) => ({ op: table.op, table })))('$op', ({ table }) => {
  const cases = table.cases.filter(({ bench }) => !bench);

  it.each(cases)(`$name gives each gradient the same bits alone, seed ${kSeed}`, ({ inputs, settings }) => {
    using runtime = testRuntime({ threads: 2 });
    const drawn = drawInputs(inputs, kSeed);
    const together = runCase(runtime, table, settings, drawn, kSeed).gradients;
    together.forEach((gradient, place) => {
      if (gradient) expectSameBits(`gradient ${place}`, alone(runtime, table, settings, drawn, place), gradient.data);
    });
  });
});
