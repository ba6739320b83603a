/** What was left out of a split, and what a dataset is, as plain data: for run folders and for people. */

import type { DataForm } from './split.js';
import type { SplitName } from './split_names.js';

/**
 * Why a name is no picture of a split: an ending that is not read; hidden by a dot; beside the class folders, or beside
 * train/ and validation/; a link to a folder; no regular file; without the other of picture and mask; not named by the file of
 * splits; of a patient whose pictures are in another split; behind the samples asked for; damaged.
 */
export const leftOutReasons = [
  ...(['ending', 'hidden', 'outside', 'beside', 'link', 'irregular'] as const),
  ...(['unpaired', 'unlisted', 'patient', 'samples', 'damaged'] as const),
];

/** Why a file is no part of a dataset. */
export type LeftOutReason = (typeof leftOutReasons)[number];

/** A name that was left out, relative to its split's folder. */
export interface LeftOutPath {
  path: string;
  reason: LeftOutReason;
}

/** What was left out of a split for one reason. */
export interface LeftOut {
  split: SplitName;
  reason: LeftOutReason;
  count: number;
  /** How many of each ending, in lower case; '' stands for none. */
  endings: Readonly<Record<string, number>>;
  /** The first of them. */
  first: string;
}

/** The samples of a split, by class in the order of the labels where each has one class. */
export interface DescribedSplit {
  name: SplitName;
  samples: number;
  classes: readonly { name: string; samples: number }[];
}

/** What a dataset holds and what was left out of it. */
export interface DatasetDescription extends DataForm {
  digest: string;
  splits: readonly DescribedSplit[];
  leftOut: readonly LeftOut[];
  damaged: readonly { split: SplitName; path: string; reason: string }[];
}

/** A file's ending in lower case with its dot, '' for none. A name that only begins with a dot has none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}

/** Counts what was left out of a split by reason, in the order of `leftOutReasons`. */
export function countLeftOut(split: SplitName, paths: readonly LeftOutPath[]): LeftOut[] {
  return leftOutReasons.flatMap((reason) => {
    const own = paths.filter((one) => one.reason === reason);
    if (own.length === 0) return [];
    const endings = new Map<string, number>();
    for (const { path } of own) {
      const ending = extensionOf(path);
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
    const sorted = [...endings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return [{ split, reason, count: own.length, endings: Object.fromEntries(sorted), first: own[0]!.path }];
  });
}
