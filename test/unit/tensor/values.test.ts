// Tensors from lists in lists and from typed arrays of every kind: their shape is theirs, or they are refused with the place.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime, full, type Nested, type NumberArray, tensor, zeros } from '../../../lib/index.js';
import { counted, faults } from '../../support/nested_faults.js';

const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** Dtype, shape and values of what is made of these. */
function made(values: unknown, shape?: readonly number[]) {
  using x = tensor(runtime, values as Nested, shape);
  return { dtype: x.dtype, shape: x.shape, values: [...x.data()] };
}

describe('lists in lists', () => {
  it('give a tensor their own shape', () => {
    const values = [
      [1, 2],
      [3, 4],
    ];
    expect(made(values)).toEqual({ dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 4] });
    expect(made([])).toEqual({ dtype: 'float32', shape: [0], values: [] });
    expect(made([[], []])).toEqual({ dtype: 'float32', shape: [2, 0], values: [] });
  });

  it('of any shape give that shape and their values in order (drawn, seed 15031)', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const values = Array.from({ length: size }, (_, i) => i + 1);
        expect(made(counted(shape))).toEqual({ dtype: 'float32', shape, values });
        expect(made(counted(shape), shape)).toEqual({ dtype: 'float32', shape, values });
        expect(made(values, shape)).toEqual({ dtype: 'float32', shape, values });
      }),
      { seed: 15031, numRuns: 200 },
    );
  });

  it('with one wrong place are refused, naming it (drawn, seed 15032)', () => {
    fc.assert(
      fc.property(faults(2), fc.boolean(), ({ shape, lists, place, words }, given) => {
        const hint = `values has the shape [${shape.join(', ')}]`;
        const make = () => tensor(runtime, lists as Nested, given ? shape : undefined);
        expect(make).toThrow(expect.objectContaining({ message: `tensor: expected values${place} ${words}; ${hint}` }));
      }),
      { seed: 15032, numRuns: 500 },
    );
  });

  it('have to have the shape that is given beside them', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(() => tensor(runtime, rows, [3, 2])).toThrow(
      'tensor: expected values to hold 3, got 2; values has the shape [3, 2]',
    );
    expect(() => tensor(runtime, rows, [6])).toThrow(
      'tensor: expected values to hold 6, got 2; values has the shape [6]',
    );
    expect(() => tensor(runtime, [1, 2, 3], [2, 2])).toThrow('tensor: expected 4 values, got 3');
  });

  it('may have typed arrays as rows', () => {
    const rows = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
    expect(made(rows)).toEqual({ dtype: 'float32', shape: [2, 2], values: [1, 2, 3, 4] });
    expect(made([Float64Array.of(0.1), [0.2]]).values).toEqual([Math.fround(0.1), Math.fround(0.2)]);
    expect(made([Uint8Array.of(1, 2, 3, 4)], [1, 2, 2]).shape).toEqual([1, 2, 2]);
    expect(() => made([Float32Array.of(1, 2), Float32Array.of(3)])).toThrow(
      'tensor: expected values[1] to hold 2, got 1; values has the shape [2, 2]',
    );
  });

  it('that hold themselves, or have too many axes, are refused', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    const message = 'tensor: expected a shape of at most 8 lengths >= 0, got [1, 1, 1, 1, 1, 1, 1, 1, 1]';
    expect(() => made(endless)).toThrow(message);
    expect(() => made(counted([1, 1, 1, 1, 1, 1, 1, 1, 1]))).toThrow(message);
  });
});

describe('typed arrays', () => {
  const kept: [NumberArray, string][] = [
    [Float32Array.of(1, -0, Number.NaN), 'float32'],
    [Int32Array.of(2 ** 31 - 1, -(2 ** 31)), 'int32'],
    [Uint8Array.of(0, 255), 'uint8'],
    [Uint8ClampedArray.of(0, 255), 'uint8'],
    [Buffer.from([7, 9]), 'uint8'],
  ];
  it.each(kept)('%o keeps its values as %s', (values, dtype) => {
    expect(made(values)).toEqual({ dtype, shape: [values.length], values: [...values] });
  });

  const converted: NumberArray[] = [
    Int8Array.of(-128, 127),
    Int16Array.of(-32768, 32767),
    Uint16Array.of(0, 65535),
    Uint32Array.of(0, 2 ** 24 + 1, 2 ** 32 - 1),
    Float64Array.of(0.1, -0, 1 + 2 ** -24, 1 + 3 * 2 ** -24, 2 ** -150, 1e300),
  ];
  it.each(converted.map((values) => [values] as const))('%o becomes float32 by one rounding', (values) => {
    const expected = [...values].map(Math.fround);
    expect(made(values)).toEqual({ dtype: 'float32', shape: [values.length], values: expected });
  });

  it('of 64-bit integers are refused as what they are', () => {
    const kinds =
      'Float32Array, Int32Array, Uint8Array, Uint8ClampedArray, Int8Array, Int16Array, Uint16Array, Float16Array, ' +
      'Uint32Array, Float64Array';
    expect(() => made(BigInt64Array.of(1n))).toThrow(
      `tensor: expected values to be a ${kinds} or numbers in lists, got BigInt64Array`,
    );
    expect(() => made([BigUint64Array.of(1n)])).toThrow(
      `tensor: expected values[0] to be a ${kinds} or numbers in lists, got BigUint64Array`,
    );
  });

  it.each([
    [null, 'null'],
    [5, '5'],
    ['12', "'12'"],
    [new ArrayBuffer(8), 'ArrayBuffer'],
    [new DataView(new ArrayBuffer(8)), 'DataView'],
    [new Set([1]), 'Set'],
    [{ length: 2, 0: 1, 1: 2 }, 'Object'],
  ])('are not %o', (values, got) => {
    expect(() => made(values)).toThrow(`tensor: expected values to be numbers in lists or a typed array, got ${got}`);
  });
});

