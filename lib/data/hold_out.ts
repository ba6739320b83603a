/**
 * Samples held out of those to train on, to validate by: a number of them, shared evenly by the classes, or a share of each
 * class. Which ones is drawn from a seed (docs/contract.md, Data). Samples of one group, such as pictures of one patient,
 * stay together.
 */
import { ArgumentError, DataError, integerOption, numberOption, seedOption, show } from '../errors/index.js';
import { shuffle, streams } from '../random/index.js';

/** How many samples are held out, and the seed that says which. */
export interface HoldOutOptions {
  /** Samples to validate by, taken from those to train on: evenly of all classes, an earlier class takes the odd one. */
  validationSamples?: number | undefined;
  /** Share of the training samples to validate by, of each class alike, rounded to the nearest sample and at least one. */
  validationFraction?: number | undefined;
  /** Decides which samples are held out. Default 0. */
  splitSeed?: number | undefined;
}

/** The options of holding out, by name. */
export const holdOutNames = [
  ...(['validationSamples', 'validationFraction', 'splitSeed'] as const),
] satisfies (keyof HoldOutOptions)[];

/** Whether samples are held out. Throws ArgumentError, in the words of `who`, for a number that is none. */
export function holdsOut(who: string, options: HoldOutOptions): boolean {
  const { validationSamples, validationFraction, splitSeed } = options;
  if (validationSamples !== undefined) integerOption(who, 'validationSamples', validationSamples, 1);
  if (validationFraction !== undefined) {
    const words = 'a number above 0, below 1';
    numberOption(who, 'validationFraction', validationFraction, words, (share) => share > 0 && share < 1);
  }
  if (validationSamples !== undefined && validationFraction !== undefined) {
    throw new ArgumentError({ who, expected: 'validationSamples or validationFraction', got: 'both' });
  }
  if (splitSeed !== undefined) seedOption(who, 'splitSeed', splitSeed);
  const holds = validationSamples !== undefined || validationFraction !== undefined;
  if (holds || splitSeed === undefined) return holds;
  const expected = 'validationSamples or validationFraction beside splitSeed';
  throw new ArgumentError({ who, expected, got: 'neither' });
}

/** The samples of a split to hold out of. */
export interface Members {
  length: number;
  /** The class of each sample; absent where samples have none, which are then as one class. */
  labels?: ArrayLike<number> | undefined;
  classNames: readonly string[];
  /** What each sample belongs to; samples of one name are never in two splits. Absent: each is alone. */
  groups?: readonly string[] | undefined;
}

/** Numbers of the samples that stay and of those that are held out, each in their order. */
export interface HeldOut {
  kept: Uint32Array;
  held: Uint32Array;
}

/**
 * Holds samples out. A group counts for the class of its first sample. For each class, its groups in the shuffle of (splitSeed,
 * stream split, step class) are held out one by one until as many samples as wanted are. Throws DataError where a class would
 * have no sample left to train on, or too few to hold out.
 */
export function heldOut(who: string, members: Members, options: HoldOutOptions): HeldOut {
  const { length, classNames } = members;
  const classes = members.labels === undefined ? 1 : classNames.length;
  const groups = groupsOf(members, classes);
  const wanted = wantedOf(who, groups, options);
  const isHeld = new Uint8Array(length);
  groups.forEach((own, label) => {
    const order = shuffle(own.length, { seed: options.splitSeed ?? 0, stream: streams.split, step: label });
    let count = 0;
    for (const at of order) {
      if (count >= wanted[label]!) break;
      for (const i of own[at]!) isHeld[i] = 1;
      count += own[at]!.length;
    }
  });
  const numbers = Uint32Array.from({ length }, (_, i) => i);
  const kept = numbers.filter((i) => isHeld[i] === 0);
  expectEachClass(who, members, classes, kept);
  return { kept, held: numbers.filter((i) => isHeld[i] === 1) };
}

/** The groups of each class, in the order of their first samples, each as the numbers of its samples. */
function groupsOf({ length, labels, groups }: Members, classes: number): number[][][] {
  const found: number[][][] = Array.from({ length: classes }, () => []);
  const named = new Map<string, number[]>();
  for (let i = 0; i < length; i++) {
    const known = groups && named.get(groups[i]!);
    if (known !== undefined) {
      known.push(i);
      continue;
    }
    const group = [i];
    if (groups !== undefined) named.set(groups[i]!, group);
    found[labels?.[i] ?? 0]!.push(group);
  }
  return found;
}

function wantedOf(who: string, groups: readonly number[][][], options: HoldOutOptions): number[] {
  const { validationSamples, validationFraction } = options;
  const sizes = groups.map((own) => own.reduce((sum, group) => sum + group.length, 0));
  if (validationFraction !== undefined) {
    return sizes.map((size) => (size === 0 ? 0 : Math.max(1, Math.round(size * validationFraction))));
  }
  const all = validationSamples!;
  const there = sizes.filter((size) => size > 0).length;
  if (all < there) {
    const expected = `validationSamples to be at least ${there}, one for each class`;
    throw new ArgumentError({ who, expected, got: show(all) });
  }
  let before = 0;
  return sizes.map((size) => (size === 0 ? 0 : Math.floor(all / there) + (before++ < all % there ? 1 : 0)));
}

/** Throws DataError for a class of which nothing is left to train on, so that too few samples are told too. */
function expectEachClass(
  who: string,
  { labels, classNames, length }: Members,
  classes: number,
  kept: Uint32Array,
): void {
  const count = (numbers: Iterable<number>) => {
    const counts = new Array<number>(classes).fill(0);
    for (const i of numbers) counts[labels?.[i] ?? 0]! += 1;
    return counts;
  };
  const left = count(kept);
  const all = count(Array.from({ length }, (_, i) => i));
  const empty = all.findIndex((own, label) => own > 0 && left[label] === 0);
  if (empty < 0) return;
  const what = labels === undefined ? '' : ` of class ${show(classNames[empty])}`;
  throw new DataError({
    who,
    expected: `samples${what} to be left to train on`,
    got: `all ${all[empty]} held out`,
    hint: 'hold out fewer',
  });
}
