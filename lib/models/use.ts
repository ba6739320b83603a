/**
 * Who works with a model: one `fit` alone, or any number of evaluations and predictions. All of them let other work run
 * between their batches, and that must not change the weights they are about to read or move.
 */
import { ArgumentError } from '../errors/index.js';

export class Use {
  #fitting = false;
  /** Whether a callback of fit runs: fit stands still until it ends. */
  #telling = false;
  /** Evaluations and predictions under way. */
  readonly #reading = new Map<Promise<unknown>, string>();

  /** Throws ArgumentError, in the words of `who`, unless nothing that takes its time works with the model. */
  expectFree(who: string): void {
    const [reading] = this.#reading.values();
    const by = this.#fitting ? 'fit' : reading;
    if (by === undefined) return;
    const hint = 'await that first';
    throw new ArgumentError({ who, expected: 'a model that is free', got: `one in ${by}`, hint });
  }

  /** Throws ArgumentError, in the words of `who`, while something that takes its time reads or moves the weights. */
  expectStill(who: string): void {
    if (!(this.#fitting && this.#telling && this.#reading.size === 0)) this.expectFree(who);
  }

  /** Learns, alone. */
  async fit<T>(work: () => Promise<T>): Promise<T> {
    this.expectFree('fit');
    this.#fitting = true;
    try {
      return await work();
    } finally {
      this.#fitting = false;
    }
  }

  /** Calls a callback of fit, which may evaluate and predict; fit goes on when all of that has ended. */
  async tell(callback: () => unknown): Promise<void> {
    this.#telling = true;
    try {
      await callback();
      while (this.#reading.size > 0) await Promise.allSettled(this.#reading.keys());
    } finally {
      this.#telling = false;
    }
  }

  /** Reads the weights; beside a fit only while one of its callbacks runs. */
  async read<T>(who: string, work: () => Promise<T>): Promise<T> {
    if (this.#fitting && !this.#telling) {
      const hint = 'await that first, or ask in a callback of fit';
      throw new ArgumentError({ who, expected: 'a model that is not learning', got: 'one in fit', hint });
    }
    const under = work();
    this.#reading.set(under, who);
    try {
      return await under;
    } finally {
      this.#reading.delete(under);
    }
  }
}
