/** Callbacks of a fit beside those of the training that keeps it, and what they are told. */
import type { EpochLogs, FitCallbacks } from '../models/index.js';
import { measuresOf } from '../progress/index.js';
import type { EpochResult } from '../runs/index.js';

type Told = Pick<FitCallbacks, 'onEpochBegin' | 'onGradients' | 'onBatchEnd'>;

/** One call after the other; the second waits for a promise of the first. */
function afterwards<A>(first?: (told: A) => unknown, second?: (told: A) => unknown) {
  if (first === undefined || second === undefined) return first ?? second;
  return (told: A) => {
    const done = first(told);
    return done instanceof Promise ? done.then(() => second(told)) : second(told);
  };
}

/** What is told in and after a step, to both, the first ones first. */
export function bothOf(first: Told, second: Told): Told {
  const names = ['onEpochBegin', 'onGradients', 'onBatchEnd'] as const;
  const joined = names.flatMap((name) => {
    const both = afterwards<never>(first[name] as never, second[name] as never);
    return both === undefined ? [] : [[name, both] as const];
  });
  return Object.fromEntries(joined) as Told;
}

/** The means of an epoch that is kept, as fit tells them: counted from 0, and NaN where JSON had null. */
export function logsOfEpoch(result: EpochResult): EpochLogs {
  const named = measuresOf(result).map(({ name, value }) => [name, value ?? Number.NaN] as const);
  return { epoch: result.epoch - 1, logs: Object.fromEntries(named) };
}
