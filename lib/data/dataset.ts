/**
 * Opens a dataset: lists it, prepares its pictures or finds them in the cache, and takes its digest.
 */
import { DataError, show } from '../errors/index.js';
import { datasetDigest } from './digest.js';
import { countLeftOut, type DatasetDescription, type LeftOutPath } from './left_out.js';
import { checkDatasetOptions, type DatasetOptions, type Settings, type SplitName } from './options.js';
import { type Pictures, preparedPictures } from './pictures.js';
import { type SplitPlan, splitPlans } from './plans.js';

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
  /** Splits, classes, counts, and what was left out and why; plain data, as `data.json` of a run folder has it. */
  readonly description: DatasetDescription;
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
  const splits = prepared.map((one) => splitOf(one, settings));
  const classNames = prepared[0]!.plan.classNames;
  const imageSize = [settings.height, settings.width] as const;
  const digest = datasetDigest({ classNames, imageSize, splits });
  return {
    classNames,
    imageSize,
    train: splits[0]!.split,
    validation: splits[1]?.split,
    digest,
    damaged,
    ignored: prepared.flatMap(({ plan }) => plan.leftOut.filter(isIgnored).map(({ path }) => path)),
    description: {
      imageSize,
      digest,
      splits: splits.map(({ name, split, counts }) => ({
        name,
        pictures: split.length,
        classes: counts.map((pictures, label) => ({ name: classNames[label]!, pictures })),
      })),
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

/** The pictures of a split that are whole, and how many each class has. */
function splitOf({ plan, outcomes, store }: PreparedSplit, { height, width }: Settings) {
  const kept = plan.files.filter((_, i) => 'hash' in outcomes[i]!);
  const counts = new Array<number>(plan.classNames.length).fill(0);
  for (const { label } of kept) counts[label]! += 1;
  const empty = counts.indexOf(0);
  if (empty >= 0) throw allDamaged(plan.name, plan.classNames[empty]!);
  const split: Split = {
    length: kept.length,
    shape: [height, width, 3],
    labels: Uint32Array.from(kept, (file) => file.label),
    paths: kept.map((file) => file.path),
    fill: (indices, target) => store.fill(indices, target),
  };
  const hashes = outcomes.flatMap((outcome) => ('hash' in outcome ? [outcome.hash] : []));
  return { name: plan.name, split, hashes, counts };
}

const allDamaged = (split: SplitName, className: string) =>
  new DataError({
    who: 'openDataset',
    expected: `a readable picture in ${split} class ${show(className)}`,
    got: 'damaged ones only',
  });
