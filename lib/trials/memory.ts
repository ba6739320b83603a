/** Whether the machine has the memory for one trial more, as far as the first ones told. */
import { existsSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import type { TrainResult } from '../runs/index.js';
import type { PlannedTrial } from './trial.js';

/** Memory that new processes can have, in MiB: what Linux calls available, elsewhere what is free. */
export function availableMiB(): number {
  const file = '/proc/meminfo';
  const told = existsSync(file) ? /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return told === undefined ? freemem() / 2 ** 20 : Number(told) / 1024;
}

/** Who is asked while a trial waits. */
export interface Waiting {
  /** Once, before it waits. */
  onWait: (neededMiB: number, availableMiB: number) => void;
  /** Whether it need not wait any longer. */
  stopped: () => boolean;
}

/**
 * The memory that trials share. A trial will take what the largest of its configuration took; of the first one that is not known, and
 * it begins at once. What those inside will take counts in full, since they take it only as they go on.
 */
export class Room {
  readonly #peaks = new Map<string, number>();
  readonly #inside = new Map<PlannedTrial, number>();
  readonly #whole: number;
  #waiting: (() => void)[] = [];

  constructor(private readonly available: () => number = availableMiB) {
    this.#whole = available();
  }

  /** Notes what a finished trial took. */
  note({ configuration: { name } }: PlannedTrial, { peakMemoryMiB }: Pick<TrainResult, 'peakMemoryMiB'>): void {
    this.#peaks.set(name, Math.max(peakMemoryMiB, this.#peaks.get(name) ?? 0));
  }

  /** Lets a trial in, as soon as there is memory for it, or nobody else is inside. */
  async enter(trial: PlannedTrial, { onWait, stopped }: Waiting): Promise<void> {
    for (let told = false; !this.#fits(trial) && !stopped(); told = true) {
      if (!told) onWait(this.#neededBy(trial), this.available());
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    this.#inside.set(trial, this.#neededBy(trial));
  }

  /** A trial has ended: all that wait look again. */
  leave(trial: PlannedTrial): void {
    this.#inside.delete(trial);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  #neededBy = ({ configuration: { name } }: PlannedTrial): number => this.#peaks.get(name) ?? 0;

  #fits(trial: PlannedTrial): boolean {
    const needed = this.#neededBy(trial);
    if (needed === 0 || this.#inside.size === 0) return true;
    const promised = [...this.#inside.values()].reduce((sum, one) => sum + one, 0);
    return promised + needed <= this.#whole && needed <= this.available();
  }
}
