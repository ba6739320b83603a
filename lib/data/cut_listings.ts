/** The splits of listed pictures: as they come, as a file of splits says, or with some held out to validate by. */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { insidePath, rowText, tableOf } from './csv_table.js';
import type { ListedPictures, Listing, PictureFile } from './folders.js';
import { type HoldOutOptions, heldOut, holdsOut } from './hold_out.js';
import type { ReaderOptions } from './readers/reader.js';
import { type SplitName, splitNames } from './split_names.js';

const who = 'openDataset';

export interface CutOptions extends HoldOutOptions {
  dataOptions?: ReaderOptions | undefined;
}

/** The listings in the splits that are asked for. Throws ArgumentError for two ways at once, DataError for what does not fit. */
export function cutListings(listed: ListedPictures, options: CutOptions): ListedPictures {
  const file = options.dataOptions?.['splitFile'];
  const held = holdsOut(who, options);
  if (file === undefined) return held ? withHeldOut(listed, options) : listed;
  if (typeof file !== 'string') throw new ArgumentError({ who, expected: 'splitFile to be a path', got: show(file) });
  if (held) throw new ArgumentError({ who, expected: 'a splitFile or samples to hold out', got: 'both' });
  if (listed.validation === undefined && listed.test === undefined) return byFile(listed, file);
  const expected = 'no splitFile beside data that bring their own splits';
  throw new ArgumentError({ who, expected, got: show(file) });
}

const partOf = (listing: Listing, files: readonly PictureFile[], leftOut: Listing['leftOut']): Listing => ({
  ...listing,
  files: [...files],
  leftOut,
});

/** Holds pictures of train out; what the data bring to validate by becomes the test pictures. */
function withHeldOut({ train, validation, test, ...more }: ListedPictures, options: CutOptions): ListedPictures {
  if (validation !== undefined && test !== undefined) {
    const expected = 'data without validation pictures or without test pictures, to hold out others';
    throw new ArgumentError({ who, expected, got: 'both' });
  }
  const { files, classNames } = train;
  const labels = more.maskValues === undefined ? files.map(({ label }) => label) : undefined;
  const grouped = files.some(({ group }) => group !== undefined);
  const groups = grouped ? files.map(({ group, path }) => group ?? path) : undefined;
  const { kept, held } = heldOut(who, { length: files.length, labels, classNames, groups }, options);
  const chosen = (numbers: Uint32Array) => Array.from(numbers, (i) => files[i]!);
  const judged = { validation: partOf(train, chosen(held), []), test: validation ?? test };
  return { train: partOf(train, chosen(kept), train.leftOut), ...judged, ...more };
}

/** Words for the splits in a file; the names that Python packages give them too. */
const words: Readonly<Record<string, SplitName>> = {
  ...{ train: 'train', training: 'train' },
  ...{ validation: 'validation', valid: 'validation', val: 'validation' },
  test: 'test',
};

/** The splits that a CSV file in the folder says: the columns `path`, relative to the folder, and `split`. */
function byFile({ train, maskValues, window }: ListedPictures, file: string): ListedPictures {
  const { folder, files, classNames } = train;
  const path = join(folder, insidePath(who, 'splitFile', file));
  const known = new Map(files.map((one) => [one.path, one]));
  const splits = new Map<PictureFile, SplitName>();
  for (const { row, cells } of tableOf(who, path, ['path', 'split'])) {
    const place = rowText(path, row);
    const picture = known.get(insidePath(who, place, cells.path));
    if (picture === undefined) {
      throw new DataError({ who, expected: `a picture of ${show(folder)} in ${place}`, got: show(cells.path) });
    }
    if (splits.has(picture))
      throw new DataError({ who, expected: `every picture once, in ${place}`, got: show(cells.path) });
    const split = Object.hasOwn(words, cells.split) ? words[cells.split]! : undefined;
    if (split === undefined) {
      const expected = `split to be ${splitNames.join(', ')} in ${place}`;
      throw new DataError({ who, expected, got: show(cells.split) });
    }
    splits.set(picture, split);
  }
  const of = (name: SplitName) => files.filter((one) => splits.get(one) === name);
  const expectAll = (name: SplitName, own: readonly PictureFile[]) => {
    const there = new Set(own.map(({ label }) => label));
    const lacking = maskValues === undefined ? classNames.findIndex((_, label) => !there.has(label)) : -1;
    if (lacking < 0 && own.length > 0) return;
    const what = lacking < 0 ? '' : ` of class ${show(classNames[lacking])}`;
    throw new DataError({ who, expected: `pictures${what} in split ${name} of ${show(path)}`, got: 'none' });
  };
  expectAll('train', of('train'));
  const unlisted = files.filter((one) => !splits.has(one)).map(({ path }) => ({ path, reason: 'unlisted' as const }));
  const judged = (['validation', 'test'] as const).map((name) => {
    const own = of(name);
    if (own.length > 0) expectAll(name, own);
    return [name, own.length > 0 ? partOf(train, own, []) : undefined] as const;
  });
  return {
    train: partOf(train, of('train'), [...train.leftOut, ...unlisted]),
    ...Object.fromEntries(judged),
    maskValues,
    window,
  };
}
