// The digest over everything that a case file computes in deterministic mode: a bit may change only when the version of the
// contract does. `npm run golden` writes the digests of this build into the files, and only when asked.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capabilities, createRuntime } from '../../lib/index.js';
import { goldenContract } from '../cases/case.js';
import { digestOfAll, loadCaseFiles } from '../support/case_files.js';
import { digestsOf } from '../support/golden.js';

const files = await loadCaseFiles();
const line = /^export const golden = '.*';$/m;

it('is that of the contract in force', () => {
  expect(goldenContract).toBe(capabilities().contract);
});

describe.each(files)('$name', (file) => {
  using runtime = createRuntime();
  const digests = digestsOf(runtime, file);
  const digest = digestOfAll(digests);

  if (process.env['SAMEBITS_GOLDEN'] === 'write') {
    it(`writes the digest of its ${digests.size} results`, () => {
      const text = readFileSync(file.file, 'utf8');
      expect(text).toMatch(line);
      writeFileSync(file.file, text.replace(line, `export const golden = '${digest}';`));
    });
    return;
  }

  it(`still has the digest of its ${digests.size} results`, () => {
    // What differs is found beside a build that is right: the digest of each result is told.
    const each = [...digests].map(([title, one]) => `${title}: ${one}`).join('\n');
    expect(digest, `over\n${each}\n`).toBe(file.golden);
  });

  it('would have another one if a single bit of a result changed (control)', () => {
    const [[title, one]] = digests as unknown as [[string, string]];
    const flipped = one.endsWith('0') ? `${one.slice(0, -1)}1` : `${one.slice(0, -1)}0`;
    expect(digestOfAll(new Map([...digests, [title, flipped]]))).not.toBe(digest);
  });
});
