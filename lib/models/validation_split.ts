/** `validationSplit`: the last samples of arrays are judged instead of learnt from. */
import type { ArrayData } from '../data/index.js';
import { ArgumentError, numberOption, show } from '../errors/index.js';
import { isFlat, isTyped, Tensor, tensor } from '../tensor/index.js';
import { rowsOf } from './rows.js';
import type { RunData } from './run_fit.js';
import type { ArrayFitData, FitData, SampleShapes } from './samples.js';

/** What is learnt from, and what is judged. */
export interface Cut<T> {
  data: T;
  validationData: FitData | undefined;
}

/** Samples from `from` to `to`, of `count` in all. */
function part(data: ArrayData, count: number, from: number, to: number): ArrayData {
  if (data instanceof Tensor) {
    const size = data.size / count;
    return tensor(data.runtime, data.data().slice(from * size, to * size), [to - from, ...data.shape.slice(1)]);
  }
  const each = isTyped(data) || isFlat(data) ? (data as ArrayLike<number>).length / count : 1;
  return (data as number[]).slice(from * each, to * each);
}

/**
 * Data and validation data of a fit. Throws ArgumentError for a split that is no share, for data that are no arrays, beside
 * `validationData`, and where one side would have no sample.
 */
export function cutData<T extends FitData | RunData>(
  who: string,
  data: T,
  options: { validationSplit?: number; validationData?: FitData | undefined },
  shapes: SampleShapes,
): Cut<T> {
  const { validationSplit: given, validationData } = options;
  if (given === undefined || given === 0) return { data, validationData };
  const share = numberOption(who, 'validationSplit', given, 'a number from 0, below 1', (x) => x >= 0 && x < 1);
  if (validationData !== undefined) {
    throw new ArgumentError({ who, expected: 'validationSplit or validationData', got: 'both' });
  }
  if (typeof data !== 'object' || data === null || !('x' in data && 'y' in data)) {
    const hint = 'cut other data before';
    throw new ArgumentError({ who, expected: 'data as { x, y } beside validationSplit', got: show(data), hint });
  }
  const all: ArrayFitData = data;
  const { count } = rowsOf(who, 'x', all.x, shapes.x);
  rowsOf(who, 'y', all.y, shapes.target ?? shapes.y);
  const at = Math.floor(count * (1 - share));
  if (at === 0 || at === count) {
    const expected = `validationSplit to leave samples of ${count} on both sides`;
    throw new ArgumentError({ who, expected, got: show(share) });
  }
  const cut = (from: number, to: number): ArrayFitData => ({
    x: part(all.x, count, from, to),
    y: part(all.y, count, from, to),
    ...(all.sampleWeight && { sampleWeight: Array.from(all.sampleWeight).slice(from, to) }),
  });
  return { data: cut(0, at) as T, validationData: cut(at, count) };
}
