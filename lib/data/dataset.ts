/**
 * Opens a dataset: lists it, prepares its pictures or finds them in the cache, and takes its digest.
 */
import { DataError, show } from '../errors/index.js';
import { sizeOf } from '../tensor/index.js';
import { datasetDigest } from './digest.js';
import { countLeftOut, type LeftOutPath } from './left_out.js';
import {
  checkDatasetOptions,
  type DamagedFile,
  type DatasetOptions,
  type Settings,
  type SplitName,
} from './options.js';
import { type Pictures, preparedPictures } from './pictures.js';
import { type SplitPlan, splitPlans } from './plans.js';
import { type DataForm, type Dataset, describeSplit, type Split } from './split.js';
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
const formOf = ({ height, width }: Settings, { length: classes }: readonly string[]): DataForm => ({
  sampleShape: [height, width, 3],
  targets: { kind: 'class', shape: [], classes },
});

interface PreparedSplit extends Pictures {
  plan: SplitPlan;
}

/**
 * Opens a dataset of `[height, width, 3]` pictures with one label each. Rejects with ArgumentError for a bad option
 * and with DataError for a folder that is missing, empty, of one class, holds damaged pictures or splits of another
 * name than train/ and validation/, and for pictures that have to fit into memory and do not.
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const settings = checkDatasetOptions(options);
  const plans = await splitPlans(settings);
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
  const splits = prepared.map((one) => splitOf(one, form));
  const digest = datasetDigest({ classNames, imageSize: [settings.height, settings.width], splits });
  return {
    classNames,
    train: splits[0]!.split,
    validation: splits[1]?.split,
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
function splitOf({ plan, outcomes, store }: PreparedSplit, form: DataForm) {
  const kept = plan.files.filter((_, i) => 'hash' in outcomes[i]!);
  const labels = Uint32Array.from(kept, (file) => file.label);
  const found = new Set(labels);
  const empty = plan.classNames.findIndex((_, label) => !found.has(label));
  if (empty >= 0) throw allDamaged(plan.name, plan.classNames[empty]!);
  const paths = kept.map((file) => file.path);
  const split: Split = { ...form, length: kept.length, labels, paths, read: readerOf(form, store, labels) };
  const hashes = outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : []));
  return { name: plan.name, split, labels, paths, hashes };
}

/** Reads pictures into one block of memory, which batches of one size share. */
function readerOf({ sampleShape }: DataForm, store: PixelStore, labels: Uint32Array): Split['read'] {
  const size = sizeOf(sampleShape);
  let x = new Uint8Array(0);
  return (indices) => {
    if (x.length !== indices.length * size) x = new Uint8Array(indices.length * size);
    store.fill(indices, x);
    return { x, y: Uint32Array.from(indices, (index) => labels[index]!) };
  };
}

const allDamaged = (split: SplitName, className: string) =>
  new DataError({
    who: 'openDataset',
    expected: `a readable picture in ${split} class ${show(className)}`,
    got: 'damaged ones only',
  });
