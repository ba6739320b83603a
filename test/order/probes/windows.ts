// Where windows lie, and which places of a picture are summed alike.

import { type Padding, type Pair, resolveWindow } from '../../../lib/ops/index.js';
import type { WindowGeometry } from '../../support/geometry.js';

export interface WindowCase {
  /** [n, h, w, channels]. */
  readonly x: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly strides?: Pair;
  readonly dilations?: Pair;
  readonly padding?: Padding;
}

/** The geometry of a case, and the settings its kernel takes. */
export function windowOf({ x, kernel, strides = 1, dilations = 1, padding = 'valid' }: WindowCase) {
  const [n, h, w] = x;
  const resolved = resolveWindow('order', { inputs: [h, w], kernel, strides, dilations, padding });
  const { outputs, ...settings } = resolved;
  const g: WindowGeometry = { n, h, w, kh: kernel[0], kw: kernel[1], oh: outputs[0], ow: outputs[1], ...settings };
  return { g, settings };
}

/** A case as it stands in titles. */
export const windowTitle = ({ x, kernel, strides, dilations, padding }: WindowCase): string =>
  `[${x}] by [${kernel}] ${JSON.stringify({ strides, dilations, padding })}`;

/** Places that sum the same list, with that list. */
export interface Alike<T> {
  readonly list: readonly T[];
  readonly places: readonly (readonly [number, number])[];
}

/** The places of an `h` by `w` grid grouped by the list each of them sums; lists of fewer than 3 have only one order. */
export function alike<T>(h: number, w: number, listAt: (row: number, column: number) => T[], least = 3): Alike<T>[] {
  const groups = new Map<string, { list: T[]; places: [number, number][] }>();
  for (let row = 0; row < h; ++row) {
    for (let column = 0; column < w; ++column) {
      const list = listAt(row, column);
      if (list.length < least) continue;
      const key = JSON.stringify(list);
      if (!groups.has(key)) groups.set(key, { list, places: [] });
      groups.get(key)!.places.push([row, column]);
    }
  }
  return [...groups.values()];
}
