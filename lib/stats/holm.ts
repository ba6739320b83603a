/** Several tests at once: p-values adjusted so that all of them together are wrong no more often than one would be. */
import { ArgumentError, show } from '../errors/index.js';

/**
 * Holm's adjusted p-values (Holm 1979), in the order given: a test whose adjusted p is at most alpha is rejected at the level
 * alpha for the whole family, whatever the tests depend on each other. With p(1) <= ... <= p(m), the i-th is the largest of
 * (m - j + 1) p(j) over j <= i, at most 1. Throws ArgumentError on a p that does not lie between 0 and 1.
 */
export function holm(values: readonly number[]): number[] {
  const bad = values.findIndex((p) => !(p >= 0 && p <= 1));
  if (bad >= 0) {
    const got = `${show(values[bad])} at index ${bad}`;
    throw new ArgumentError({ who: 'holm', expected: 'p-values from 0 to 1', got });
  }
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  for (const [place, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (values.length - place) * values[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}
