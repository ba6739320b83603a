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
const tableName = 'Info.txt';

interface Film {
  /** F, G or D. */
  tissue: string;
  /** Of its worst finding: 0 normal, 1 benign, 2 malignant. */
  severity: number;
}
/** What a film can be labelled by: the classes, and which of them it is. */
const labelings = {
  severity: { classNames: ['normal', 'benign', 'malignant'], label: (film: Film) => film.severity },
  abnormal: { classNames: ['normal', 'abnormal'], label: (film: Film) => Math.min(film.severity, 1) },
  tissue: {
    classNames: ['fatty', 'fatty-glandular', 'dense-glandular'],
    label: (film: Film) => 'FGD'.indexOf(film.tissue),
  },
} as const;

/** What `Info.txt` says of each film, by its number. */
function filmsIn(path: string): Map<number, Film> {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (cause) {
    throw new DataError({ who, expected: `a readable file ${show(path)}`, got: reason(cause) }, { cause });
  }
  const films = new Map<number, Film>();
  text.split(/\r?\n/).forEach((line, i) => {
    const [, digits, rest] = /^\s*mdb(\d{3})\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (digits === undefined) return;
    const [, tissue, abnormality, severity] =
      /^([FGD])\s+(NORM|CALC|CIRC|SPIC|MISC|ARCH|ASYM)(?:\s+([BM])\b.*)?$/.exec(rest!) ?? [];
    const isNormal = abnormality === 'NORM';
    if (tissue === undefined || isNormal !== (severity === undefined)) {
      const expected = `tissue, abnormality and, unless it is NORM, B or M in line ${i + 1} of ${show(path)}`;
      throw new DataError({ who, expected, got: show(line.trim()) });
    }
    const before = films.get(Number(digits));
    if (before !== undefined && before.tissue !== tissue) {
      const expected = `one kind of tissue of each film, so ${before.tissue} in line ${i + 1} of ${show(path)}`;
      throw new DataError({ who, expected, got: show(line.trim()) });
    }
    const found = isNormal ? 0 : severity === 'B' ? 1 : 2;
    films.set(Number(digits), { tissue, severity: Math.max(found, before?.severity ?? 0) });
  });
  if (films.size > 0) return films;
  throw new DataError({
    who,
    expected: `lines of films, such as 'mdb001 G CIRC B 535 425 197', in ${show(path)}`,
    got: 'none',
  });
}

function list(folder: string, options: ReaderOptions) {
  const kinds = Object.keys(labelings) as (keyof typeof labelings)[];
  const labels = wordOption(who, 'labels', options['labels'] ?? 'severity', kinds);
  const table = join(folder, tableName);
  const films = filmsIn(table);
  const { classNames, label } = labelings[labels];
  const files: PictureFile[] = [];
  const leftOut: LeftOutPath[] = [];
  const seen = new Map<number, string>();
  for (const { name, kind } of entriesOf(who, folder)) {
    if (name === tableName) continue;
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
    const film = films.get(number);
    if (film === undefined) {
      throw new DataError({ who, expected: `a line of film ${show(name)} in ${show(table)}`, got: 'none' });
    }
    const group = `patient ${Math.floor((number - 1) / 2)}`;
    files.push({ path: name, label: label(film), group });
  }
  const lacking = classNames.find((_, i) => !files.some((file) => file.label === i));
  if (lacking !== undefined) {
    throw new DataError({
      who,
      expected: `pictures mdb001.pgm or .png of class ${show(lacking)} in ${show(folder)}`,
      got: 'none',
    });
  }
  files.sort((a, b) => a.label - b.label);
  return { train: { folder, classNames: [...classNames], files, leftOut } };
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
