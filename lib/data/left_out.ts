/** What was left out of a split, and what a dataset is, as plain data: for run folders and for people. */
import type { SplitName } from './options.js';

/** Why a file, link or folder is no picture of a split, in the words a user is told. */
export const leftOutReasons = {
  ending: 'with an ending that is not read',
  hidden: 'hidden, their names begin with a dot',
  outside: 'beside the class folders',
  beside: 'beside train/ and validation/',
  link: 'links to folders',
  irregular: 'no regular files',
  samples: 'behind the samples asked for',
  damaged: 'damaged',
} as const;

export type LeftOutReason = keyof typeof leftOutReasons;

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

/** The pictures of a split by class, in the order of the labels. */
export interface DescribedSplit {
  name: SplitName;
  pictures: number;
  classes: readonly { name: string; pictures: number }[];
}

/** What a dataset holds and what was left out of it. */
export interface DatasetDescription {
  source: string;
  imageSize: readonly [height: number, width: number];
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
  return (Object.keys(leftOutReasons) as LeftOutReason[]).flatMap((reason) => {
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

/** Names of files come from strangers: nothing in them may move the cursor. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** Classes that are named one by one; data.json of a run folder has all. */
const mostClasses = 20;

function splitLine({ name, pictures, classes }: DescribedSplit): string {
  const shown = classes.slice(0, mostClasses).map((one) => `${printable(one.name)} ${one.pictures}`);
  const more = classes.length - shown.length;
  const list = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  return `${name}: ${pictures} pictures of ${classes.length} classes: ${list}`;
}

function leftOutLine({ split, reason, count, endings, first }: LeftOut): string {
  const kinds = Object.entries(endings).map(
    ([ending, n]) => `${ending === '' ? 'without ending' : printable(ending)} ${n}`,
  );
  return `left out of ${split}: ${count} ${leftOutReasons[reason]} (${kinds.join(', ')}), first '${printable(first)}'`;
}

/** A description in lines for people: each split with its classes and counts, then what was left out and why. */
export function descriptionLines({ splits, leftOut, damaged }: DatasetDescription): string[] {
  const why = damaged.slice(0, 5).map(({ path, reason }) => `  '${printable(path)}': ${printable(reason)}`);
  return [...splits.map(splitLine), ...leftOut.map(leftOutLine), ...why];
}
