/**
 * Opens a dataset: lists it, prepares its pictures or finds them in the cache, and takes its digest.
 */
import { DataError, show } from '../errors/index.js';
import { sizeOf } from '../tensor/index.js';
import { datasetDigest } from './digest.js';
import { countLeftOut, type LeftOutPath } from './left_out.js';
import { checkDatasetOptions, type DamagedFile, type DatasetOptions, type Settings } from './options.js';
import { pictureShape, pixelBytes, recordBytes, targetsOf } from './picture_form.js';
import { type Pictures, preparedPictures } from './pictures.js';
import { type SplitPlan, splitPlans } from './plans.js';
import { type DataForm, type Dataset, describeSplit, type Split } from './split.js';
import type { SplitName } from './split_names.js';
import type { PixelStore } from './store.js';

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

/** What pictures of these classes give to a network. */
const formOf = (settings: Settings, { length: classes }: readonly string[]): DataForm => ({
  sampleShape: pictureShape(settings),
  targets: targetsOf(settings, classes),
});

interface PreparedSplit extends Pictures {
  plan: SplitPlan;
}

/**
 * Opens a dataset of pictures `[height, width, channels]` with one label, or one mask, each. Rejects with ArgumentError for a bad option
 * and with DataError for a folder that is missing, empty, of one class, holds damaged pictures or splits of another
 * name than train/ and validation/, and for pictures that have to fit into memory and do not.
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { settings, plans } = await splitPlans(checkDatasetOptions(options));
  settings.onForm?.(formOf(settings, plans[0]!.classNames));
  const sets = plans.map(({ set }) => set);
  const pictures = await preparedPictures(sets, settings);
  const splits = plans.map((plan, i): PreparedSplit => ({ plan, ...pictures[i]! }));
  try {
    return assemble(splits, settings);
  } catch (error) {
    for (const { store } of splits) store.dispose();
    throw error;
  }
}

function assemble(prepared: PreparedSplit[], settings: Settings): Dataset {
  const damaged = prepared.flatMap(({ plan, outcomes }) =>
    outcomes.flatMap((outcome, i) =>
      'reason' in outcome ? [{ split: plan.name, path: plan.files[i]!.path, reason: outcome.reason }] : [],
    ),
  );
  const total = prepared.reduce((sum, { plan }) => sum + plan.files.length, 0);
  if (damaged.length > 0 && settings.damaged === 'refuse') throw new DamagedPicturesError(damaged, total);
  const classNames = prepared[0]!.plan.classNames;
  const form = formOf(settings, classNames);
  const splits = prepared.map((one) => splitOf(one, form, settings));
  const digest = datasetDigest({ classNames, form: settings, splits });
  const named = (name: SplitName) => splits.find((one) => one.name === name)?.split;
  return {
    classNames,
    train: splits[0]!.split,
    validation: named('validation'),
    test: named('test'),
    digest,
    damaged,
    ignored: prepared.flatMap(({ plan }) => plan.leftOut.filter(isIgnored).map(({ path }) => path)),
    description: {
      ...form,
      digest,
      splits: splits.map(({ name, split }) => describeSplit(name, split, classNames)),
      leftOut: prepared.flatMap(({ plan }) => {
        const own = damaged.filter(({ split }) => split === plan.name);
        return countLeftOut(plan.name, [
          ...plan.leftOut,
          ...own.map(({ path }) => ({ path, reason: 'damaged' as const })),
        ]);
      }),
      damaged,
    },
    dispose: () => {
      for (const { store } of prepared) store.dispose();
    },
  };
}

const isIgnored = ({ reason }: LeftOutPath): boolean => reason === 'ending' || reason === 'outside';

/** The pictures of a split that are whole, and their hashes. */
function splitOf({ plan, outcomes, store }: PreparedSplit, form: DataForm, settings: Settings) {
  const kept = plan.files.filter((_, i) => 'hash' in outcomes[i]!);
  const labels = form.targets.kind === 'class' ? Uint32Array.from(kept, (file) => file.label) : undefined;
  expectWhole(plan, new Set(kept.map((file) => file.label)));
  const paths = kept.map((file) => file.path);
  const read = labels === undefined ? maskReader(settings, store) : labelReader(settings, store, labels);
  const split: Split = { ...form, length: kept.length, labels, paths, read };
  const hashes = outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : []));
  return { name: plan.name, split, labels, paths, hashes };
}

/** Throws DataError for a class that had pictures, all of which are damaged. */
function expectWhole({ name, classNames, files }: SplitPlan, whole: ReadonlySet<number>): void {
  const lost = files.find((file) => !whole.has(file.label));
  if (lost !== undefined) throw allDamaged(name, lost.masks === undefined ? classNames[lost.label] : undefined);
}

/** Memory for the values of a picture or many: bytes, or floats where they have 16 bits. */
const valuesFor = ({ bits }: Settings, count: number): Uint8Array | Float32Array =>
  bits === 16 ? new Float32Array(count) : new Uint8Array(count);

const bytesIn = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Reads pictures into one block of memory, which batches of one size share. */
function labelReader(settings: Settings, store: PixelStore, labels: Uint32Array): Split['read'] {
  const size = sizeOf(pictureShape(settings));
  let x = valuesFor(settings, 0);
  return (indices) => {
    if (x.length !== indices.length * size) x = valuesFor(settings, indices.length * size);
    store.fill(indices, bytesIn(x));
    return { x, y: Uint32Array.from(indices, (index) => labels[index]!) };
  };
}

/** Reads pictures and their masks, which lie side by side, into blocks that batches of one size share. */
function maskReader(settings: Settings, store: PixelStore): Split['read'] {
  const [size, places] = [sizeOf(pictureShape(settings)), settings.height * settings.width];
  const record = new Uint8Array(recordBytes(settings));
  const pixels = record.subarray(0, pixelBytes(settings));
  let [x, y] = [valuesFor(settings, 0), new Float32Array(0)];
  return (indices) => {
    if (x.length !== indices.length * size) x = valuesFor(settings, indices.length * size);
    if (y.length !== indices.length * places) y = new Float32Array(indices.length * places);
    for (let i = 0; i < indices.length; i++) {
      store.fill([indices[i]!], record);
      bytesIn(x).set(pixels, i * pixels.length);
      y.set(record.subarray(pixels.length), i * places);
    }
    return { x, y };
  };
}

const allDamaged = (split: SplitName, className: string | undefined) =>
  new DataError({
    who: 'openDataset',
    expected: `a readable picture in ${split}${className === undefined ? '' : ` class ${show(className)}`}`,
    got: 'damaged ones only',
  });
