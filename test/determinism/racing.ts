// The sums that race: the place where atomic mode must show itself. No packages are loaded: scripts/gpu-check carries this file to
// machines that have none.

import { sum } from '../../lib/ops/index.js';
import { createRuntime, type Device } from '../../lib/runtime/index.js';
import { scope, tensor } from '../../lib/tensor/index.js';
import { uniforms } from '../support/inputs.js';

const kRaceSeed = 31;
const kRaceSize = 400_000;

let racy: Float32Array | undefined;

/** Values of many magnitudes, so that nearly every order of additions gives its own bits. Drawn once; nobody writes into them. */
export function racyValues(): Float32Array {
  racy ??= drawRacyValues();
  return racy;
}

function drawRacyValues(): Float32Array {
  const u = uniforms(kRaceSeed, 4000, 2 * kRaceSize);
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
