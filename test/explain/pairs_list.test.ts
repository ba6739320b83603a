// A list of pictures of two things with bytes flipped, cut, doubled or put in: it is read as rows that can be explained, or
// refused with an error of ours, never with a raw one.

import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPairs } from '../../lib/explain/pairs_file.js';
import { SamebitsError } from '../../lib/index.js';
import { picture, put, temporaryFolder } from '../data/pictures.js';
import { brokenBytes } from '../support/mutations.js';

const classes = ['cat', 'dog', '=1+1'];
const list = [
  'file,left,right,of whom',
  'a.png,cats,dog,"Anna, who said ""no"""',
  'sub/b.png,dog,cat,',
  `"a.png",'=1+1,Cat,'+1`,
  '',
].join('\r\n');

it('changed at random (seed 29)', async () => {
  const folder = temporaryFolder();
  const png = await picture(1, 8, 8).png().toBuffer();
  put(folder, { 'a.png': png, 'sub/b.png': png, 'list.csv': list });
  const path = join(folder, 'list.csv');
  const whole = await readPairs(path, classes);
  expect(whole.map(({ row, file, left, right }) => [row, file, left, right])).toEqual([
    [1, 'a.png', 0, 1],
    [2, 'sub/b.png', 1, 0],
    [3, 'a.png', 2, 0],
  ]);
  const ended = { read: 0, refused: 0 };
  const property = fc.asyncProperty(brokenBytes(Buffer.from(list)), async (changed) => {
    put(folder, { 'list.csv': changed });
    try {
      for (const { file, left, right } of await readPairs(path, classes)) {
        expect(file).not.toBe('');
        expect(classes[left]).not.toBe(undefined);
        expect(classes[right]).not.toBe(undefined);
        expect(left).not.toBe(right);
      }
      ended.read += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(SamebitsError);
      ended.refused += 1;
    }
  });
  await fc.assert(property, { numRuns: 400, seed: 29, endOnFailure: true });
  expect(ended.read).toBeGreaterThan(20);
  expect(ended.refused).toBeGreaterThan(200);
});
