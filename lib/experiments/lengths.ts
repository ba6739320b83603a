/** The l2 distances of pairs of runs in three numbers, as JSON can hold them: null for one that is not finite. */
import type { Divergence } from '../divergence/index.js';

/** A number as JSON can hold it. */
export const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** Their mean, the least and the largest. */
export function lengths({ l2, l2Pairs }: Pick<Divergence, 'l2' | 'l2Pairs'>) {
  const [least, largest] = [l2Pairs.reduce((a, b) => Math.min(a, b)), l2Pairs.reduce((a, b) => Math.max(a, b))];
  return { l2: finite(l2), l2Least: finite(least), l2Largest: finite(largest) };
}
