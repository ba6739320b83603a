/**
 * Arrays as numpy prints them (`repr`, its default options): the digits that tell a float32 from its neighbours, eight
 * after the point at most, columns aligned, lines of 75 characters, more than 1000 values shortened to three at each
 * end. A paper's listing can so be laid beside it.
 */
import { type FloatColumn, floatColumn } from './float_text.js';

const LINE_WIDTH = 75;
const SHOWN_WHOLE = 1000;
const EDGE = 3;
const GAP = '...';

/** Values in row-major order with their shape; a shape of no axes holds one value. */
export interface ArrayView {
  shape: readonly number[];
  dtype: string;
  values: ArrayLike<number>;
}

/** A shape as Python writes it: `(3, 3)`, `(32,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** The places along an axis that are printed; `null` stands for the gap. */
function placesOf(length: number, shortened: boolean): (number | null)[] {
  const all = Array.from({ length }, (_, i) => i);
  return shortened && length > 2 * EDGE ? [...all.slice(0, EDGE), null, ...all.slice(-EDGE)] : all;
}

/** Offsets of the values that are printed. */
function* shownOffsets(shape: readonly number[], shortened: boolean, offset = 0): Generator<number> {
  const [length, ...rest] = shape;
  if (length === undefined) {
    yield offset;
    return;
  }
  for (const place of placesOf(length, shortened)) {
    if (place !== null) yield* shownOffsets(rest, shortened, offset * length + place);
  }
}

function integerColumn(values: readonly number[]): FloatColumn {
  const width = values.reduce((most, one) => Math.max(most, String(one).length), 0);
  return (value) => String(value).padStart(width);
}

/** The array as `repr(numpy_array)`: `array([[...]], dtype=float32)`. */
export function arrayText({ shape, dtype, values }: ArrayView): string {
  const shortened = values.length > SHOWN_WHOLE;
  const shown = [...shownOffsets(shape, shortened)].map((offset) => values[offset]!);
  const column = dtype === 'float32' ? floatColumn(shown) : integerColumn(shown);
  const text = `array(${nested(shape, ' '.repeat(6), LINE_WIDTH - 1, (offset) => column(values[offset]!), shortened)},`;
  const last = text.length - (text.lastIndexOf('\n') + 1);
  const ending = `dtype=${dtype})`;
  return `${text}${last + ending.length + 1 > LINE_WIDTH ? `\n${' '.repeat(6)}` : ' '}${ending}`;
}

/** An array in brackets; lines after the first begin with `indent`. */
function nested(
  shape: readonly number[],
  indent: string,
  width: number,
  word: (offset: number) => string,
  shortened: boolean,
  offset = 0,
): string {
  const [length, ...rest] = shape;
  if (length === undefined) return word(offset);
  const places = placesOf(length, shortened);
  if (rest.length === 0) {
    const words = places.map((place) => (place === null ? GAP : word(offset * length + place)));
    return `[${wrapped(words, `${indent} `, width - 1)}]`;
  }
  const parts = places.map((place) =>
    place === null ? GAP : nested(rest, `${indent} `, width - 1, word, shortened, offset * length + place),
  );
  return `[${parts.join(`,${'\n'.repeat(rest.length)}${indent} `)}]`;
}

/** Words with commas between them, in lines of `width`. */
function wrapped(words: readonly string[], indent: string, width: number): string {
  let text = '';
  let line = indent;
  for (const [i, word] of words.entries()) {
    if (line.length + word.length > width && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i < words.length - 1 ? `${word}, ` : word;
  }
  return (text + line).slice(indent.length);
}
