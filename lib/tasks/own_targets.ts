/** What the targets of the user's own data say: their kind, found or asked for, and their values in its form. */
import type { DataDefinition, SplitName, TargetKind, Targets } from '../data/index.js';
import { DataError, show } from '../errors/index.js';
import { type Shape, sameShape, sizeOf } from '../tensor/index.js';
import type { RawSplit } from './raw_split.js';

type Numbers = ArrayLike<number>;

/** The kind of targets and how one becomes what it says. */
export interface OwnTargets {
  targets: Targets;
  classNames: readonly string[];
  /** One target in its form. Throws DataError, which names the sample, for what is none. */
  read(split: SplitName, index: number, y: Numbers): Numbers;
}

const isOneHot = (y: Numbers): boolean => {
  let ones = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i] === 1) ones++;
    else if (y[i] !== 0) return false;
  }
  return ones === 1;
};
const isZeroOrOne = (y: Numbers): boolean =>
  Array.prototype.every.call(y, (value: number) => value === 0 || value === 1);

/** Whether all targets in memory are so. */
const all = (splits: readonly RawSplit[], holds: (y: Numbers) => boolean): boolean =>
  splits.every(({ length, row }) => {
    for (let i = 0; i < length; i++) if (!holds(row(i).y)) return false;
    return true;
  });

/** The kind that targets of this shape have where none is asked for. */
function usualKind(who: string, splits: readonly RawSplit[], shape: Shape): TargetKind {
  if (sizeOf(shape) === 1 && shape.length <= 1) return 'class';
  if (splits.some(({ memory }) => memory === undefined)) {
    const expected = 'targets, the kind of them, beside a digest of your own';
    throw new DataError({ who, expected, got: `rows ${show([...shape])} without` });
  }
  if (shape.length !== 1) return 'value';
  if (all(splits, isOneHot)) return 'class';
  return all(splits, isZeroOrOne) ? 'several' : 'value';
}

/** What targets of each kind are: their shape, from that of the rows, and how a row is read; undefined says it is none. */
const kinds: Record<
  TargetKind,
  { shape(rows: Shape): Shape | undefined; read(y: Numbers): Numbers | undefined; words: string }
> = {
  class: {
    shape: (rows) => (rows.length <= 1 ? [] : undefined),
    read: (y) => (y.length > 1 ? (isOneHot(y) ? [Array.prototype.indexOf.call(y, 1)] : undefined) : labels(y)),
    words: 'an integer >= 0 or a row with a single 1',
  },
  several: {
    shape: (rows) => (rows.length === 1 && rows[0]! > 1 ? rows : undefined),
    read: (y) => (Array.prototype.every.call(y, (value: number) => value >= 0 && value <= 1) ? y : undefined),
    words: 'a row of numbers from 0 to 1',
  },
  value: {
    shape: (rows) => (rows.length === 0 ? [1] : rows),
    read: (y) => y,
    words: 'numbers',
  },
  mask: {
    shape: (rows) => (rows.length > 1 ? (rows.at(-1) === 1 ? rows.slice(0, -1) : rows) : undefined),
    read: (y) => labels(y),
    words: 'an integer >= 0 for each place, in two axes or more',
  },
};

const labels = (y: Numbers): Numbers | undefined =>
  Array.prototype.every.call(y, (value: number) => Number.isSafeInteger(value) && value >= 0) ? y : undefined;

/** The targets of splits that lie side by side. Throws DataError for what they are not. */
export function ownTargets(who: string, splits: readonly RawSplit[], definition: DataDefinition): OwnTargets {
  const [{ targetShape: rows }] = splits as [RawSplit];
  for (const { name, targetShape } of splits) {
    if (sameShape(targetShape, rows)) continue;
    const expected = `targets ${show([...rows])} in ${name}, as in train`;
    throw new DataError({ who, expected, got: show([...targetShape]) });
  }
  const kind = definition.targets ?? usualKind(who, splits, rows);
  const { words, ...form } = kinds[kind];
  const shape = form.shape(rows);
  if (shape === undefined) {
    throw new DataError({ who, expected: `targets of the kind '${kind}', ${words}`, got: `rows ${show([...rows])}` });
  }
  const read = (split: SplitName, index: number, y: Numbers): Numbers => {
    const found = form.read(y);
    if (found !== undefined) return found;
    const hint = definition.targets === undefined ? "targets: 'value' makes them numbers of any meaning" : undefined;
    const got = `${y.length === 1 ? y[0] : show(Array.from(y).slice(0, 20))} in ${split} sample ${index}`;
    throw new DataError({ who, expected: `targets to be ${words}`, got, ...(hint !== undefined && { hint }) });
  };
  const classNames = namesFor(who, kind, rows, splits, definition, read);
  return {
    targets: { kind, shape, classes: classNames.length },
    classNames,
    read: bounded(who, kind, classNames, read),
  };
}

/** Refuses the number of a class that has no name. */
function bounded(
  who: string,
  kind: TargetKind,
  names: readonly string[],
  read: OwnTargets['read'],
): OwnTargets['read'] {
  if (kind !== 'class' && kind !== 'mask') return read;
  return (split, index, y) => {
    const found = read(split, index, y);
    const bad = Array.prototype.find.call(found, (label: number) => label >= names.length);
    if (bad === undefined) return found;
    const expected = `labels below ${names.length}, one for each of classNames`;
    throw new DataError({ who, expected, got: `${bad} in ${split} sample ${index}` });
  };
}

function namesFor(
  who: string,
  kind: TargetKind,
  rows: Shape,
  splits: readonly RawSplit[],
  { classNames }: DataDefinition,
  read: OwnTargets['read'],
): readonly string[] {
  if (kind === 'value') {
    if (classNames === undefined) return [];
    throw new DataError({ who, expected: "no classNames beside targets of the kind 'value'", got: show(classNames) });
  }
  const byRow = kind !== 'mask' && sizeOf(rows) > 1;
  const count = byRow ? rows[0]! : (classNames?.length ?? countClasses(who, splits, read));
  if (classNames !== undefined && classNames.length !== count) {
    throw new DataError({
      who,
      expected: `${count} classNames, one for each value of a row`,
      got: `${classNames.length}`,
    });
  }
  if (count < 2) throw new DataError({ who, expected: 'targets of at least two classes', got: 'only class 0' });
  return classNames ?? Array.from({ length: count }, (_, i) => String(i));
}

function countClasses(who: string, splits: readonly RawSplit[], read: OwnTargets['read']): number {
  let most = -1;
  for (const { name, length, memory, row } of splits) {
    if (memory === undefined) {
      throw new DataError({ who, expected: 'classNames beside a digest of your own', got: 'none' });
    }
    for (let i = 0; i < length; i++) {
      const found = read(name, i, row(i).y);
      for (let k = 0; k < found.length; k++) if (found[k]! > most) most = found[k]!;
    }
  }
  return most + 1;
}
