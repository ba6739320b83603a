import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWhole, fileHash, makeFolders, readJson, writeWhole } from '../../../lib/files/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samebits-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('folders', () => {
  it('are made with those above them, and again without complaint', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolders(deep);
    makeFolders(deep);
    expect(existsSync(deep)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('that the system refuses are an error at once, not a wait without end', () => {
    expect(() => makeFolders('/proc/nowhere/below')).toThrow('ENOENT');
  });

  it('are not made below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolders(join(folder, 'file', 'below'))).toThrow('ENOTDIR');
  });
});

describe('files', () => {
  it('are written whole, over what was there, and leave no neighbour', () => {
    const path = join(folder, 'files', 'one.txt');
    writeWhole(path, 'first');
    writeWhole(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(join(folder, 'files'))).toEqual(['one.txt']);
  });

  it('that cannot be put in their place leave no neighbour', () => {
    const path = join(folder, 'taken');
    makeFolders(path);
    expect(() => writeWhole(path, 'lost')).toThrow(`write: expected to be able to write '${path}', got EISDIR`);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are copied whole, over what was there, and leave no neighbour where that fails', () => {
    const [from, path] = [join(folder, 'from.txt'), join(folder, 'copies', 'to.txt')];
    writeFileSync(from, 'content');
    writeWhole(path, 'before');
    copyWhole(from, path);
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(() => copyWhole(join(folder, 'nowhere'), path)).toThrow(
      `write: expected to be able to write '${path}', got ENOENT`,
    );
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(readdirSync(join(folder, 'copies'))).toEqual(['to.txt']);
  });

  it('that hold no JSON say so', () => {
    writeFileSync(join(folder, 'text'), 'no json');
    expect(() => readJson(join(folder, 'text'))).toThrow(`read: expected a JSON file '${join(folder, 'text')}', got `);
  });
});

describe('the hash of a file', () => {
  it('is that of its bytes, also beyond what can be read at once', () => {
    const path = join(folder, 'long');
    writeFileSync(path, 'abc');
    expect(fileHash(path)).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    truncateSync(path, 2 ** 31 + 1);
    writeFileSync(path, '\x01', { flag: 'r+' });
    const hash = createHash('sha256').update('\x01bc');
    const zeros = Buffer.alloc(2 ** 20);
    for (let left = 2 ** 31 - 2; left > 0; left -= zeros.length)
      hash.update(zeros.subarray(0, Math.min(left, zeros.length)));
    expect(fileHash(path)).toBe(`sha256:${hash.digest('hex')}`);
    rmSync(path);
  });
});
