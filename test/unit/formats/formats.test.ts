// Arrays of files: number types that float32 has and those that it has not, NumPy's files, zip archives; what is none is refused.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import {
  asFloat32,
  asTensor,
  decodeNpy,
  encodeNpy,
  type FileDtype,
  openZip,
  zipOf,
} from '../../../lib/formats/index.js';
import { readNpy, readNpz, type StoredTensor, writeNpy, writeNpz } from '../../../lib/index.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-formats-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const array = (dtype: FileDtype, data: ArrayBufferView, count: number) => ({
  ...{ name: 'a', dtype, shape: [count] },
  bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});
const path = 'x.bin';

describe('values of other number types', () => {
  it('are those of float16: zeros, the smallest, the largest, infinity, NaN', () => {
    const words = Uint16Array.of(0, 0x8000, 1, 0x03ff, 0x0400, 0x3555, 0xc000, 0x7bff, 0xfc00, 0x7e00);
    const values = asFloat32(array('F16', words, 10), { path });
    const third = 0.333251953125;
    expect([...values]).toEqual([
      0,
      -0,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      third,
      -2,
      65504,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it('are those of bfloat16, the upper half of float32', () => {
    const words = Uint16Array.of(0x3f80, 0xc2f7, 0x0001, 0x7f80);
    expect([...asFloat32(array('BF16', words, 4), { path })]).toEqual([1, -123.5, 2 ** -133, Number.POSITIVE_INFINITY]);
  });

  it('are taken of float64 where float32 has them, and rounded only when asked', () => {
    expect([...asFloat32(array('F64', Float64Array.of(0.5, -3), 2), { path })]).toEqual([0.5, -3]);
    const tenth = array('F64', Float64Array.of(0.5, 0.1), 2);
    expect(() => asFloat32(tenth, { path })).toThrow(
      "weights: expected values of 'a' in 'x.bin' that float32 has, got F64 0.1 at 1; inexact: 'round' takes the nearest",
    );
    expect([...asFloat32(tenth, { path, inexact: 'round' })]).toEqual([0.5, Math.fround(0.1)]);
  });

  it('stay integers where they fit', () => {
    const told = (tensor: StoredTensor) => [tensor.dtype, ...tensor.data];
    expect(told(asTensor(array('I64', BigInt64Array.of(-5n, 7n), 2), { path }))).toEqual(['int32', -5, 7]);
    expect(told(asTensor(array('I64', BigInt64Array.of(2n ** 40n), 1), { path }))).toEqual(['float32', 2 ** 40]);
    expect(told(asTensor(array('BOOL', Uint8Array.of(1, 0), 2), { path }))).toEqual(['uint8', 1, 0]);
    expect(told(asTensor(array('U16', Uint16Array.of(65535), 1), { path }))).toEqual(['int32', 65535]);
    expect(() => asTensor(array('I64', BigInt64Array.of(2n ** 40n + 1n), 1), { path })).toThrow(
      'got I64 1099511627777 at 0',
    );
  });
});

describe('.npy', () => {
  const tensor: StoredTensor = { name: '', dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -0) };

  it('comes back, bit for bit', () => {
    writeNpy(at('a.npy'), tensor);
    expect(readNpy(at('a.npy'))).toEqual(tensor);
    const bytes = Buffer.from(encodeNpy({ name: '', dtype: 'I64', shape: [1], bytes: new Uint8Array(8) }));
    expect(bytes.toString('latin1', 0, 6)).toBe('\x93NUMPY');
    expect(bytes.toString('latin1', 10, 120).trim()).toBe("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }");
    expect(bytes.length % 8).toBe(0);
  });

  const file = (header: string, values: Uint8Array) =>
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
      Buffer.from([header.length, 0]),
      Buffer.from(header),
      values,
    ]);

  it('is read column by column and from the other order of bytes, too', () => {
    const values = Buffer.alloc(16);
    [1, 2, 3, 4].forEach((value, i) => {
      values.writeFloatBE(value, 4 * i);
    });
    const bytes = file("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }\n", values);
    expect([...asFloat32(decodeNpy(bytes, { path, name: '' }), { path })]).toEqual([1, 3, 2, 4]);
  });

  const refused: [string, Buffer, string][] = [
    ['text', Buffer.from('no array at all'), 'no array of NumPy'],
    [
      'objects',
      file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8)),
      "values of type '|O'",
    ],
    [
      'records',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)),
      "the header '{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }'",
    ],
    [
      'too few values',
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new Uint8Array(4)),
      '4 bytes of values for [2] of F32',
    ],
  ];
  it.each(refused)('of %s is refused', (_what, bytes, got) => {
    writeFileSync(at('bad.npy'), bytes);
    expect(() => readNpy(at('bad.npy'))).toThrow(`npy: expected an array of numbers in '${at('bad.npy')}', got ${got}`);
  });
});

describe('.npz', () => {
  const x: StoredTensor = { name: 'layer/x', dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) };
  const y: StoredTensor = { name: 'y', dtype: 'int32', shape: [], data: Int32Array.of(3) };

  it('keeps arrays by their names, whole or some', () => {
    writeNpz(at('a.npz'), [x, y]);
    expect(readNpz(at('a.npz'))).toEqual([x, y]);
    expect(readNpz(at('a.npz'), { names: ['y'] })).toEqual([y]);
    expect(() => readNpz(at('a.npz'), { names: ['z'] })).toThrow(
      `readNpz: expected names of arrays in '${at('a.npz')}', got 'z'`,
    );
    expect(() => writeNpz(at('b.npz'), [x, x])).toThrow(
      "writeNpz: expected arrays of different names, got two called 'layer/x'",
    );
  });
});

describe('a zip', () => {
  const told = (bytes: Uint8Array, name = 'a') => {
    try {
      return String(openZip(bytes, 'z').read(name));
    } catch (error) {
      return (error as Error).message.replace("zip: expected a whole archive 'z', got ", '');
    }
  };
  const entries = { a: strToU8('some text, some text, some text'), b: strToU8('other') };
  const packed = zipSync(entries);

  it('is the same bytes each time, and read whether it is packed or not', () => {
    expect(zipOf(entries)).toEqual(zipOf(entries));
    for (const bytes of [zipOf(entries), packed]) expect(openZip(bytes, 'z').read('a')).toEqual(entries.a);
  });

  it.each(['../a', '/a', 'b/../../a', 'C:a', 'a\\b'])('with %s is refused: it leads out', (name) => {
    expect(told(zipSync({ [name]: entries.a }))).toContain(', a path out of the archive');
  });

  it('that is damaged is refused', () => {
    const changed = (at: number) => packed.map((byte, i) => (i === at ? byte ^ 4 : byte));
    expect(told(packed.subarray(0, packed.length - 1))).toBe('no list of entries');
    expect(told(packed, 'c')).toBe('one without c (a b)');
    const messages = Array.from({ length: packed.length - 22 }, (_, i) => told(changed(i)));
    // Times, versions and notes say nothing of the values; a change of anything else is found out.
    expect(messages.some((message) => message.includes('with another checksum'))).toBe(true);
    expect(messages.every((message) => message === String(entries.a) || /^'|^a |^one |^an |^no /.test(message))).toBe(
      true,
    );
  });
});
