// The targets of this build on this machine, and those that are missing with the reason.

import { capabilities, type Runtime } from '../../lib/index.js';
import { type Isa, isas, type Mode, modes } from '../../lib/runtime/index.js';
import { testRuntime } from './test_runtime.js';

export interface Target {
  readonly name: string;
  readonly isa: Isa;
  readonly mode: Mode;
}

export interface MissingTarget {
  readonly name: string;
  readonly reason: string;
}

const offers = capabilities();

/** Whether and why an isa is missing; undefined when it is there. */
function lacking(isa: Isa): string | undefined {
  const entry = offers.isas.find(({ name }) => name === isa);
  if (entry === undefined) return 'the addon does not know it';
  return entry.available ? undefined : (entry.reason ?? 'no reason given');
}

const named = (isa: Isa, mode: Mode): Target => ({ name: `cpu/${isa}/${mode}`, isa, mode });
// The order of `isas` is from the portable one to the most capable of each processor family.
const all = isas.flatMap((isa) => modes.map((mode) => named(isa, mode)));

/** Every target that can be run here. */
export const targets: readonly Target[] = all.filter(({ isa }) => lacking(isa) === undefined);

/** Every target that can be run here and promises its bits. */
export const deterministicTargets: readonly Target[] = targets.filter(({ mode }) => mode === 'deterministic');

/** The portable target and the one that uses the machine best: enough where instruction sets cannot matter by kind. */
export const extremeTargets: readonly Target[] = [deterministicTargets[0]!, deterministicTargets.at(-1)!];

/** Every target that cannot be run here, by name and reason. */
export const missingTargets: readonly MissingTarget[] = [
  ...all.flatMap(({ name, isa }) => {
    const reason = lacking(isa);
    return reason === undefined ? [] : [{ name, reason }];
  }),
  ...offers.devices
    .filter(({ available }) => !available)
    .map(({ name, reason }) => ({ name: `${name}/*`, reason: reason ?? 'no reason given' })),
];

const kept = new Map<string, Runtime>();
let last: Runtime | undefined;
/**
 * A runtime of a target that lives as long as the process. Cases by the thousand take it in turn: to start threads and to wait for
 * their end takes longer than most of them, and memory that others used before is as full of NaNs as fresh memory is. Only the one in use
 * keeps its memory: each has a GiB of address space, and a system starts no process for one that has more than the machine.
 */
export function keptRuntime({ name, isa, mode }: Target, threads: number): Runtime {
  const key = `${name}, ${threads} threads`;
  const runtime = kept.get(key) ?? testRuntime({ isa, mode, threads });
  kept.set(key, runtime);
  if (last !== runtime) last?.trim();
  last = runtime;
  return runtime;
}

/** Runs `body` on a fresh runtime of a target. */
export function onTarget<T>(target: Target, threads: number, body: (runtime: Runtime) => T): T {
  using runtime = testRuntime({ isa: target.isa, mode: target.mode, threads });
  return body(runtime);
}
