// What the determinism tests share: the cases they run.

import type { Runtime } from '../../lib/index.js';
import type { Floats, OperationCase } from '../cases/case.js';
import { drawInputs } from '../support/inputs.js';
import { type AnyTable, type CaseResult, loadTables, runCase, type Upstream } from '../support/run_case.js';

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

/** Every case of every operation, without those only benches run. Files that share a process share what was drawn. */
export const claimedCases = once(async (): Promise<Claimed[]> => claimedCasesOf(await loadTables()));

/** Every case of these tables, without those only benches run. */
export function claimedCasesOf(tables: readonly AnyTable[]): Claimed[] {
  return tables.flatMap((table) =>
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
export const runClaimed = (
  runtime: Runtime,
  claimed: Claimed,
  inputs = claimed.inputs(),
  upstream: Upstream = kSeed,
): CaseResult => runCase(runtime, claimed.table, claimed.case.settings, inputs, upstream);
