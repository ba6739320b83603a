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

const outcome = ({ sha256, read, refused }: Answer) =>
  read === undefined ? refused : read === sha256 ? 'read, same' : 'read, other values';

const columns = '| File | pydicom | samebits |\n|---|---|---|\n';
const table = `${columns}${Object.entries(answers)
  .map(([name, answer]) => `| ${name} | ${answer.pydicom} | ${outcome(answer)} |\n`)
  .join('')}`;

it('the table of the page, its last part, says what the answers say', () => {
  const text = readFileSync(page, 'utf8');
  const [prose] = text.split(columns);
  if (process.env['UPDATE_DICOM_PAGE']) writeFileSync(page, `${prose}${table}`);
  expect(text).toBe(`${prose}${table}`);
});

it('every file was read as pydicom reads it or refused with a reason', () => {
  const all = Object.values(answers);
  expect(all).toHaveLength(78);
  expect(all.filter(({ read, sha256 }) => read !== undefined && read !== sha256)).toEqual([]);
  expect(all.filter(({ read, refused }) => (read === undefined) === (refused === undefined))).toEqual([]);
  expect(all.filter(({ read }) => read !== undefined).length).toBeGreaterThan(0);
});
