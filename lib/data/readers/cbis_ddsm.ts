/**
 * cbis-ddsm: mammograms of CBIS-DDSM (Lee and others, 2017): DICOM files, and tables that say which shows what:
 * `mass_case_description_train_set.csv`, likewise `calc` and `test`, in the folder in which their paths begin.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, DataError, show, wordOption } from '../../errors/index.js';
import { insidePath, rowText, tableOf } from '../csv_table.js';
import { windowOption } from '../dicom/index.js';
import type { ListedPictures, Listing, PictureFile } from '../folders.js';
import type { LeftOutPath } from '../left_out.js';
import { byteOrder } from '../listing.js';
import type { PictureReader, ReaderOptions } from './reader.js';

const who = 'cbis-ddsm';

const kinds = ['mass', 'calc'] as const;
const classNames = ['benign', 'malignant'];
/** Findings that were called back and were benign, and those that were not even called back, are benign. */
const pathologies: Readonly<Record<string, number>> = { BENIGN: 0, BENIGN_WITHOUT_CALLBACK: 0, MALIGNANT: 1 };
const columns = { full: 'image file path', cropped: 'cropped image file path' } as const;

function kindsOf(given: unknown): string[] {
  const parts = typeof given === 'string' ? given.split(',') : [];
  const fits =
    parts.length > 0 && parts.every((part, i) => kinds.some((kind) => kind === part) && parts.indexOf(part) === i);
  if (fits) return kinds.filter((kind) => parts.includes(kind));
  throw new ArgumentError({ who, expected: `tables to be ${kinds.join(', ')} or both`, got: show(given) });
}

/** The pictures of some tables. One with several findings is malignant where one of them is. */
function picturesIn(folder: string, tables: readonly string[], column: (typeof columns)[keyof typeof columns]) {
  const found = new Map<string, PictureFile & { group: string }>();
  for (const table of tables) {
    for (const { row, cells } of tableOf(who, table, ['patient_id', 'pathology', column])) {
      const place = rowText(table, row);
      const path = insidePath(who, place, cells[column]);
      const label = Object.hasOwn(pathologies, cells.pathology) ? pathologies[cells.pathology]! : undefined;
      if (label === undefined) {
        const expected = `pathology to be ${Object.keys(pathologies).join(', ')} in ${place}`;
        throw new DataError({ who, expected, got: show(cells.pathology) });
      }
      if (cells.patient_id === '') throw new DataError({ who, expected: `a patient_id in ${place}`, got: 'none' });
      const before = found.get(path);
      if (before === undefined && !existsSync(join(folder, path))) {
        throw new DataError({
          who,
          expected: `the file that ${place} names`,
          got: `none at ${show(join(folder, path))}`,
        });
      }
      if (before !== undefined && before.group !== cells.patient_id) {
        const got = `${before.group} and ${cells.patient_id}`;
        throw new DataError({ who, expected: `one patient of ${show(path)}, in ${place}`, got });
      }
      const worst = Math.max(label, before?.label ?? 0);
      found.set(path, { path, label: worst, group: cells.patient_id });
    }
  }
  return [...found.values()].sort((a, b) => a.label - b.label || byteOrder(a.path, b.path));
}

function listingOf(folder: string, name: string, files: PictureFile[], leftOut: LeftOutPath[] = []): Listing {
  const lacking = classNames.find((_, label) => !files.some((file) => file.label === label));
  if (lacking === undefined) return { folder, classNames, files, leftOut };
  throw new DataError({ who, expected: `pictures of class ${show(lacking)} in the ${name} tables`, got: 'none' });
}

/** The train tables are learned, the test tables, if there are any, are what is judged by; nobody is in both. */
function list(folder: string, options: ReaderOptions): ListedPictures {
  const window = windowOption(who, options['window']);
  const chosen = kindsOf(options['tables'] ?? 'mass,calc');
  const column = columns[wordOption(who, 'pictures', options['pictures'] ?? 'full', ['full', 'cropped'] as const)];
  const tablesOf = (split: string) =>
    chosen.map((kind) => join(folder, `${kind}_case_description_${split}_set.csv`)).filter((path) => existsSync(path));
  const tables = tablesOf('train');
  if (tables.length === 0) {
    const expected = `${chosen[0]}_case_description_train_set.csv in ${show(folder)}`;
    throw new DataError({ who, expected, got: 'no such file' });
  }
  const test = picturesIn(folder, tablesOf('test'), column);
  const patients = new Set(test.map(({ group }) => group));
  const all = picturesIn(folder, tables, column);
  // Masses and calcifications were divided each for itself, so a patient with both may be in both parts: the test part keeps him.
  const leftOut = all
    .filter(({ group }) => patients.has(group))
    .map(({ path }) => ({ path, reason: 'patient' as const }));
  const train = listingOf(
    folder,
    'train',
    all.filter(({ group }) => !patients.has(group)),
    leftOut,
  );
  return { train, validation: test.length === 0 ? undefined : listingOf(folder, 'test', test), window };
}

export const cbisDdsm: PictureReader = {
  kind: 'pictures',
  name: 'cbis-ddsm',
  what: 'a folder of CBIS-DDSM, with its tables',
  takes: 'folder',
  options: ['tables', 'pictures', 'window'],
  targets: 'class',
  list,
};
