/** How many bytes trials will still write, as far as the first of each kind has told. */
import type { RunSize } from '../progress/index.js';
import type { PlannedTrial } from './trial.js';

/** What is left to be written. */
export interface NeededSpace {
  /** Of the trials whose size is known. */
  bytes: number;
  trials: number;
  /** Trials of whose kind none has told yet. */
  unknown: number;
}

/** Trials that differ in nothing but seeds, modes, threads and folders are of one kind, and of one size. */
function kindOf({ options }: PlannedTrial): string {
  const {
    seed: _,
    splitSeed: __,
    mode: ___,
    atomic: ____,
    arrivalSeed: _____,
    threads: ______,
    out: _______,
    ...deciding
  } = options;
  return JSON.stringify(deciding);
}

/** What stays of a trial when it is pruned (`neededOf`): of a deterministic one the weights after its last epoch alone. */
function keptOf({ mode, options: { epochs } }: PlannedTrial, { weights, trace, others }: RunSize): number {
  return (mode === 'atomic' ? weights : weights / epochs) + trace + others;
}

/** The space that trials take. */
export class Space {
  readonly #sizes = new Map<string, RunSize>();

  /** Pruned trials shrink when they are done: only as many as run at once are whole. */
  constructor(
    private readonly jobs: number,
    private readonly prune: boolean,
  ) {}

  /** Notes what a trial tells; true where it is the first of its kind. */
  note(trial: PlannedTrial, size: RunSize): boolean {
    const isFirst = !this.#sizes.has(kindOf(trial));
    this.#sizes.set(kindOf(trial), size);
    return isFirst;
  }

  /** What these trials will take, none of which has written anything. */
  neededBy(trials: readonly PlannedTrial[]): NeededSpace {
    const known = trials.flatMap((trial) => {
      const size = this.#sizes.get(kindOf(trial));
      return size === undefined ? [] : [{ whole: size.bytes, kept: this.prune ? keptOf(trial, size) : size.bytes }];
    });
    const shrinking = known.map(({ whole, kept }) => whole - kept).sort((a, b) => b - a);
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
    const bytes = sum(known.map(({ kept }) => kept)) + sum(shrinking.slice(0, this.jobs));
    return { bytes: Math.round(bytes), trials: known.length, unknown: trials.length - known.length };
  }
}
