/** What the splits of a dataset are made of, before their pictures are: names, labels, and the way to the bytes. */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { cacheFolderOf } from './cache.js';
import { cutListings } from './cut_listings.js';
import { versionsFor } from './decoded.js';
import { type DrawnSet, type DrawnSplit, drawnSetOf } from './drawn_sets.js';
import { hashFiles } from './file_hashes.js';
import {
  firstOfAll,
  firstOfEachClass,
  holdsBothSplits,
  type ListedPictures,
  type Listing,
  listFolder,
  type PictureFile,
} from './folders.js';
import type { LeftOutPath } from './left_out.js';
import { entriesOf } from './listing.js';
import type { PicturesProgress, Settings } from './options.js';
import { recordBytes } from './picture_form.js';
import { checkCount, type PictureSet } from './picture_set.js';
import { type Prepared, prepareFiles, type SourceFile, type SourcePicture, sha256 } from './prepare.js';
import { pictureReaderOf } from './readers/index.js';
import type { SplitName } from './split_names.js';

/** What a split is made of before its pictures are. */
export interface SplitPlan {
  name: SplitName;
  classNames: readonly string[];
  files: readonly PictureFile[];
  leftOut: readonly LeftOutPath[];
  set: PictureSet;
}

/** The splits as the settings say, and the settings with what their reader adds; refuses what openDataset refuses. */
export async function splitPlans(settings: Settings): Promise<{ settings: Settings; plans: SplitPlan[] }> {
  const { source, validation } = settings;
  const drawn = drawnSetOf(source);
  if (drawn !== undefined) return { settings, plans: drawnPlans(drawn, settings) };
  const reader = pictureReaderOf(source);
  if (reader !== undefined) refuseValidation(settings);
  const dataOptions = settings.dataOptions ?? {};
  const found = reader?.reader.list(reader.path, dataOptions) ?? folderListings(source, validation);
  const { train, maskValues, window, ...judged } = cutListings(found, settings);
  const whole: Settings = { ...settings, maskValues, window };
  const plans = [await folderPlan('train', train, whole)];
  for (const name of ['validation', 'test'] as const) {
    const listing = judged[name];
    if (listing !== undefined) plans.push(await folderPlan(name, listing, whole));
  }
  return { settings: whole, plans };
}

function refuseValidation({ source, validation }: Settings): void {
  if (validation === undefined) return;
  const expected = `no validation folder beside source ${show(source)}`;
  throw new ArgumentError({ who: 'openDataset', expected, got: show(validation) });
}

/** The splits of a set that is drawn: as many as asked for, and half as many to validate on. */
function drawnPlans(drawn: DrawnSet, settings: Settings): SplitPlan[] {
  refuseValidation(settings);
  const { validationSamples, validationFraction, dataOptions = {} } = settings;
  const foreign = Object.entries(dataOptions).filter(([name]) => !drawn.options.includes(name));
  const others = { validationSamples, validationFraction, ...Object.fromEntries(foreign) };
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    const expected = `no ${name} beside source ${show(drawn.name)}`;
    throw new ArgumentError({ who: 'openDataset', expected, got: show(value) });
  }
  const train = settings.samples ?? 1000;
  checkCount(train);
  const counts = { train, validation: Math.max(2, Math.floor(train / 2)) };
  return (['train', 'validation'] as const).map((name): SplitPlan => {
    const { files, facts, draw } = drawn.set(name, counts[name], settings);
    const set: PictureSet = {
      key: sha256(JSON.stringify(facts)),
      count: files.length,
      bytesPerPicture: recordBytes(settings),
      pictures: () => drawnPictures(files.length, draw),
      ...watch(name, settings),
    };
    return { name, classNames: drawn.classNames, files, leftOut: [], set };
  });
}

async function* drawnPictures(count: number, draw: DrawnSplit['draw']): AsyncGenerator<Prepared> {
  for (let i = 0; i < count; i++) yield { pixels: draw(i) };
}

