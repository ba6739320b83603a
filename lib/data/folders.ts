/**
 * Finds the pictures of an image folder: one folder a class, everything in byte order of its name. Only looks at
 * names; no picture is opened here.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, show } from '../errors/index.js';

/** A picture of a class folder: `path` is relative to the split's folder, with '/' between names. */
export interface PictureFile {
  path: string;
  label: number;
}

/** What a split's folder holds; `ignored` are the files and links that are no pictures by their extension. */
export interface Listing {
  folder: string;
  classNames: string[];
  files: PictureFile[];
  ignored: string[];
}

/** The formats read, by extension. */
export const extensionFormats: ReadonlyMap<string, string> = new Map([
  ['.jpg', 'jpeg'],
  ['.jpeg', 'jpeg'],
  ['.png', 'png'],
  ['.gif', 'gif'],
  ['.webp', 'webp'],
]);

/** A file's extension in lower case with its dot, '' for none. */
export function extensionOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(dot).toLowerCase() : '';
}

/** Byte order of the UTF-8 names: the same on every machine, whatever its language. */
export const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Whether a folder holds `train/` and `validation/` and is therefore both splits. */
export const holdsBothSplits = (folder: string): boolean =>
  isFolder(folder) && isFolder(join(folder, 'train')) && isFolder(join(folder, 'validation'));

/**
 * Lists a split's folder. Class folders may hold folders, which are searched too; names that begin with a dot are
 * passed over. Throws DataError for a folder that is missing, is no folder, has fewer than two class folders, or has a
 * class folder without pictures.
 */
export function listFolder(folder: string, who = 'openDataset'): Listing {
  const refuse = (expected: string, got: string, hint?: string): never => {
    throw new DataError({ who, expected, got, ...(hint === undefined ? {} : { hint }) });
  };
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) refuse('a folder of class folders', `${show(folder)}, which does not exist`);
  if (!stat!.isDirectory()) refuse('a folder of class folders', `${show(folder)}, which is a file`);
  const ignored: string[] = [];
  const classNames: string[] = [];
  for (const name of visible(folder)) (isFolder(join(folder, name)) ? classNames : ignored).push(name);
  if (classNames.length < 2) {
    const found = classNames.length === 0 ? 'none' : `only ${show(classNames[0])}`;
    refuse(
      'at least two class folders',
      `${found} in ${show(folder)}`,
      'put the pictures of each class in its own folder',
    );
  }
  const files: PictureFile[] = [];
  classNames.forEach((className, label) => {
    const before = files.length;
    const paths = [...walk(folder, className)].sort(byteOrder);
    for (const path of paths) {
      if (extensionFormats.has(extensionOf(path))) files.push({ path, label });
      else ignored.push(path);
    }
    if (files.length === before) {
      const kinds = [...extensionFormats.keys()].join(', ');
      refuse(`pictures (${kinds}) in class folder ${show(className)}`, `none in ${show(join(folder, className))}`);
    }
  });
  return { folder, classNames, files, ignored };
}

function visible(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort(byteOrder);
}

/** All files below a class folder. Links to files are followed, links to folders are not, so no walk is endless. */
function* walk(root: string, below: string): Generator<string> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = `${below}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, path);
    else if (!entry.isSymbolicLink() || !isFolder(join(root, path))) yield path;
  }
}

/**
 * The first `samples` files in all, shared evenly by the classes (an earlier class takes the odd one), each class in
 * byte order. Throws DataError when a class has too few.
 */
export function firstOfEachClass(listing: Listing, samples: number): PictureFile[] {
  const classes = listing.classNames.length;
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
