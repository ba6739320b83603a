/** What data of the user's own are: arrays, or samples by number. */
import { ArgumentError, checkOptions, integerOption, show, wordOption } from '../errors/index.js';
import { checkShape, type Nested, type NumberArray, type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { type TargetKind, targetKinds } from './split.js';

/**
 * Samples, with their number as the first axis: a tensor or lists in lists of exactly the shape `[n, ...sample]` (a typed
 * array in a list is a sample, or a row of one), or a typed array or a flat list of numbers with the values one after
 * the other, whose shape is then the model's. What is not float32 or uint8 becomes float32, rounded at most once.
 */
export type ArrayData = Tensor | NumberArray | Nested;

/** Samples and targets in memory: tensors, lists in lists, or typed arrays with the values one after the other. */
export interface ArraySplit {
  x: ArrayData;
  /** A number, or a row of numbers, for each sample. */
  y: ArrayData;
  /** Of one sample; has to be given where `x` is a typed array or a flat list. */
  sampleShape?: Shape;
  /** Of one target; has to be given where `y` is a typed array or a flat list of more than a number for each sample. */
  targetShape?: Shape;
}

/** One sample: its values, and its class or a row of numbers. */
export interface OwnSample {
  x: NumberArray | Nested;
  y: number | NumberArray | Nested;
}

/** Samples by number, from 0 to `length - 1`, made when they are asked for, at once or by a promise. */
export interface ReaderSplit {
  length: number;
  sampleShape: Shape;
  sample(index: number): OwnSample | Promise<OwnSample>;
}

/** A split of data of the user's own: arrays, or samples by number. */
export type OwnSplit = ArraySplit | ReaderSplit;

/** Data of the user's own. */
export interface DataDefinition {
  /** The samples to train on, or a function that gives them when they are needed, at once or by a promise. */
  train: OwnSplit | (() => OwnSplit | Promise<OwnSplit>);
  /** Samples to judge by. */
  validation?: OwnSplit | (() => OwnSplit | Promise<OwnSplit>) | undefined;
  /** Samples that a training never sees. */
  test?: OwnSplit | (() => OwnSplit | Promise<OwnSplit>) | undefined;
  /** Name of each class by its number. Default '0', '1', ... up to the largest there is. */
  classNames?: readonly string[] | undefined;
  /**
   * What targets say. Default `class` for a number each and for rows with a single 1, `several` for rows of 0 and 1,
   * `value` for others.
   */
  targets?: TargetKind | undefined;
  /**
   * `sha256:` and 64 hex digits that stand for all samples and targets. Default: computed from them (docs/contract.md,
   * Data). With one of your own, samples that are given at once are read when a step needs them and not before, so they may
   * be larger than memory; then `classNames` have to be given, or `targets` where these are rows.
   */
  digest?: string | undefined;
}

const members = ['train', 'validation', 'test', 'classNames', 'targets', 'digest'] as const;
const arrayMembers = ['x', 'y', 'sampleShape', 'targetShape'] as const;
const readerMembers = ['length', 'sampleShape', 'sample'] as const;

/**
 * Data that commands and `openTask` can train on: its default export from a module is what `--data ./digits.mjs` takes.
 * Throws ArgumentError for an unknown, missing or bad member.
 * Example: `defineData({ train: { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] }, classNames: ['equal', 'other'] })`.
 */
export function defineData(definition: DataDefinition): DataDefinition {
  return checkDataDefinition('defineData', definition);
}

/** The definition, frozen. Throws ArgumentError, in the words of `who`, for what is none. */
export function checkDataDefinition(who: string, definition: DataDefinition): DataDefinition {
  checkOptions(who, definition, members);
  const { train, classNames, targets, digest } = definition;
  if (typeof train !== 'function') checkSplit(who, 'train', train);
  for (const name of ['validation', 'test'] as const) {
    const split = definition[name];
    if (split !== undefined && typeof split !== 'function') checkSplit(who, name, split);
  }
  if (classNames !== undefined) checkClassNames(who, classNames);
  if (targets !== undefined) wordOption(who, 'targets', targets, targetKinds);
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new ArgumentError({ who, expected: "digest to be 'sha256:' and 64 hex digits", got: show(digest) });
  }
  return Object.freeze({ ...definition });
}

/** Whether a split gives its samples by number. */
export const isReader = (split: OwnSplit): split is ReaderSplit => 'sample' in split;

/** Throws ArgumentError unless a split is `{ x, y }` or `{ length, sampleShape, sample }`. */
export function checkSplit(who: string, name: string, split: OwnSplit): void {
  const forms = `${name} to be { x, y } or { length, sampleShape, sample }`;
  if (typeof split !== 'object' || split === null) throw new ArgumentError({ who, expected: forms, got: show(split) });
  const reader = isReader(split);
  checkOptions(`${who} ${name}`, split, reader ? readerMembers : arrayMembers);
  if (reader) {
    integerOption(who, `length of ${name}`, split.length, 1);
    if (typeof split.sample !== 'function') {
      throw new ArgumentError({ who, expected: `sample of ${name} to be a function`, got: show(split.sample) });
    }
    checkSampleShape(who, name, split.sampleShape);
    return;
  }
  for (const member of ['x', 'y'] as const) {
    if (split[member] !== undefined) continue;
    const hint = member === 'y' ? 'for an autoencoder it is x itself' : undefined;
    throw new ArgumentError({ who, expected: forms, got: `no ${member}`, ...(hint !== undefined && { hint }) });
  }
  if (split.sampleShape !== undefined) checkSampleShape(who, name, split.sampleShape);
  if (split.targetShape !== undefined) checkShape(`${who} ${name} targetShape`, split.targetShape);
}

function checkSampleShape(who: string, name: string, shape: Shape): void {
  checkShape(`${who} ${name} sampleShape`, shape);
  if (shape.length > 0 && sizeOf(shape) > 0) return;
  const expected = `sampleShape of ${name} to have axes of 1 or more`;
  throw new ArgumentError({ who, expected, got: show([...shape]) });
}

function checkClassNames(who: string, names: readonly string[]): void {
  const words = Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '');
  if (words && names.length >= 2 && new Set(names).size === names.length) return;
  throw new ArgumentError({ who, expected: 'classNames to be two or more different words', got: show(names) });
}
