/** Connected components of a mask: which pixels belong together, numbered in the order in which their first pixels come, row by row. */
import { ArgumentError, ShapeError, show } from '../errors/index.js';

/** 4: pixels that share a side belong together; 8: also those that share a corner. */
export type Connectivity = 4 | 8;

/** The parts of a mask. */
export interface Components {
  height: number;
  width: number;
  /** For each pixel the number of its component from 1, 0 for the background. */
  labels: Int32Array;
  /** Pixels of each component; `areas[0]` is that of component 1. */
  areas: readonly number[];
}

/** Earlier neighbours of a pixel: those before it, row by row. */
const earlier: Readonly<Record<Connectivity, readonly (readonly [row: number, column: number])[]>> = {
  4: [
    [-1, 0],
    [0, -1],
  ],
  8: [
    [-1, -1],
    [-1, 0],
    [-1, 1],
    [0, -1],
  ],
};

/** Throws unless a mask has the pixels of its size. */
function checkMask(who: string, mask: ArrayLike<unknown>, [height, width]: readonly [number, number]): void {
  if (mask.length === height * width) return;
  throw new ShapeError({ who, expected: `a mask of ${height} x ${width} pixels`, got: `${mask.length} values` });
}

/**
 * The connected components of a mask `[height, width]` whose pixels are not 0. Throws ShapeError for another number of values,
 * ArgumentError for a connectivity that is neither 4 nor 8. Two passes over the pixels with a union of equal numbers.
 * Example: `connectedComponents([1, 0, 1, 1], [2, 2], 4).areas`.
 */
export function connectedComponents(
  mask: ArrayLike<number | boolean>,
  size: readonly [height: number, width: number],
  connectivity: Connectivity = 8,
): Components {
  const who = 'connectedComponents';
  if (connectivity !== 4 && connectivity !== 8) {
    throw new ArgumentError({ who, expected: 'connectivity to be 4 or 8', got: show(connectivity) });
  }
  checkMask(who, mask, size);
  const [height, width] = size;
  const labels = new Int32Array(height * width);
  const parents = [0];
  const rootOf = (label: number): number => {
    let root = label;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = label; parents[at] !== root; ) [parents[at], at] = [root, parents[at]!];
    return root;
  };
  const neighbours = earlier[connectivity];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (!mask[at]) continue;
      let own = 0;
      for (const [down, right] of neighbours) {
        const [r, c] = [row + down, column + right];
        if (r < 0 || c < 0 || c >= width) continue;
        const found = labels[r * width + c]!;
        if (found === 0) continue;
        const root = rootOf(found);
        // The smaller number stays, so a component has the number of its first pixel.
        if (own === 0 || root === own) own = root;
        else {
          const [less, more] = root < own ? [root, own] : [own, root];
          parents[more] = less;
          own = less;
        }
      }
      if (own === 0) own = parents.push(parents.length) - 1;
      labels[at] = own;
    }
  }
  const numbers = new Map<number, number>();
  const areas: number[] = [];
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    const root = rootOf(labels[at]!);
    const number = numbers.get(root) ?? areas.push(0);
    numbers.set(root, number);
    labels[at] = number;
    areas[number - 1]! += 1;
  }
  return { height, width, labels, areas };
}
