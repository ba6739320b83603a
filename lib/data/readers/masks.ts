/**
 * masks: pictures, each with a mask of the class of every pixel. Either `images/` and `masks/` hold files of the same names, in the
 * folder or in `train/`, `validation/` and `test/` of it; or each picture has a folder of its own with its picture in `images/` and
 * a mask of each thing in `masks/`, as in the 2018 Data Science Bowl.
 */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../../errors/index.js';
import { extensionFormats, type ListedPictures, type Listing, type PictureFile } from '../folders.js';
import { extensionOf, type LeftOutPath } from '../left_out.js';
import { type Entry, entriesOf, isFolder } from '../listing.js';
import { splitNames } from '../split_names.js';
import type { PictureReader, ReaderOptions } from './reader.js';

const who = 'masks';

/** Values of the classes: whole numbers below 256, two or more, each once. */
function valuesOf(given: unknown): number[] {
  const parts = typeof given === 'string' ? given.split(',') : [];
  const values = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  const fits = values.length >= 2 && values.every((value) => value <= 255) && new Set(values).size === values.length;
  if (fits) return values;
  throw new ArgumentError({ who, expected: 'values to be two or more numbers to 255, as 0,255', got: show(given) });
}

function namesOf(given: unknown, classes: number): string[] {
  if (given === undefined) {
    return classes === 2 ? ['background', 'object'] : Array.from({ length: classes }, (_, label) => `${label}`);
  }
  const names = typeof given === 'string' ? given.split(',') : [];
  if (names.length === classes && names.every((name) => name !== '') && new Set(names).size === classes) return names;
  throw new ArgumentError({
    who,
    expected: `names to be ${classes} different ones, one for each value`,
    got: show(given),
  });
}

const isPicture = ({ name, kind }: Entry): boolean =>
  kind === 'file' && !name.startsWith('.') && extensionFormats.has(extensionOf(name));

const leftOutOf = (below: string, entries: readonly Entry[]): LeftOutPath[] =>
  entries
    .filter((entry) => !isPicture(entry))
    .map(({ name, kind }) => ({
      path: `${below}/${name}`,
      reason: name.startsWith('.') ? 'hidden' : kind === 'file' ? 'ending' : 'irregular',
    }));

const stemOf = (name: string): string => name.slice(0, name.length - extensionOf(name).length);

/** Pictures and masks of the same names. */
function pairsIn(folder: string, masksName: string, classNames: string[]): Listing {
  const [pictures, masks] = ['images', masksName].map((name) => entriesOf(who, join(folder, name))) as [
    Entry[],
    Entry[],
  ];
  const byStem = new Map<string, string>();
  for (const { name } of masks.filter(isPicture)) {
    const before = byStem.get(stemOf(name));
    if (before !== undefined) {
      const got = `${show(before)} and ${show(name)} in ${show(join(folder, masksName))}`;
      throw new DataError({ who, expected: 'one mask of each picture', got });
    }
    byStem.set(stemOf(name), name);
  }
  const leftOut = [...leftOutOf('images', pictures), ...leftOutOf(masksName, masks)];
  const files = pictures.filter(isPicture).map(({ name }): PictureFile => {
    const mask = byStem.get(stemOf(name));
    if (mask === undefined) {
      const expected = `a mask of ${show(`images/${name}`)} in ${show(join(folder, masksName))}`;
      throw new DataError({ who, expected, got: 'none' });
    }
    byStem.delete(stemOf(name));
    return { path: `images/${name}`, label: 0, masks: [`${masksName}/${mask}`] };
  });
  for (const mask of byStem.values()) leftOut.push({ path: `${masksName}/${mask}`, reason: 'unpaired' });
  if (files.length > 0) return { folder, classNames, files, leftOut };
  throw new DataError({ who, expected: `pictures in ${show(join(folder, 'images'))}`, got: 'none' });
}

/** A folder for each picture, with a mask of each thing in it. */
function thingsIn(folder: string, masksName: string, classNames: string[]): Listing | undefined {
  const files: PictureFile[] = [];
  const leftOut: LeftOutPath[] = [];
  for (const { name, kind } of entriesOf(who, folder)) {
    const own = join(folder, name);
    const whole = kind === 'folder' && ['images', masksName].every((one) => isFolder(who, join(own, one)));
    if (!whole) {
      leftOut.push({ path: name, reason: name.startsWith('.') ? 'hidden' : 'outside' });
      continue;
    }
    const pictures = entriesOf(who, join(own, 'images')).filter(isPicture);
    if (pictures.length !== 1) {
      throw new DataError({ who, expected: `one picture in ${show(join(own, 'images'))}`, got: `${pictures.length}` });
    }
    const masks = entriesOf(who, join(own, masksName)).filter(isPicture);
    const below = `${name}/${masksName}`;
    files.push({
      path: `${name}/images/${pictures[0]!.name}`,
      label: 0,
      masks: masks.map((mask) => `${below}/${mask.name}`),
    });
  }
  return files.length === 0 ? undefined : { folder, classNames, files, leftOut };
}

function list(folder: string, options: ReaderOptions): ListedPictures {
  const maskValues = valuesOf(options['values'] ?? '0,255');
  const classNames = namesOf(options['names'], maskValues.length);
  const masksName = options['masks'] ?? 'masks';
  if (typeof masksName !== 'string' || !/^[\w-]+$/.test(masksName)) {
    throw new ArgumentError({ who, expected: 'masks to be the name of a folder', got: show(masksName) });
  }
  const holdsPairs = (at: string) => ['images', masksName].every((name) => isFolder(who, join(at, name)));
  if (holdsPairs(folder)) return { train: pairsIn(folder, masksName, classNames), maskValues };
  if (holdsPairs(join(folder, 'train'))) {
    const splits = splitNames.filter((name) => holdsPairs(join(folder, name)));
    const listings = splits.map((name) => [name, pairsIn(join(folder, name), masksName, classNames)] as const);
    return { ...(Object.fromEntries(listings) as unknown as { train: Listing }), maskValues };
  }
  const train = thingsIn(folder, masksName, classNames);
  if (train !== undefined) return { train, maskValues };
  const expected = `images and ${masksName} in ${show(folder)}, in train of it, or in a folder for each picture`;
  throw new DataError({ who, expected, got: 'none' });
}

export const masks: PictureReader = {
  kind: 'pictures',
  name: 'masks',
  what: 'a folder with images and masks',
  takes: 'folder',
  options: ['values', 'names', 'masks'],
  targets: 'mask',
  list,
};
