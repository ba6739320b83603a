/**
 * The part of a tensor that numpy's basic indexing takes: `:,:,0,0`, `:32,0`, `-1`, `...,0`, `::2`. Stricter than
 * numpy in one thing: a bound beyond the axis, or a slice of no values, is refused and not cut to what there is.
 */
import { ArgumentError, show } from '../errors/index.js';

/** Places along an axis, first to last; `kept` if the axis stays in the result. */
interface Places {
  places: number[];
  kept: boolean;
}

const who = '--slice';
const integer = /^[+-]?\d{1,15}$/;

function refuse(expected: string, got: string): never {
  throw new ArgumentError({ who, expected, got: show(got) });
}

function placeOf(text: string, axis: number, shape: readonly number[]): Places {
  const length = shape[axis]!;
  const place = Number(text);
  if (place < -length || place >= length) {
    refuse(`an index from ${-length} to ${length - 1} on axis ${axis} of ${show([...shape])}`, text);
  }
  return { places: [place < 0 ? place + length : place], kept: false };
}

function rangeOf(text: string, axis: number, shape: readonly number[]): Places {
  const length = shape[axis]!;
  const [from = '', to = '', by = ''] = text.split(':').map((part) => part.trim());
  const step = by === '' ? 1 : Number(by);
  if (step === 0) refuse('a step other than 0', text);
  const bound = (given: string, otherwise: number) => {
    if (given === '') return otherwise;
    const at = Number(given);
    if (Math.abs(at) > length)
      refuse(`bounds from ${-length} to ${length} on axis ${axis} of ${show([...shape])}`, text);
    return at < 0 ? at + length : at;
  };
  const first = step > 0 ? bound(from, 0) : Math.min(bound(from, length - 1), length - 1);
  const end = step > 0 ? bound(to, length) : bound(to, -1);
  const places: number[] = [];
  for (let at = first; step > 0 ? at < end : at > end; at += step) places.push(at);
  if (places.length === 0) refuse('a slice of one value or more', text);
  return { places, kept: true };
}

/** What a part between commas selects. */
function partOf(text: string, axis: number, shape: readonly number[], whole: string): Places {
  if (integer.test(text)) return placeOf(text, axis, shape);
  const bounds = text.split(':').map((part) => part.trim());
  const isRange = bounds.length > 1 && bounds.length < 4 && bounds.every((part) => part === '' || integer.test(part));
  if (!isRange) refuse("numpy's indices such as ':,:,0,0'", whole);
  return rangeOf(text, axis, shape);
}

/** The parts between commas, one for each axis; `...` stands for as many `:` as are missing, as does nothing at the end. */
function partsOf(text: string, shape: readonly number[]): string[] {
  const parts = text.split(',').map((part) => part.trim());
  const gap = parts.indexOf('...');
  const given = parts.length - (gap < 0 ? 0 : 1);
  if (given > shape.length) refuse(`at most ${shape.length} indices for the shape ${show([...shape])}`, text);
  const missing = new Array<string>(shape.length - given).fill(':');
  return gap < 0 ? [...parts, ...missing] : [...parts.slice(0, gap), ...missing, ...parts.slice(gap + 1)];
}

/** A part of a tensor: its shape, and the places of its values in the whole, row-major. */
export interface Slice {
  shape: number[];
  offsets: number[];
}

/** The slice `text` of a tensor of this shape; throws ArgumentError on another grammar or what is not there. */
export function sliceOf(text: string, shape: readonly number[]): Slice {
  const axes = partsOf(text, shape).map((part, axis) => partOf(part, axis, shape, text));
  let offsets = [0];
  for (const [axis, { places }] of axes.entries()) {
    offsets = offsets.flatMap((offset) => places.map((place) => offset * shape[axis]! + place));
  }
  return { shape: axes.filter(({ kept }) => kept).map(({ places }) => places.length), offsets };
}
