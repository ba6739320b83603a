/**
 * Finds the pictures of an image folder: one folder a class, everything in byte order of its name. Only looks at
 * names; no picture is opened here.
 */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { extensionOf, type LeftOutPath } from './left_out.js';
import { byteOrder, type Entry, entriesOf, isFolder, statOf } from './listing.js';
import { expectNoSplits } from './splits.js';

/** A picture of a class folder: `path` is relative to the split's folder, with '/' between names. */
export interface PictureFile {
  path: string;
  label: number;
  /** What it belongs to, such as a patient: pictures of one group are never in two splits that are drawn. */
  group?: string | undefined;
  /** Files of its masks, likewise relative. */
  masks?: readonly string[] | undefined;
}

/** What a split's folder holds, and what it holds beside its pictures. */
export interface Listing {
  folder: string;
  classNames: string[];
  files: PictureFile[];
  leftOut: LeftOutPath[];
}

/** The pictures of all splits that data bring. */
export interface ListedPictures {
  train: Listing;
  validation?: Listing | undefined;
  test?: Listing | undefined;
  /** Values in masks, by the number of their class; absent where pictures have classes. */
  maskValues?: readonly number[] | undefined;
  /** How values of DICOM files are brought to 0 to 255. */
  window?: string | undefined;
}

/** The formats read, by extension. */
export const extensionFormats: ReadonlyMap<string, string> = new Map([
  ['.jpg', 'jpeg'],
  ['.jpeg', 'jpeg'],
  ['.png', 'png'],
  ['.gif', 'gif'],
  ['.webp', 'webp'],
]);

/**
 * Lists a split's folder. Class folders may hold folders, which are searched too. Throws DataError for a folder that is
 * missing, is no folder, has fewer than two class folders, or class folders that differ in their Unicode normal form
 * only or are splits by their names, for a class folder without pictures, and for what the system refuses to list.
 */
export function listFolder(
  folder: string,
  who = 'openDataset',
  endings: ReadonlySet<string> = pictureEndings,
): Listing {
  const refuse = (expected: string, got: string, hint?: string): never => {
    throw new DataError({ who, expected, got, ...(hint === undefined ? {} : { hint }) });
  };
  const stat = statOf(who, folder);
  if (stat === undefined) refuse('a folder of class folders', `${show(folder)}, which does not exist`);
  if (!stat!.isDirectory()) refuse('a folder of class folders', `${show(folder)}, which is a file`);
  const leftOut: LeftOutPath[] = [];
  const classNames: string[] = [];
  for (const entry of entriesOf(who, folder)) {
    if (isHidden(entry)) leftOut.push({ path: entry.name, reason: 'hidden' });
    else if (entry.kind === 'folder') classNames.push(entry.name);
    else leftOut.push({ path: entry.name, reason: entry.kind === 'file' ? 'outside' : 'irregular' });
  }
  expectNoSplits(who, folder, classNames);
  if (classNames.length < 2) {
    const found = classNames.length === 0 ? 'none' : `only ${show(classNames[0])}`;
    refuse(
      'at least two class folders',
      `${found} in ${show(folder)}`,
      'put the pictures of each class in its own folder',
    );
  }
  expectDifferent(who, folder, classNames);
  const files: PictureFile[] = [];
  classNames.forEach((className, label) => {
    const before = files.length;
    for (const { path, reason } of [...walk(who, folder, className, endings)].sort((a, b) =>
      byteOrder(a.path, b.path),
    )) {
      if (reason === undefined) files.push({ path, label });
      else leftOut.push({ path, reason });
    }
    if (files.length === before) {
      const kinds = [...endings].join(', ');
      refuse(`pictures (${kinds}) in class folder ${show(className)}`, `none in ${show(join(folder, className))}`);
    }
  });
  return { folder, classNames, files, leftOut };
}

const isHidden = ({ name }: Entry): boolean => name.startsWith('.');

/** Two names that look the same are one class to a reader, and one folder to some file systems. */
function expectDifferent(who: string, folder: string, names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const before = seen.get(name.normalize('NFC'));
    if (before !== undefined) {
      const hint = 'they differ in their Unicode normal form only; give them one name';
      const got = `${show(before)} and ${show(name)} in ${show(folder)}`;
      throw new DataError({ who, expected: 'class folders with different names', got, hint });
    }
    seen.set(name.normalize('NFC'), name);
  }
}

/** Endings of the files that are pictures. */
const pictureEndings: ReadonlySet<string> = new Set(extensionFormats.keys());

/** What lies below a class folder. Links to files are followed, links to folders are not, so no walk is endless. */
function* walk(
  who: string,
  root: string,
  below: string,
  endings: ReadonlySet<string>,
): Generator<{ path: string; reason?: LeftOutPath['reason'] }> {
  for (const entry of entriesOf(who, join(root, below))) {
    const path = `${below}/${entry.name}`;
    if (isHidden(entry)) yield { path, reason: 'hidden' };
    else if (entry.kind === 'other') yield { path, reason: 'irregular' };
    else if (entry.kind === 'folder' && entry.link) yield { path, reason: 'link' };
    else if (entry.kind === 'folder') yield* walk(who, root, path, endings);
    else if (endings.has(extensionOf(path))) yield { path };
    else yield { path, reason: 'ending' };
  }
}

/** Whether a folder holds `train/` and `validation/` and is therefore both splits. */
export const holdsBothSplits = (folder: string, who = 'openDataset'): boolean =>
  isFolder(who, folder) && ['train', 'validation'].every((name) => isFolder(who, join(folder, name)));

/**
 * The first `samples` files in all, shared evenly by the classes (an earlier class takes the odd one), each class in
 * byte order. Throws ArgumentError for fewer samples than classes, DataError when a class has too few.
 */
export function firstOfEachClass(listing: Listing, samples: number): PictureFile[] {
  const classes = listing.classNames.length;
  if (samples < classes) {
    const expected = `samples to be at least ${classes}, one for each class`;
    throw new ArgumentError({ who: 'openDataset', expected, got: show(samples) });
  }
  return listing.classNames.flatMap((className, label) => {
    const wanted = Math.floor(samples / classes) + (label < samples % classes ? 1 : 0);
    const own = listing.files.filter((file) => file.label === label);
    if (own.length < wanted) {
      throw new DataError({
        who: 'openDataset',
        expected: `at least ${wanted} pictures in each class for samples ${samples}`,
        got: `${own.length} in class folder ${show(className)}`,
      });
    }
    return own.slice(0, wanted);
  });
}

/** The first `samples` files, where pictures have no classes. Throws DataError for fewer. */
export function firstOfAll({ files, folder }: Listing, samples: number): PictureFile[] {
  if (files.length >= samples) return files.slice(0, samples);
  const expected = `at least ${samples} pictures for samples ${samples}`;
  throw new DataError({ who: 'openDataset', expected, got: `${files.length} in ${show(folder)}` });
}
