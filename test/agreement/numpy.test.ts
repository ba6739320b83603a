// The text and the slices of `samebits weights` against numpy's own, kept in fixtures/numpy.jsonl by numpy_samples.py.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrayText } from '../../lib/cli/array_text.js';
import { sliceOf } from '../../lib/cli/slice.js';
import { root } from '../architecture/sources.js';

interface Printed {
  kind: 'print';
  what: string;
  shape: number[];
  dtype: string;
  words: number[];
  numpy: string;
}

interface Sliced {
  kind: 'slice';
  shape: number[];
  slice: string;
  numpy: { shape: number[]; offsets: number[] };
}

const [versions, ...samples] = readFileSync(join(root, 'test/agreement/fixtures/numpy.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const printed = samples.filter(({ kind }: Printed | Sliced) => kind === 'print') as Printed[];
const sliced = samples.filter(({ kind }: Printed | Sliced) => kind === 'slice') as Sliced[];

const valuesOf = ({ dtype, words }: Printed) =>
  dtype === 'float32' ? new Float32Array(Uint32Array.from(words).buffer) : words;

describe(`arrays are printed as by numpy ${versions.numpy}`, () => {
  it(`in ${printed.length} samples, to the character`, () => {
    expect(printed.length).toBeGreaterThan(200);
    for (const sample of printed) {
      const { shape, dtype } = sample;
      expect(arrayText({ shape, dtype, values: valuesOf(sample) }), sample.what).toBe(sample.numpy);
    }
  });
});

describe(`slices are those of numpy ${versions.numpy}`, () => {
  it.each(sliced)('$slice of $shape', ({ shape, slice, numpy }) => {
    expect(sliceOf(slice, shape)).toEqual(numpy);
  });
});
