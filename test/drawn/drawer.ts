// Draws of settings and shapes: whole numbers, choices and chances from one Philox sequence for each case.

import { Words } from '../../lib/random/index.js';

export class Drawer {
  readonly #words: Words;

  constructor(seed: number, step: number) {
    this.#words = new Words({ seed, stream: 5000, step });
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.#words.uniform() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!;
  }

  /** True one time in `times`. */
  once(times: number): boolean {
    return this.int(1, times) === 1;
  }

  /** A number of channels: small, prime, and around one, two, four and five vectors of sixteen. */
  channels(most = 100): number {
    const all = [
      1, 2, 3, 4, 5, 6, 7, 11, 13, 14, 16, 16, 17, 28, 19, 31, 32, 32, 33, 37, 47, 48, 64, 65, 67, 80, 83, 96, 97,
    ];
    return this.pick(all.filter((channels) => channels <= most));
  }
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** What `draw` gives, drawn again until it is accepted. */
export function until<T>(draw: () => T, accept: (drawn: T) => boolean): T {
  for (let tries = 0; tries < 10_000; ++tries) {
    const drawn = draw();
    if (accept(drawn)) return drawn;
  }
  throw new Error('drawn: expected a case that is accepted, got none in 10000 draws');
}
