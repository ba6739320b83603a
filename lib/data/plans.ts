/** What the splits of a dataset are made of, before their pictures are: names, labels, and the way to the bytes. */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { decoderVersion } from './decode.js';
import { firstOfEachClass, holdsBothSplits, type Listing, listFolder, type PictureFile } from './folders.js';
import type { LeftOutPath } from './left_out.js';
import { entriesOf } from './listing.js';
import type { PicturesProgress, Settings, SplitName } from './options.js';
import { checkCount, type PictureSet } from './picture_set.js';
import { hashFiles, prepareFiles, sha256 } from './prepare.js';
import { syntheticClassNames, syntheticSet } from './synthetic.js';

/** What a split is made of before its pictures are. */
export interface SplitPlan {
  name: SplitName;
  classNames: readonly string[];
  files: readonly PictureFile[];
  leftOut: readonly LeftOutPath[];
  set: PictureSet;
}

/** The splits as the settings say; refuses what openDataset refuses. */
export async function splitPlans(settings: Settings): Promise<SplitPlan[]> {
  return settings.source === 'synthetic' ? syntheticPlans(settings) : folderPlans(settings);
}

function syntheticPlans(settings: Settings): SplitPlan[] {
  const train = settings.samples ?? 1000;
  checkCount(train);
  const counts = { train, validation: Math.max(2, Math.floor(train / 2)) };
  const plans = (['train', 'validation'] as const).map((name): SplitPlan => {
    const { files, ...set } = syntheticSet(name, counts[name], settings);
    return { name, classNames: syntheticClassNames, files, leftOut: [], set: { ...set, ...watch(name, settings) } };
  });
  if (settings.validation === undefined) return plans;
  throw new ArgumentError({
    who: 'openDataset',
    expected: "no validation folder beside source 'synthetic'",
    got: show(settings.validation),
  });
}

async function folderPlans(settings: Settings): Promise<SplitPlan[]> {
  const { source, validation, samples } = settings;
  const both = holdsBothSplits(source);
  const train = listFolder(both ? join(source, 'train') : source);
  const second = validation ?? (both ? join(source, 'validation') : undefined);
  for (const { name } of both ? entriesOf('openDataset', source) : []) {
    if (name !== 'train' && name !== 'validation') train.leftOut.push({ path: `../${name}`, reason: 'beside' });
  }
  const listing = second === undefined ? undefined : listFolder(second);
  if (listing !== undefined) expectSameClasses(listing, train);
  const plans = [await folderPlan('train', train, samples, settings)];
  return listing === undefined ? plans : [...plans, await folderPlan('validation', listing, undefined, settings)];
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

async function folderPlan(name: SplitName, listing: Listing, samples: number | undefined, settings: Settings) {
  const { height, width, workers, maxPixels } = settings;
  const files = samples === undefined ? listing.files : firstOfEachClass(listing, samples);
  checkCount(files.length);
  const paths = files.map((file) => file.path);
  const tell = teller(name, settings);
  const sources = await hashFiles(listing.folder, paths, workers, (done) => tell('hashing', done, paths.length));
  const hashes = sources.map((source) => source.contentHash);
  const facts = { pictures: 1, decoderVersion: decoderVersion(), height, width, maxPixels, sources: hashes };
  const set: PictureSet = {
    key: sha256(JSON.stringify(facts)),
    count: files.length,
    bytesPerPicture: height * width * 3,
    pictures: () => prepareFiles(listing.folder, sources, settings),
    ...watch(name, settings),
  };
  const taken = new Set(files);
  const behind = listing.files.filter((file) => !taken.has(file));
  const leftOut = [...listing.leftOut, ...behind.map(({ path }): LeftOutPath => ({ path, reason: 'samples' }))];
  return { name, classNames: listing.classNames, files, leftOut, set };
}

/** Tells the progress of a split, and stops where the signal says so. */
const teller =
  (split: SplitName, { onProgress, signal }: Settings) =>
  (phase: PicturesProgress['phase'], done: number, total: number): void => {
    signal?.throwIfAborted();
    onProgress?.({ split, phase, done, total });
  };

const watch = (split: SplitName, settings: Settings) => ({ onPicture: teller(split, settings) });
