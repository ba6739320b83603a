/** What a dataset is to everybody but its reader: samples by number, what they have to give, and a digest. */
import type { Shape } from '../tensor/index.js';
import type { DatasetDescription } from './left_out.js';
import type { DamagedFile } from './options.js';
import type { SplitName } from './split_names.js';

/**
 * What a sample's target says: `class`, the number of its one class; `several`, a row with a share from 0 to 1 for each
 * class, of which any number may apply; `value`, numbers of any meaning; `mask`, the number of a class for each place.
 */
export const targetKinds = ['class', 'several', 'value', 'mask'] as const;
/** The kinds of targets; see Targets. */
export type TargetKind = (typeof targetKinds)[number];

/** What the targets of a dataset are. */
export interface Targets {
  readonly kind: TargetKind;
  /** Of one target: `[]` for a class, `[classes]` for several, `[height, width]` for a mask. */
  readonly shape: Shape;
  /** Number of classes; 0 for values. */
  readonly classes: number;
}

/** What a dataset gives to a network, known before any sample is read. */
export interface DataForm {
  /** Of one sample, for example `[height, width, 3]`. */
  readonly sampleShape: Shape;
  readonly targets: Targets;
}

/** Samples and their targets, one after the other. */
export interface Batch {
  readonly x: Uint8Array | Float32Array;
  readonly y: ArrayLike<number>;
}

/** One split of a dataset: samples by number, from 0. */
export interface Split extends DataForm {
  readonly length: number;
  /** The class of each sample, where targets are of the kind `class`. */
  readonly labels?: Uint32Array | undefined;
  /** All targets, one after the other, where they lie in memory. */
  readonly rows?: Float32Array | undefined;
  /** Steps of augmentation of samples that are read for an epoch; see `augmentSplit`. */
  readonly augment?: readonly string[] | undefined;
  /** The name of each sample, where samples have names: the paths of pictures. */
  readonly paths?: readonly string[] | undefined;
  /**
   * The samples `indices` with their targets. What it gives may be written over by the next call. A training says the epoch, from 0,
   * in which it learns from them, so that a split may draw anew in each.
   */
  read(indices: ArrayLike<number>, epoch?: number): Batch;
}

/** An open dataset; `dispose` it to let go of memory and files. */
export interface Dataset {
  /** Name of each class by its number; none for targets of the kind `value`. */
  readonly classNames: readonly string[];
  readonly train: Split;
  readonly validation?: Split | undefined;
  /** What a training never sees. */
  readonly test?: Split | undefined;
  /** `sha256:` over all that a training sees; the same on every machine and in every folder. */
  readonly digest: string;
  /** Pictures that were skipped. */
  readonly damaged: readonly DamagedFile[];
  /** Files that are no pictures by their extension, relative to their split's folder. */
  readonly ignored: readonly string[];
  /** Splits, classes, counts, and what was left out and why; plain data, as `data.json` of a run folder has it. */
  readonly description: DatasetDescription;
  dispose(): void;
}

/** The samples `chosen` of a split, in that order. */
export function pickedOf(split: Split, chosen: ArrayLike<number>): Split {
  const { sampleShape, targets, labels, paths, augment } = split;
  return {
    length: chosen.length,
    sampleShape,
    targets,
    augment,
    labels: labels && Uint32Array.from(chosen, (i) => labels[i]!),
    paths: paths && Array.from(chosen, (i) => paths[i]!),
    read: (indices, epoch) =>
      split.read(
        Uint32Array.from(indices, (i) => chosen[i]!),
        epoch,
      ),
  };
}

/** How a split is told: its name, its length, and how many samples each class has where each sample has one class. */
export function describeSplit(name: SplitName, { length, labels }: Split, classNames: readonly string[]) {
  if (labels === undefined) return { name, samples: length, classes: [] };
  const counts = new Array<number>(classNames.length).fill(0);
  for (const label of labels) counts[label]! += 1;
  return { name, samples: length, classes: counts.map((samples, label) => ({ name: classNames[label]!, samples })) };
}