/** A folder of classes, or one of train/ and validation/, and a second folder to validate by. */
function folderListings(source: string, validation: string | undefined): ListedPictures {
  const both = holdsBothSplits(source);
  const train = listFolder(both ? join(source, 'train') : source);
  const second = validation ?? (both ? join(source, 'validation') : undefined);
  for (const { name } of both ? entriesOf('openDataset', source) : []) {
    if (name !== 'train' && name !== 'validation') train.leftOut.push({ path: `../${name}`, reason: 'beside' });
  }
  const listing = second === undefined ? undefined : listFolder(second);
  if (listing !== undefined) expectSameClasses(listing, train);
  return { train, validation: listing };
}

function expectSameClasses(listing: Listing, train: Listing): void {
  const [given, wanted] = [listing, train].map(({ classNames }) => JSON.stringify(classNames)) as [string, string];
  if (given !== wanted) {
    const same = given.normalize('NFC') === wanted.normalize('NFC');
    throw new DataError({
      who: 'openDataset',
      expected: `the classes ${show(train.classNames)} in ${show(listing.folder)}`,
      got: show(listing.classNames),
      ...(same ? { hint: 'they differ in their Unicode normal form only' } : {}),
    });
  }
}

/** The pictures of a split that are asked for. */
function filesOf(name: SplitName, listing: Listing, { samples, maskValues }: Settings): readonly PictureFile[] {
  if (samples === undefined || name !== 'train') return listing.files;
  return maskValues === undefined ? firstOfEachClass(listing, samples) : firstOfAll(listing, samples);
}

async function folderPlan(name: SplitName, listing: Listing, settings: Settings): Promise<SplitPlan> {
  const { height, width, workers, maxPixels, channels, bits, window, maskValues, check } = settings;
  const files = filesOf(name, listing, settings);
  checkCount(files.length);
  const all = files.flatMap(({ path, masks = [] }) => [path, ...masks]);
  const tell = teller(name, settings);
  const hashed = await hashFiles(listing.folder, all, {
    ...{ workers, check, cache: cacheFolderOf(settings) },
    onFile: (done) => tell('hashing', done, all.length),
  });
  const sources = picturesIn(files, hashed);
  // What is as it always was is left out, so that a cache of before is found again.
  const facts = {
    ...{ pictures: 1, decoderVersion: versionsFor(all), height, width, maxPixels },
    sources: hashed.map((source) => source.contentHash),
    ...(channels !== 3 && { channels }),
    ...(bits !== 8 && { bits }),
    ...(window !== undefined && { window }),
    ...(maskValues !== undefined && { maskValues, masks: files.map(({ masks = [] }) => masks.length) }),
  };
  const set: PictureSet = {
    key: sha256(JSON.stringify(facts)),
    count: files.length,
    bytesPerPicture: recordBytes(settings),
    pictures: () => prepareFiles(listing.folder, sources, settings),
    ...watch(name, settings),
  };
  const taken = new Set(files);
  const behind = listing.files.filter((file) => !taken.has(file));
  const leftOut = [...listing.leftOut, ...behind.map(({ path }): LeftOutPath => ({ path, reason: 'samples' }))];
  return { name, classNames: listing.classNames, files, leftOut, set };
}

/** The files that were hashed, each picture with its masks. */
function picturesIn(files: readonly PictureFile[], hashed: readonly SourceFile[]): SourcePicture[] {
  let next = 0;
  return files.map(({ masks = [] }) => ({ ...hashed[next++]!, masks: masks.map(() => hashed[next++]!) }));
}

/** Tells the progress of a split, and stops where the signal says so. */
const teller =
  (split: SplitName, { onProgress, signal }: Settings) =>
  (phase: PicturesProgress['phase'], done: number, total: number): void => {
    signal?.throwIfAborted();
    onProgress?.({ split, phase, done, total });
  };

/** How a set is watched, and how far what is cached is believed. */
const watch = (split: SplitName, settings: Settings) => ({
  onPicture: teller(split, settings),
  check: settings.check,
});
