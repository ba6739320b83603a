/** The objects of a mask that count: large enough, and touching none of the exclusion lines. */
import { checkOptions, integerOption, wordOption } from '../errors/index.js';
import { type Components, type Connectivity, connectedComponents } from './components.js';

/** The edges of a picture, any of which may be an exclusion line. */
export const edges = ['left', 'right', 'top', 'bottom'] as const;
/** An edge of a picture. */
export type Edge = (typeof edges)[number];

/** What counts as an object. */
export interface ObjectOptions {
  /** 4 or 8 neighbours. Default 8. */
  connectivity?: Connectivity;
  /** Components of fewer pixels are removed. Default 0: none is. */
  minArea?: number;
  /** Edges whose pixels are exclusion lines: an object that touches one is not counted. Default none. */
  exclude?: readonly Edge[];
}

/** The objects of a mask. */
export interface Objects extends Components {
  /** Whether each object counts, that is touches no exclusion line. */
  counted: readonly boolean[];
  /** How many do. */
  count: number;
  /** Components that were too small to be objects. */
  removed: number;
}

const names = ['connectivity', 'minArea', 'exclude'] as const;

/** The pixels of an edge. */
function edgePixels({ height, width }: Components, edge: Edge): number[] {
  const along = (length: number, at: (i: number) => number) => Array.from({ length }, (_, i) => at(i));
  if (edge === 'left' || edge === 'right')
    return along(height, (row) => row * width + (edge === 'left' ? 0 : width - 1));
  return along(width, (column) => (edge === 'top' ? column : (height - 1) * width + column));
}

/** Throws ArgumentError, in the words of `who`, for an option that is none. */
export function checkObjectOptions(who: string, options: ObjectOptions): void {
  checkOptions(who, options, names);
  if (options.minArea !== undefined) integerOption(who, 'minArea', options.minArea, 0);
  for (const edge of options.exclude ?? []) wordOption(who, 'exclude', edge, edges);
}

/**
 * The objects of a mask `[height, width]` whose pixels are not 0: its connected components without the small ones, numbered anew in
 * their order. Throws as `connectedComponents` does, and ArgumentError for another option.
 * Example: `objectsIn([1, 1, 0, 0, 0, 1], [2, 3], { minArea: 2, exclude: ['left', 'bottom'] }).count`.
 */
export function objectsIn(
  mask: ArrayLike<number | boolean>,
  size: readonly [height: number, width: number],
  options: ObjectOptions = {},
): Objects {
  checkObjectOptions('objectsIn', options);
  const { connectivity = 8, minArea = 0, exclude = [] } = options;
  const all = connectedComponents(mask, size, connectivity);
  let last = 0;
  const numbers = all.areas.map((area) => (area >= minArea ? ++last : 0));
  const labels = all.labels.map((label) => (label === 0 ? 0 : numbers[label - 1]!));
  const areas = all.areas.filter((area) => area >= minArea);
  const counted = areas.map(() => true);
  const kept = { height: all.height, width: all.width, labels, areas };
  for (const edge of exclude) {
    for (const at of edgePixels(kept, edge)) if (labels[at] !== 0) counted[labels[at]! - 1] = false;
  }
  return { ...kept, counted, count: counted.filter(Boolean).length, removed: all.areas.length - areas.length };
}
