/** Seeded shuffles. */
import { ArgumentError, show } from '../errors/index.js';
import { type Sequence, Words } from './philox.js';

/**
 * A random order of 0 to n - 1 (Fisher and Yates, from the last index down), the same for the same sequence.
 * Throws ArgumentError unless 0 <= n < 2^32. Example: `shuffle(25000, { seed: 1001, stream: streams.shuffle, step: epoch })`.
 */
export function shuffle(n: number, sequence: Sequence): Uint32Array {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 32) {
    throw new ArgumentError({ who: 'shuffle', expected: 'n to be an integer from 0 to 2^32 - 1', got: show(n) });
  }
  const words = new Words(sequence);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const chosen = words.below(last + 1);
    const held = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = held;
  }
  return order;
}
