// docs/dicom.md, the table of what became of 78 hard and broken DICOM files, is made of answers.json; and what was read there are
// the values that pydicom has.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { root } from '../../architecture/sources.js';

interface Answer {
  pydicom: string;
  sha256?: string;
  read?: string;
  refused?: string;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const answers: Record<string, Answer> = JSON.parse(readFileSync(path.join(here, 'answers.json'), 'utf8'));
const page = path.join(root, 'docs/dicom.md');

const head = `# What became of 78 DICOM files

The test files of pydicom (\`src/pydicom/data/test_files\`, MIT): real ones of many kinds, and ones that are broken on purpose. Each was read
by \`readDicom\`, and by pydicom 3.0.2 with GDCM and Pillow beside it. "same" says that all stored values are pydicom's, by their SHA-256;
everything else is refused with the reason given. With \`PixelRepresentation\` set to 0, seven of the signed files (plain, implicit, big-endian,
RLE, JPEG 2000) were read with pydicom's values, too. None crashed, and none hung. The files are not part of this project: its own tests
write theirs ([data.md](data.md) says what is read).

| File | pydicom | samebits |
|---|---|---|
`;

const outcome = ({ sha256, read, refused }: Answer) =>
  read === undefined ? refused : read === sha256 ? 'read, same' : 'read, other values';

const made = `${head}${Object.entries(answers)
  .map(([name, answer]) => `| ${name} | ${answer.pydicom} | ${outcome(answer)} |\n`)
  .join('')}`;

it('the page says what the answers say', () => {
  if (process.env['UPDATE_DICOM_PAGE']) writeFileSync(page, made);
  expect(readFileSync(page, 'utf8')).toBe(made);
});

it('every file was read as pydicom reads it or refused with a reason', () => {
  const all = Object.values(answers);
  expect(all).toHaveLength(78);
  expect(all.filter(({ read, sha256 }) => read !== undefined && read !== sha256)).toEqual([]);
  expect(all.filter(({ read, refused }) => (read === undefined) === (refused === undefined))).toEqual([]);
  expect(all.filter(({ read }) => read !== undefined).length).toBeGreaterThan(0);
});
