// What the determinism tests share: the cases they run, and the places where atomic mode must show itself.

import { createRuntime, type Runtime, scope, sum, tensor } from '../../lib/index.js';
import type { Floats, OperationCase } from '../cases/case.js';
import { drawInputs, uniforms } from '../support/inputs.js';
import { type AnyTable, type CaseResult, loadTables, runCase } from '../support/run_case.js';

export const kSeed = 31;

export interface Claimed {
  readonly title: string;
  readonly table: AnyTable;
  readonly case: OperationCase<unknown>;
  readonly inputs: () => Floats[];
}

/** The same value each time, computed when first asked for. */
function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

/** Every case of every operation, without those only benches run. */
export async function claimedCases(): Promise<Claimed[]> {
  return (await loadTables()).flatMap((table) =>
    table.cases
      .filter(({ bench }) => !bench)
      .map((one) => ({
        title: `${table.op} ${one.name}`,
        table,
        case: one,
        inputs: once(() => drawInputs(one.inputs, kSeed)),
      })),
  );
}

/** Runs a claimed case on a runtime. */
export const runClaimed = (runtime: Runtime, claimed: Claimed, inputs = claimed.inputs()): CaseResult =>
  runCase(runtime, claimed.table, claimed.case.settings, inputs, kSeed);

const kRaceSize = 400_000;

/** Values of many magnitudes, so that nearly every order of additions gives its own bits. */
export function racyValues(): Float32Array {
  const u = uniforms(kSeed, 4000, 2 * kRaceSize);
  return Float32Array.from({ length: kRaceSize }, (_, i) => {
    const sign = (u[2 * i]! - 0.5) * 2;
    return sign * 2 ** Math.floor(u[2 * i + 1]! * 20);
  });
}

/** How many different sums come out of `runs` sums of the same values in one mode. */
export function distinctSums(mode: 'deterministic' | 'atomic', threads: number, runs: number): Set<number> {
  using runtime = createRuntime({ mode, threads });
  return scope(() => {
    const x = tensor(runtime, racyValues());
    const found = new Set<number>();
    for (let run = 0; run < runs; ++run) {
      const total = sum(x);
      found.add(total.item());
      total.dispose();
    }
    return found;
  });
}
