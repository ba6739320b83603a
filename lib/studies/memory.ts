/** Whether the machine has the memory for one trial more, as far as the first ones told. */
import { existsSync, readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import type { TrainResult } from '../runs/index.js';
import type { StudyTrial } from './trials.js';

/** Memory that new processes can have, in MiB: what Linux calls available, elsewhere what is free. */
export function availableMiB(): number {
  const file = '/proc/meminfo';
  const told = existsSync(file) ? /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return told === undefined ? freemem() / 2 ** 20 : Number(told) / 1024;
}

/** The largest peak that trials of each configuration reached. */
export class Peaks {
  readonly #peaks = new Map<string, number>();

  /** Notes what a finished trial took. */
  note({ configuration }: StudyTrial, { peakMemoryMiB }: Pick<TrainResult, 'peakMemoryMiB'>): void {
    this.#peaks.set(configuration.name, Math.max(peakMemoryMiB, this.#peaks.get(configuration.name) ?? 0));
  }

  /** What a trial will take: as others of its configuration did; undefined as long as none has ended. */
  of({ configuration }: StudyTrial): number | undefined {
    return this.#peaks.get(configuration.name);
  }
}
