/** The bench cases of test/cases, as recordings of their kernel calls: forward and every gradient. */
import { readdirSync } from 'node:fs';
import { gradients } from '../lib/ops/index.js';
import type { Runtime } from '../lib/runtime/index.js';
import { keep, scope, sizeOf, type Tensor, tensor } from '../lib/tensor/index.js';
import type { CaseInput, OperationCase, OperationTable } from '../test/cases/case.js';
import { drawInput } from '../test/support/inputs.js';
import { callKey, type KernelCall, record } from './recorder.js';

export interface BenchCase {
  op: string;
  name: string;
  table: OperationTable<unknown>;
  one: OperationCase<unknown>;
}

const folder = new URL('../test/cases/', import.meta.url);
const tableFile = /^(?!case\.).*\.js$/;

/** Every case marked `bench` whose operation or name contains `only`. */
export async function benchCases(only: string): Promise<BenchCase[]> {
  const files = readdirSync(folder).filter((name) => tableFile.test(name));
  const modules = await Promise.all(files.sort().map((name) => import(new URL(name, folder).href)));
  const tables = modules.flatMap(
    (module: { table?: OperationTable<unknown>; tables?: OperationTable<unknown>[] }) => module.tables ?? module.table!,
  );
  return tables
    .flatMap((table) =>
      table.cases.filter(({ bench }) => bench).map((one) => ({ op: table.op, name: one.name, table, one })),
    )
    .filter(({ op, name }) => `${op} ${name}`.includes(only));
}

/** Values of one input: a drawn run of at most about 65536, repeated. Speed does not depend on more. */
function draw(runtime: Runtime, input: CaseInput, stream: number): Tensor {
  const size = sizeOf(input.shape);
  const row = input.shape.at(-1) ?? 1;
  const length = Math.min(size, row * Math.ceil(65536 / row));
  const { data } = drawInput({ ...input, shape: [length / row, row] }, 1, stream);
  const values = new Float32Array(size);
  for (let start = 0; start < size; start += length)
    values.set(data.subarray(0, Math.min(length, size - start)), start);
  return tensor(runtime, values, input.shape);
}

export interface RecordedCase {
  /** Each kernel once, forward first. */
  calls: readonly KernelCall[];
  release(): void;
}

/** Records a case on a runtime: one call forward, and backward for every differentiable input. */
export function recordCase(runtime: Runtime, { table, one }: BenchCase): RecordedCase {
  return scope(() => {
    const inputs = one.inputs.map((input, i) => keep(draw(runtime, input, i)));
    const run = () => table.run(inputs, one.settings);
    const upstream = keep(draw(runtime, { name: 'dy', shape: scope(() => [...run().shape]) }, 99));
    const wanted = inputs.filter((_, i) => table.differentiable[i]);
    const recording = record(runtime, () => {
      if (wanted.length === 0) scope(() => void run());
      else scope(() => void gradients(() => ({ loss: run() }), wanted, upstream));
    });
    const calls = [...new Map(recording.calls.map((call) => [callKey(call), call])).values()];
    const release = () => {
      recording.release();
      for (const made of [...inputs, upstream]) made.dispose();
    };
    return { calls, release };
  });
}
