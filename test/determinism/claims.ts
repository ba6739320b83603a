// What the determinism tests share: the cases they run, and the places where atomic mode must show itself.

import { createRuntime, type Device, type Runtime, scope, sum, tensor } from '../../lib/index.js';
import type { Floats, OperationCase } from '../cases/case.js';
import { drawInputs, uniforms } from '../support/inputs.js';
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

/** Every case of every operation, without those only benches run. */
export const claimedCases = async (): Promise<Claimed[]> => claimedCasesOf(await loadTables());

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

const kRaceSize = 400_000;

/** Values of many magnitudes, so that nearly every order of additions gives its own bits. */
export function racyValues(): Float32Array {
  const u = uniforms(kSeed, 4000, 2 * kRaceSize);
  return Float32Array.from({ length: kRaceSize }, (_, i) => {
    const sign = (u[2 * i]! - 0.5) * 2;
    return sign * 2 ** Math.floor(u[2 * i + 1]! * 20);
  });
}

/**
 * The racy values over and over: a sum of several milliseconds. On a crowded machine a thread is woken only at the
 * scheduler's next tick, and of a shorter sum it would find nothing left.
 */
const kRepeats = 40;

/** How a race is run: the same values summed `runs` times, over by itself once `enough` different sums came out. */
interface Race {
  device?: Device;
  mode: 'deterministic' | 'atomic';
  threads: number;
  runs: number;
  enough?: number;
}

/** The sums that come out of many runs over the same values, in the order of the runs. */
export function racingSums({ device = 'cpu', mode, threads, runs, enough = Infinity }: Race): number[] {
  using runtime = createRuntime({ device, mode, threads });
  return scope(() => {
    const x = tensor(runtime, longRacyValues());
    const sums: number[] = [];
    const found = new Set<number>();
    while (sums.length < runs && found.size < enough) {
      const total = sum(x);
      sums.push(total.item());
      found.add(sums.at(-1)!);
      total.dispose();
    }
    return sums;
  });
}

/** The different ones among them. */
export const distinctSums = (race: Race): Set<number> => new Set(racingSums(race));

export function longRacyValues(): Float32Array {
  const values = racyValues();
  const long = new Float32Array(kRepeats * values.length);
  for (let i = 0; i < kRepeats; ++i) long.set(values, i * values.length);
  return long;
}

/** Enough sums for atomic mode to show itself also on a crowded machine, where threads seldom meet. */
export const kManyRuns = 5000;
