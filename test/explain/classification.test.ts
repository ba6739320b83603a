// In how many bits the probabilities of two targets differ, and names of classes out of files.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../lib/explain/class_labels.js';
import { differenceOf } from '../../lib/explain/classification.js';
import { temporaryFolder } from '../data/pictures.js';

/** The float32 of these bits. */
const ofBits = (...words: number[]) => new Float32Array(Uint32Array.from(words).buffer);

describe('the difference of two targets', () => {
  it('is none of equal bits', () => {
    const values = ofBits(0x3e99999a, 0x3f333333);
    expect(differenceOf('t', values, Float32Array.from(values))).toEqual({
      target: 't',
      classes: 0,
      bits: 0,
      largest: 0,
    });
  });

  it('counts bits, and the classes in which there are some', () => {
    const [first, other] = [ofBits(0x3e99999a, 0x3f333333, 0x80000000), ofBits(0x3e99999a, 0x3f333330, 0)];
    expect(differenceOf('t', first, other)).toEqual({
      target: 't',
      classes: 2,
      bits: 3,
      largest: Math.abs(first[1]! - other[1]!),
    });
  });

  it('counts the bits of a view into other memory', () => {
    const [first, other] = [ofBits(1, 2, 3).subarray(1), ofBits(9, 2, 0xffffffff).subarray(1)];
    expect(differenceOf('t', first, other).bits).toBe(30);
  });
});

describe('names of classes', () => {
  const read = (name: string, text: string) => {
    const file = join(temporaryFolder(), name);
    writeFileSync(file, text);
    return { file, names: () => readLabels(file) };
  };

  it.each([
    ['a.txt', 'cat\r\ndog \n', ['cat', 'dog']],
    ['a.json', '["cat", "dog"]', ['cat', 'dog']],
    ['a.json', '{"1": "dog", "0": "cat"}', ['cat', 'dog']],
    ['a.json', '{"0": ["n02", "cat"], "1": ["n03", "dog"]}', ['cat', 'dog']],
  ])('%s %j', (name, text, names) => {
    expect(read(name, text).names()).toEqual(names);
  });

  it.each([
    ['a.txt', 'cat\n\ndog', "the name of class 1 in FILE, got ''"],
    ['a.json', '{', 'JSON in FILE, got other text'],
    ['a.json', '{"1": "dog", "2": "cat"}', 'a list of names, or names by numbers from 0, in FILE, got '],
    ['a.json', '[3]', 'the name of class 0 in FILE, got 3'],
  ])('%s %j is refused', (name, text, message) => {
    const { file, names } = read(name, text);
    expect(names).toThrow(`classify labels: expected ${message.replace('FILE', `'${file}'`)}`);
  });
});
