import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileError } from '../../../lib/errors/index.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  hashTensors,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '../../../lib/runs/index.js';
import { brokenBytes, brokenJson } from '../../support/mutations.js';

const kernel: StoredTensor = {
  name: 'conv2d/kernel',
  dtype: 'float32',
  shape: [1, 2, 2],
  data: Float32Array.of(1, -0, Number.NaN, 1e-45),
};
const steps: StoredTensor = { name: '7', dtype: 'int32', shape: [2], data: Int32Array.of(-1, 2 ** 30) };
const bytes: StoredTensor = { name: 'bytes', dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 7, 255) };
const scalar: StoredTensor = { name: 'scalar', dtype: 'float32', shape: [], data: Float32Array.of(0.1) };
const all = [kernel, steps, bytes, scalar];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with this header and so many bytes of values. */
function fileOf(header: string, values: number): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(values)]);
}

describe('safetensors', () => {
  it('gives back every bit, name, shape, dtype and the order of tensors', () => {
    const path = join(folder, 'round.safetensors');
    writeSafetensors(path, { tensors: all, metadata: { state: '{"step":3}' } });
    const read = readSafetensors(path);
    expect(read.metadata).toEqual({ state: '{"step":3}' });
    expect(read.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape }))).toEqual(
      all.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    );
    read.tensors.forEach(({ data }, i) => {
      const bits = (values: typeof data) => [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
      expect(bits(data)).toEqual(bits(all[i]!.data));
    });
    expect(readdirSync(folder)).toEqual(['round.safetensors']);
  });

  it('is byte for byte what the format says: length, JSON padded with spaces to 8, little-endian values', () => {
    const file = Buffer.from(encodeSafetensors({ tensors: [steps], metadata: {} }));
    const header = '{"7":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}  ';
    expect(file.readBigUInt64LE()).toBe(BigInt(header.length));
    expect(header.length % 8).toBe(0);
    expect(file.subarray(8, 8 + header.length).toString()).toBe(header);
    expect(file.subarray(8 + header.length).toString('hex')).toBe('ffffffff00000040');
  });

  it('gives back any list of tensors', () => {
    const tensors = fc.array(fc.array(fc.float()), { maxLength: 6 });
    fc.assert(
      fc.property(tensors, (lists) => {
        const stored = lists.map((values, i): StoredTensor => {
          return { name: `t${9 - i}`, dtype: 'float32', shape: [values.length], data: Float32Array.from(values) };
        });
        const read = decodeSafetensors(encodeSafetensors({ tensors: stored, metadata: {} }), 'memory').tensors;
        expect(hashTensors(read)).toBe(hashTensors(stored));
      }),
    );
  });

  const broken: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(0), '0 bytes'],
    ['a cut header', fileOf('{"a":1}', 0).subarray(0, 12), 'a header of 7 bytes in a file of 12'],
    ['a header that is an array', fileOf('[1]', 0), 'a header that is no JSON object'],
    ['an unknown dtype', fileOf('{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}', 2), "'a' of dtype 'F16'"],
    [
      'missing values',
      fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4),
      "'a' [2] at [0, 8] of 4 bytes",
    ],
    [
      'offsets that do not fit the shape',
      fileOf('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8),
      "'a' [3] at [0, 8] of 8 bytes",
    ],
    [
      'values that overlap',
      fileOf(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
        3,
      ),
      "values of 'b' at 1 instead of 2",
    ],
    [
      'values nobody owns',
      fileOf('{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', 5),
      '5 bytes of values instead of 2',
    ],
    ['no shape', fileOf('{"a":{"dtype":"U8","data_offsets":[0,2]}}', 2), "'a' without shape and offsets"],
  ];
  it.each(broken)('refuses %s', (_what, file, got) => {
    expect(() => decodeSafetensors(file, 'w.safetensors')).toThrow(
      `safetensors: expected a whole file 'w.safetensors', got ${got}`,
    );
  });

  it('refuses a header that is no JSON, a name used twice and a file that is not there', () => {
    expect(() => decodeSafetensors(fileOf('{"a"', 0), 'w')).toThrow(
      /^safetensors: expected a whole file 'w', got a header that is no JSON \(/,
    );
    expect(() => encodeSafetensors({ tensors: [scalar, scalar], metadata: {} })).toThrow(
      "safetensors: expected tensors of different names, got two called 'scalar'",
    );
    const absent = join(folder, 'absent');
    expect(() => readSafetensors(absent)).toThrow(
      `safetensors: expected a file '${absent}', got ENOENT: no such file or directory`,
    );
  });

  it('leaves nothing behind when the folder cannot be written', () => {
    const file = join(folder, 'occupied');
    writeFileSync(file, '');
    expect(() => writeSafetensors(join(file, 'w.safetensors'), { tensors: all, metadata: {} })).toThrow(
      /^write: expected to be able to write /,
    );
    expect(readdirSync(folder)).toContain('occupied');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

const who = /^FileError: safetensors: expected a whole file 'w', got /;

/** What came of reading: the tensors, or the refusal; anything else fails the test. */
function readOrRefused(file: Uint8Array) {
  try {
    return decodeSafetensors(file, 'w');
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    expect(String(error)).toMatch(who);
    return undefined;
  }
}

describe('whatever a file holds, it is read whole or refused', () => {
  const whole = Buffer.from(encodeSafetensors({ tensors: all, metadata: { a: 'b' } }));
  const length = Number(whole.readBigUInt64LE());
  const header: unknown = JSON.parse(whole.subarray(8, 8 + length).toString());
  const values = whole.length - 8 - length;

  it('with bytes flipped, cut or put in (seed 22)', () => {
    let refused = 0;
    fc.assert(
      fc.property(brokenBytes(whole), (file) => {
        if (readOrRefused(file) === undefined) refused += 1;
      }),
      { numRuns: 2000, seed: 22 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it('with values of its header replaced by any other (seed 22)', () => {
    let refused = 0;
    fc.assert(
      fc.property(brokenJson(header), (broken) => {
        if (readOrRefused(fileOf(JSON.stringify(broken) ?? '', values)) === undefined) refused += 1;
      }),
      { numRuns: 3000, seed: 22 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it('with any JSON as its header (seed 22)', () => {
    const number = fc.oneof(fc.nat({ max: 16 }), fc.maxSafeInteger(), fc.double(), fc.constant(null));
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'U8', 'I32', 'F64', ''), fc.jsonValue({ maxDepth: 1 })),
        shape: fc.oneof(fc.array(number, { maxLength: 12 }), fc.jsonValue({ maxDepth: 1 })),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.array(number), fc.jsonValue({ maxDepth: 1 })),
      },
      { requiredKeys: [] },
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('__metadata__', '__proto__', 'constructor', 'toString', '7'));
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(entry, fc.jsonValue())), fc.nat({ max: 16 }), (table, size) => {
        const read = readOrRefused(fileOf(JSON.stringify(table), size));
        if (read === undefined) return;
        const bytes = read.tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
        expect(bytes).toBe(size);
      }),
      { numRuns: 3000, seed: 22 },
    );
  });

  const deep = (text: string) => `${'['.repeat(100_000)}${text}${']'.repeat(100_000)}`;
  const entry = (dtype: string, shape = '[1]', more = '') =>
    `{"a":{"dtype":${dtype},"shape":${shape},"data_offsets":[0,1]${more}}}`;
  const found: [string, string, string][] = [
    ['no metadata', '{"__metadata__":null}', '__metadata__ that is no table of texts'],
    ['a number among the metadata', '{"__metadata__":{"a":1}}', '__metadata__ that is no table of texts'],
    ['a dtype that is a list', entry('["U8"]'), "'a' of dtype that is no text"],
    ['a dtype without end', entry(deep('1')), "'a' of dtype that is no text"],
    ['a shape without end', entry('"U8"', deep('1')), "'a' without shape and offsets"],
    [
      'huge lengths',
      entry('"U8"', '[9007199254740991,9007199254740991]'),
      "'a' [9007199254740991, 9007199254740991] at",
    ],
    ['a name twice', '{"a":1,"b":2,"\\u0061":3}', "'a' twice in its header"],
    ['a field twice', entry('"U8"', '[1]', ',"shape":[2]'), "'shape' twice in its header"],
    ['a word of the metadata twice', '{"__metadata__":{"x":"1","x":"2"}}', "'x' twice in its header"],
    ['a long name twice', `{"${'a'.repeat(20_000_000)}":1,"b":2,"b":3}`, "'b' twice in its header"],
  ];
  it.each(found)('%s', (_what, text, got) => {
    expect(() => decodeSafetensors(fileOf(text, 1), 'w')).toThrow(`safetensors: expected a whole file 'w', got ${got}`);
  });

  it('but not a comma, a brace or a quote inside a name', () => {
    const names = ['a,"b":', '{', 'x\\', '"', ''];
    const tensors = names.map((name): StoredTensor => ({ ...bytes, name }));
    const read = decodeSafetensors(encodeSafetensors({ tensors, metadata: {} }), 'w').tensors;
    expect(read.map(({ name }) => name)).toEqual(names);
  });
});

describe('hashTensors', () => {
  it('is sha256 over a JSON line and the little-endian values of each tensor', () => {
    // printf '["scalar","float32",[]]\n\xcd\xcc\xcc\x3d' | sha256sum
    expect(hashTensors([scalar])).toBe('sha256:d4e80c1e9966fecf3fb23b49c1efe2e1c132e6c1b03dc358c132af3ad33c6786');
  });

  it('is the same for every NaN and differs for every other change', () => {
    const odd = new Float32Array(new Uint32Array([0x3f800000, 0x80000000, 0xffc12345, 1]).buffer);
    expect(hashTensors([{ ...kernel, data: odd }])).toBe(hashTensors([kernel]));
    const changes: StoredTensor[] = [
      { ...kernel, name: 'conv2d/kernal' },
      { ...kernel, shape: [2, 1, 2] },
      { ...kernel, data: Float32Array.of(1, 0, Number.NaN, 1e-45) },
      { ...kernel, data: Float32Array.of(1, -0, Number.NaN, 3e-45) },
    ];
    const hashes = changes.map((changed) => hashTensors([changed]));
    expect(new Set([...hashes, hashTensors([kernel])]).size).toBe(5);
    expect(hashTensors([steps, bytes])).not.toBe(hashTensors([bytes, steps]));
  });
});
