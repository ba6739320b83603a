// Finds the order in which a black box really adds, by FPRev (Xie, Gao, Wang and Xue, "FPRev: Revealing
// Floating-Point Accumulation Orders in Software/Hardware Implementations", USENIX ATC 2025; arXiv:2411.00442). Summand i is
// a huge M, summand j is -M and all others are 1. Whatever is added to M or -M before the two meet is lost, so the result
// counts the summands outside the smallest part of the sum that holds both. From one summand these counts to all others
// give the parts that join it, one after another; each part is then looked into in the same way.

import { joined, type Tree } from './tree.js';

export type Pair = readonly [number, number];

/** For each pair of summands, how many summands are outside the smallest part of the sum that holds both. */
export type Outside = (pairs: readonly Pair[]) => number[];

/** Thrown where no tree of additions of two parts explains what came out. */
export class NoTree extends Error {}

/** Summands known to make one part of the sum: the lowest of them, then the parts that join it in turn. */
interface Part {
  readonly members: readonly number[];
  joining: Part[];
}

/** The parts that join the first member of `members`, in order, from how many summands stand below each meeting. */
function joiningParts(members: readonly number[], below: readonly number[]): Part[] {
  const bySize = new Map<number, number[]>();
  members.slice(1).forEach((member, k) => {
    const size = below[k]!;
    bySize.set(size, [...(bySize.get(size) ?? []), member]);
  });
  let reached = 1;
  return [...bySize.entries()]
    .sort(([a], [b]) => a - b)
    .map(([size, part]) => {
      reached += part.length;
      if (reached !== size) {
        throw new NoTree(`expected ${reached} summands where ${members[0]} meets ${part[0]}, got ${size}`);
      }
      return { members: part, joining: [] };
    });
}

const treeOf = ({ members, joining }: Part): Tree =>
  joining.reduce((tree: Tree, part) => joined(tree, treeOf(part)), members[0]!);

/**
 * The tree of a sum of `count` summands. All parts found in one round are asked about together, so that many probes can go
 * into one call. Throws NoTree where the answers contradict each other.
 */
export function revealTree(count: number, outside: Outside): Tree {
  const whole: Part = { members: Array.from({ length: count }, (_, i) => i), joining: [] };
  for (let round = [whole]; round.length > 0; ) {
    const below = outside(
      round.flatMap(({ members }) => members.slice(1).map((member): Pair => [members[0]!, member])),
    ).map((left) => count - left);
    let asked = 0;
    for (const part of round) {
      const answers = below.slice(asked, asked + part.members.length - 1);
      asked += answers.length;
      part.joining = joiningParts(part.members, answers);
    }
    round = round.flatMap(({ joining }) => joining.filter(({ members }) => members.length > 1));
  }
  return treeOf(whole);
}
