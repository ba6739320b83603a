/**
 * Opens a dataset: lists it, prepares its pictures or finds them in the cache, and takes its digest.
 */
import { join } from 'node:path';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { cachedPictures, type PictureSet, uncachedPictures } from './cache.js';
import { decoderVersion } from './decode.js';
import { datasetDigest } from './digest.js';
import { firstOfEachClass, holdsBothSplits, type Listing, listFolder, type PictureFile } from './folders.js';
import { checkDatasetOptions, type DatasetOptions, type Settings, type SplitName } from './options.js';
import { hashFiles, prepareFiles, sha256 } from './prepare.js';
import type { Outcome, PixelStore } from './store.js';
import { syntheticClassNames, syntheticSet } from './synthetic.js';

/** One split: picture i has label `labels[i]` and comes from `paths[i]`. */
export interface Split {
  readonly length: number;
  /** Of one picture: `[height, width, 3]`. */
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly labels: Uint32Array;
  readonly paths: readonly string[];
  /** Copies the pictures `indices` as bytes `[indices.length, height, width, 3]` into `target`. */
  fill(indices: ArrayLike<number>, target: Uint8Array): void;
}

/** A picture that could not be used, and why. */
export interface DamagedFile {
  split: SplitName;
  path: string;
  reason: string;
}

/** An open dataset; `dispose` it to let go of memory and files. */
export interface Dataset {
  readonly classNames: readonly string[];
  readonly imageSize: readonly [height: number, width: number];
  readonly train: Split;
  readonly validation: Split | undefined;
  /** `sha256:` over size, class names, paths, labels and pixels; the same on every machine and in every folder. */
  readonly digest: string;
  /** Pictures that were skipped. */
  readonly damaged: readonly DamagedFile[];
  /** Files that are no pictures by their extension, relative to their split's folder. */
  readonly ignored: readonly string[];
  dispose(): void;
}

/** A dataset was refused because pictures are damaged; `damaged` lists all of them. */
export class DamagedPicturesError extends DataError {
  constructor(
    readonly damaged: readonly DamagedFile[],
    total: number,
  ) {
    const shown = damaged.slice(0, 5).map(({ split, path, reason }) => `${split} ${show(path)} (${reason})`);
    if (damaged.length > shown.length) shown.push(`and ${damaged.length - shown.length} more`);
    super({
      who: 'openDataset',
      expected: `${total} pictures that can be read`,
      got: `${damaged.length} damaged: ${shown.join(', ')}`,
      hint: "remove or repair them, or skip them with damaged 'skip'",
    });
  }
}

/** What a split is made of before its pictures are. */
interface SplitPlan {
  name: SplitName;
  classNames: readonly string[];
  files: readonly PictureFile[];
  ignored: readonly string[];
  set: PictureSet;
}

interface PreparedSplit {
  plan: SplitPlan;
  outcomes: Outcome[];
  store: PixelStore;
}

/**
 * Opens a dataset of `[height, width, 3]` pictures with one label each. Rejects with ArgumentError for a bad option
 * and with DataError for a folder that is missing, empty, of one class, or holds damaged pictures.
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const settings = checkDatasetOptions(options);
  const plans = settings.source === 'synthetic' ? syntheticPlans(settings) : await folderPlans(settings);
  const splits: PreparedSplit[] = [];
  try {
    for (const plan of plans) splits.push(await preparedSplit(plan, settings));
    return assemble(splits, settings);
  } catch (error) {
    for (const { store } of splits) store.dispose();
    throw error;
  }
}

function syntheticPlans(settings: Settings): SplitPlan[] {
  const train = settings.samples ?? 1000;
  const counts = { train, validation: Math.max(2, Math.floor(train / 2)) };
  const plans = (['train', 'validation'] as const).map((name): SplitPlan => {
    const { files, ...set } = syntheticSet(name, counts[name], settings);
    return { name, classNames: syntheticClassNames, files, ignored: [], set: { ...set, ...watch(name, settings) } };
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
  const plans = [await folderPlan('train', train, samples, settings)];
  if (second === undefined) return plans;
  const listing = listFolder(second);
  if (JSON.stringify(listing.classNames) !== JSON.stringify(train.classNames)) {
    throw new DataError({
      who: 'openDataset',
      expected: `the classes ${show(train.classNames)} in ${show(second)}`,
      got: show(listing.classNames),
    });
  }
  return [...plans, await folderPlan('validation', listing, undefined, settings)];
}

async function folderPlan(name: SplitName, listing: Listing, samples: number | undefined, settings: Settings) {
  const { height, width, workers } = settings;
  const files = samples === undefined ? listing.files : firstOfEachClass(listing, samples);
  const paths = files.map((file) => file.path);
  const sources = await hashFiles(listing.folder, paths, workers);
  const facts = { pictures: 1, decoderVersion, height, width, sources: sources.map((source) => source.contentHash) };
  const set: PictureSet = {
    key: sha256(JSON.stringify(facts)),
    count: files.length,
    bytesPerPicture: height * width * 3,
    pictures: () => prepareFiles(listing.folder, sources, [height, width], workers),
    ...watch(name, settings),
  };
  return { name, classNames: listing.classNames, files, ignored: listing.ignored, set };
}

const watch = (split: SplitName, { onProgress, signal }: Settings) => ({
  onPicture: (done: number, total: number) => {
    signal?.throwIfAborted();
    onProgress?.({ split, done, total });
  },
});

async function preparedSplit(plan: SplitPlan, { cacheFolder }: Settings): Promise<PreparedSplit> {
  const pictures = cacheFolder === undefined ? uncachedPictures(plan.set) : cachedPictures(plan.set, cacheFolder);
  return { plan, ...(await pictures) };
}

function assemble(prepared: PreparedSplit[], settings: Settings): Dataset {
  const damaged = prepared.flatMap(({ plan, outcomes }) =>
    outcomes.flatMap((outcome, i) =>
      'reason' in outcome ? [{ split: plan.name, path: plan.files[i]!.path, reason: outcome.reason }] : [],
    ),
  );
  const total = prepared.reduce((sum, { plan }) => sum + plan.files.length, 0);
  if (damaged.length > 0 && settings.damaged === 'refuse') throw new DamagedPicturesError(damaged, total);
  const splits = prepared.map(({ plan, outcomes, store }) => {
    const kept = plan.files.filter((_, i) => 'hash' in outcomes[i]!);
    plan.classNames.forEach((className, label) => {
      if (!kept.some((file) => file.label === label)) throw allDamaged(plan.name, className);
    });
    const split: Split = {
      length: kept.length,
      shape: [settings.height, settings.width, 3],
      labels: Uint32Array.from(kept, (file) => file.label),
      paths: kept.map((file) => file.path),
      fill: (indices, target) => store.fill(indices, target),
    };
    return { name: plan.name, split, hashes: outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : [])) };
  });
  const classNames = prepared[0]!.plan.classNames;
  const imageSize = [settings.height, settings.width] as const;
  return {
    classNames,
    imageSize,
    train: splits[0]!.split,
    validation: splits[1]?.split,
    digest: datasetDigest({ classNames, imageSize, splits }),
    damaged,
    ignored: prepared.flatMap(({ plan }) => plan.ignored),
    dispose: () => {
      for (const { store } of prepared) store.dispose();
    },
  };
}

const allDamaged = (split: SplitName, className: string) =>
  new DataError({
    who: 'openDataset',
    expected: `a readable picture in ${split} class ${show(className)}`,
    got: 'damaged ones only',
  });
