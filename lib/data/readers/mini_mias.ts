/**
 * mini-mias: the mammograms of the mini-MIAS database (Suckling and others, 1994) as it is distributed: `mdb001.pgm` and so on,
 * or the same as PNG, and `Info.txt` with a line for each finding. Odd and even numbers in a row are the two films of one patient.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, show, wordOption } from '../../errors/index.js';
import { reason } from '../../files/index.js';
import type { PictureFile } from '../folders.js';
import type { LeftOutPath } from '../left_out.js';
import { entriesOf } from '../listing.js';
import type { PictureReader, ReaderOptions } from './reader.js';

const who = 'mini-mias';

const severities = ['normal', 'benign', 'malignant'] as const;
const labelings = { severity: severities, abnormal: ['normal', 'abnormal'] } as const;

/** The worst finding of each film, by its number: 0 normal, 1 benign, 2 malignant. */
function findingsIn(path: string): Map<number, number> {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (cause) {
    throw new DataError({ who, expected: `a readable file ${show(path)}`, got: reason(cause) }, { cause });
  }
  const worst = new Map<number, number>();
  text.split(/\r?\n/).forEach((line, i) => {
    const [, digits, rest] = /^\s*mdb(\d{3})\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (digits === undefined) return;
    const [, abnormality, severity] =
      /^[FGD]\s+(NORM|CALC|CIRC|SPIC|MISC|ARCH|ASYM)(?:\s+([BM])\b.*)?$/.exec(rest!) ?? [];
    const isNormal = abnormality === 'NORM';
    if (abnormality === undefined || isNormal !== (severity === undefined)) {
      const expected = `tissue, abnormality and, unless it is NORM, B or M in line ${i + 1} of ${show(path)}`;
      throw new DataError({ who, expected, got: show(line.trim()) });
    }
    const found = isNormal ? 0 : severity === 'B' ? 1 : 2;
    worst.set(Number(digits), Math.max(found, worst.get(Number(digits)) ?? 0));
  });
  if (worst.size > 0) return worst;
  throw new DataError({
    who,
    expected: `lines of films, such as 'mdb001 G CIRC B 535 425 197', in ${show(path)}`,
    got: 'none',
  });
}

function list(folder: string, options: ReaderOptions) {
  const labels = wordOption(who, 'labels', options['labels'] ?? 'severity', ['severity', 'abnormal'] as const);
  const table = join(folder, 'Info.txt');
  const findings = findingsIn(table);
  const files: PictureFile[] = [];
  const leftOut: LeftOutPath[] = [];
  const seen = new Map<number, string>();
  for (const { name, kind } of entriesOf(who, folder)) {
    const [, digits] = /^mdb(\d{3})\.(?:pgm|png)$/.exec(name) ?? [];
    if (digits === undefined || kind !== 'file') {
      leftOut.push({ path: name, reason: kind === 'file' ? 'outside' : 'irregular' });
      continue;
    }
    const number = Number(digits);
    const before = seen.get(number);
    if (before !== undefined) {
      throw new DataError({ who, expected: 'one picture of each film', got: `${show(before)} and ${show(name)}` });
    }
    seen.set(number, name);
    const found = findings.get(number);
    if (found === undefined) {
      throw new DataError({ who, expected: `a line of film ${show(name)} in ${show(table)}`, got: 'none' });
    }
    const group = `patient ${Math.floor((number - 1) / 2)}`;
    files.push({ path: name, label: labels === 'severity' ? found : Math.min(found, 1), group });
  }
  const classNames = [...labelings[labels]];
  const lacking = classNames.find((_, label) => !files.some((file) => file.label === label));
  if (lacking !== undefined) {
    throw new DataError({
      who,
      expected: `pictures mdb001.pgm or .png of class ${show(lacking)} in ${show(folder)}`,
      got: 'none',
    });
  }
  files.sort((a, b) => a.label - b.label);
  return { train: { folder, classNames, files, leftOut } };
}

export const miniMias: PictureReader = {
  kind: 'pictures',
  name: 'mini-mias',
  what: 'a folder of mini-MIAS, with Info.txt',
  takes: 'folder',
  options: ['labels'],
  targets: 'class',
  list,
};
