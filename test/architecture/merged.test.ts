// No file keeps what a merge leaves where two sides changed one place.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { filesUnder, root } from './sources.js';

const marker = /^(?:<{7}|>{7}|\|{7}) /m;
const rooms = ['bench', 'docs', 'examples', 'lib', 'native', 'scripts', 'test'];
const pages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'package.json', 'binding.gyp', 'CMakeLists.txt'];

it('no file holds the marks of a merge', () => {
  const files = rooms.flatMap((room) =>
    filesUnder(room, ['.ts', '.mjs', '.cjs', '.json', '.md', '.h', '.cc', '.cu', '.cuh', '.py', '.inc']),
  );
  expect(files.length).toBeGreaterThan(900);
  const marked = [...files, ...pages].filter((file) => marker.test(readFileSync(path.join(root, file), 'utf8')));
  expect(marked).toEqual([]);
});

it.each(['<', '>', '|'])('%s seven times would be found', (sign) => {
  expect(marker.test(`a\n${sign.repeat(7)} HEAD\nb\n`)).toBe(true);
});
