// Trees of additions: a leaf is the number of a summand, a join is one addition. IEEE addition commutes, so the part that
// holds the lower summand is always written on the left and two trees that add alike are written alike.

export interface Join {
  readonly left: Tree;
  readonly right: Tree;
  /** How many summands stand below. */
  readonly size: number;
  /** The lowest of them. */
  readonly first: number;
}

export type Tree = number | Join;

export const sizeOf = (tree: Tree): number => (typeof tree === 'number' ? 1 : tree.size);
const firstOf = (tree: Tree): number => (typeof tree === 'number' ? tree : tree.first);

/** The sum of two parts; an empty part (null) is +0 and leaves the other as it is. */
export function join(a: Tree | null, b: Tree | null): Tree | null {
  if (a === null || b === null) return a ?? b;
  return joined(a, b);
}

/** The sum of two parts that are not empty. */
export function joined(a: Tree, b: Tree): Join {
  const [left, right] = firstOf(a) < firstOf(b) ? [a, b] : [b, a];
  return { left, right, size: sizeOf(a) + sizeOf(b), first: firstOf(left) };
}

const shown = (tree: Tree): string =>
  typeof tree === 'number' ? `summand ${tree}` : `${tree.size} from ${tree.first}`;
const partsOf = (tree: Tree): string =>
  typeof tree === 'number' ? shown(tree) : `(${shown(tree.left)}) + (${shown(tree.right)})`;

/** Where two trees first differ, from the root down, as a sentence; undefined when they are the same. */
export function treeDifference(got: Tree, want: Tree): string | undefined {
  if (typeof got === 'number' || typeof want === 'number') {
    return got === want ? undefined : `expected ${shown(want)}, got ${shown(got)}`;
  }
  if (sizeOf(got.left) !== sizeOf(want.left) || firstOf(got.right) !== firstOf(want.right)) {
    return `a sum of ${want.size} summands: expected ${partsOf(want)}, got ${partsOf(got)}`;
  }
  return treeDifference(got.left, want.left) ?? treeDifference(got.right, want.right);
}