describe('memory shared with other threads', () => {
  const shared = <T extends NumberArray>(
    Kind: { new (buffer: SharedArrayBuffer): T },
    values: number[],
    bytes: number,
  ) => {
    const array = new Kind(new SharedArrayBuffer(values.length * bytes));
    array.set(values);
    return array;
  };

  it('is copied, out of and into it', () => {
    expect(made(shared(Float32Array, [1, 2.5], 4)).values).toEqual([1, 2.5]);
    expect(made(shared(Int32Array, [1, -2], 4))).toEqual({ dtype: 'int32', shape: [2], values: [1, -2] });
    expect(made(shared(Uint8Array, [1, 2], 1)).values).toEqual([1, 2]);
    expect(made(shared(Uint8ClampedArray, [1, 2], 1))).toEqual({ dtype: 'uint8', shape: [2], values: [1, 2] });
    expect(made(shared(Float64Array, [0.1], 8)).values).toEqual([Math.fround(0.1)]);
    using x = tensor(runtime, [0, 0]);
    x.write(shared(Float32Array, [3, 4], 4));
    const out = shared(Float32Array, [0, 0], 4);
    x.read(out);
    expect([...out]).toEqual([3, 4]);
  });
});

describe('write', () => {
  it('takes what tensor takes, in the same shape and dtype', () => {
    using x = zeros(runtime, [2, 2]);
    x.write([
      [1, 2],
      [3, 4],
    ]);
    expect([...x.data()]).toEqual([1, 2, 3, 4]);
    x.write([5, 6, 7, 8]);
    expect([...x.data()]).toEqual([5, 6, 7, 8]);
    x.write(Float64Array.of(0.1, 0, 0, 0));
    expect(x.data()[0]).toBe(Math.fround(0.1));
    expect(() => x.write([[1, 2], [3]])).toThrow(
      'write: expected values[1] to hold 2, got 1; values has the shape [2, 2]',
    );
    expect(() => x.write([1, 2, 3])).toThrow('write: expected 4 values, got 3');
    expect(() => x.write(Int32Array.of(1, 2, 3, 4))).toThrow('write: expected Float32Array, got Int32Array');
    expect(() => x.write(null as never)).toThrow(
      'write: expected values to be numbers in lists or a typed array, got null',
    );
    using bytes = zeros(runtime, [2], 'uint8');
    bytes.write(Uint8ClampedArray.of(1, 255));
    expect([...bytes.data()]).toEqual([1, 255]);
    expect(() => bytes.write([1, 2])).toThrow('write: expected Uint8Array, got a list of 2');
  });

  it('and read move a part, from an element on', () => {
    using x = tensor(runtime, [0, 1, 2, 3, 4]);
    x.write([7, 8], 2);
    const part = new Float32Array(3);
    x.read(part, 1);
    expect([...part]).toEqual([1, 7, 8]);
    expect(() => x.read(part, 3)).toThrow('read: expected at most 2 values, got 3');
    expect(() => x.write([1], 6)).toThrow('write: expected from to be an integer from 0 to 5, got 6');
    expect(() => x.read(part, -1)).toThrow('read: expected from to be an integer from 0 to 5, got -1');
  });
});

describe('full', () => {
  it('refuses what its dtype does not hold instead of wrapping it round', () => {
    expect(() => full(runtime, [2], 256, 'uint8')).toThrow(
      'full: expected value to be an integer from 0 to 255, got 256',
    );
    expect(() => full(runtime, [2], 2 ** 31, 'int32')).toThrow(
      'full: expected value to be an integer from -2147483648 to 2147483647, got 2147483648',
    );
    expect(() => full(runtime, [2], '1' as never)).toThrow("full: expected value to be a number, got '1'");
  });

  it('fills a tensor of more values than one piece', () => {
    using x = full(runtime, [2 ** 22 + 3], 7, 'uint8');
    expect(x.data().every((value) => value === 7)).toBe(true);
  });
});
