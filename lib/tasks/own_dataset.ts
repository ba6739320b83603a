/** Data of the user's own as a dataset: samples and targets in the form a training reads, and their digest. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  checkSplit,
  type DataDefinition,
  type DataForm,
  type Dataset,
  describeSplit,
  type HoldOutOptions,
  heldOut,
  holdsOut,
  type PicturesProgress,
  type Split,
  type SplitName,
  splitNames,
} from '../data/index.js';
import { ArgumentError, DataError, show } from '../errors/index.js';
import { sameShape, sizeOf } from '../tensor/index.js';
import { type OwnTargets, ownTargets } from './own_targets.js';
import { firstOf, picked, type RawSplit, rawSplit } from './raw_split.js';

/** How data of the user's own are opened. */
export interface OwnDataOptions extends HoldOutOptions {
  who: string;
  /** Samples to train on, from the first; absent takes all. */
  samples?: number | undefined;
  /** Told what samples and targets are, before the digest is computed; what it throws ends the opening. */
  onForm?: ((form: DataForm) => void) | undefined;
  onProgress?: ((progress: PicturesProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The dataset of a definition. Rejects with what its functions throw and with DataError for what is not as it says. */
export async function ownDataset(definition: DataDefinition, options: OwnDataOptions): Promise<Dataset> {
  const { who, samples, onForm, onProgress, signal } = options;
  const isCut = holdsOut(who, options);
  if (isCut && definition.validation !== undefined && definition.test !== undefined) {
    const expected = 'data without validation samples or without test samples, to hold out others';
    throw new ArgumentError({ who, expected, got: 'both' });
  }
  const read: RawSplit[] = [];
  for (const name of splitNames) {
    const given = definition[name];
    if (given === undefined) continue;
    const split = typeof given === 'function' ? await given() : given;
    checkSplit(who, name, split);
    const lazy = definition.digest !== undefined;
    const few = name === 'train' && !isCut && { samples };
    read.push(await rawSplit(split, { who, name, lazy, signal, onProgress, ...few }));
  }
  const [{ sampleShape }] = read as [RawSplit];
  for (const { name, sampleShape: other } of read) {
    if (sameShape(other, sampleShape)) continue;
    const expected = `samples ${show([...sampleShape])} in ${name}, as in train`;
    throw new DataError({ who, expected, got: show([...other]) });
  }
  const own = ownTargets(who, read, definition);
  const form: DataForm = { sampleShape, targets: own.targets };
  onForm?.(form);
  const raws = isCut ? cut(who, read, own, options) : read;
  const splits = raws.map((raw) => ({ name: raw.name, split: splitOf(raw, form, own) }));
  const { classNames } = own;
  return datasetOf({ form, classNames, splits, digest: definition.digest, signal });
}

/** Holds samples of train out to validate by; what the data bring to validate by becomes the test samples. */
function cut(who: string, [train, ...others]: RawSplit[], own: OwnTargets, options: OwnDataOptions): RawSplit[] {
  const { name, length, row, memory } = train!;
  if (memory === undefined) {
    throw new ArgumentError({ who, expected: 'samples in memory, to hold out some', got: 'a digest of your own' });
  }
  const isClass = own.targets.kind === 'class';
  const labels = isClass ? Uint32Array.from({ length }, (_, i) => own.read(name, i, row(i).y)[0]!) : undefined;
  const { kept, held } = heldOut(who, { length, labels, classNames: own.classNames }, options);
  return [
    firstOf(picked(train!, 'train', kept), { who, samples: options.samples }),
    picked(train!, 'validation', held),
    ...others.map((other): RawSplit => ({ ...other, name: 'test' })),
  ];
}

/** What a dataset is made of. */
export interface DatasetParts extends DigestFacts {
  /** Default: computed from all samples and targets. */
  digest?: string | undefined;
}

/** A dataset of splits, the first of which is to train on. */
export async function datasetOf(parts: DatasetParts): Promise<Dataset> {
  const { form, classNames, splits, digest = await digestOf(parts) } = parts;
  return {
    classNames,
    train: splits[0]!.split,
    validation: splits.find(({ name }) => name === 'validation')?.split,
    test: splits.find(({ name }) => name === 'test')?.split,
    digest,
    damaged: [],
    ignored: [],
    description: {
      ...form,
      digest,
      splits: splits.map(({ name, split }) => describeSplit(name, split, classNames)),
      leftOut: [],
      damaged: [],
    },
    dispose: () => {},
  };
}

function splitOf({ name, length, memory, row }: RawSplit, form: DataForm, own: OwnTargets): Split {
  const width = sizeOf(form.sampleShape);
  const height = sizeOf(form.targets.shape);
  // Every target in memory is read once, so that a bad one is refused before any work.
  const rows = memory && new Float32Array(length * height);
  if (rows !== undefined) for (let i = 0; i < length; i++) rows.set(own.read(name, i, row(i).y), i * height);
  let [x, y] = [new Float32Array(0) as Uint8Array | Float32Array, new Float32Array(0)];
  const read: Split['read'] = (indices) => {
    const bytes = memory?.x instanceof Uint8Array;
    const size = indices.length * width;
    if (x.length !== size) x = bytes ? new Uint8Array(size) : new Float32Array(size);
    if (y.length !== indices.length * height) y = new Float32Array(indices.length * height);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      const sample = row(index);
      x.set(sample.x, i * width);
      y.set(rows?.subarray(index * height, (index + 1) * height) ?? own.read(name, index, sample.y), i * height);
    }
    return { x, y };
  };
  const labels = rows !== undefined && form.targets.kind === 'class' ? Uint32Array.from(rows) : undefined;
  return { ...form, length, labels, rows, read };
}

interface DigestFacts {
  form: DataForm;
  classNames: readonly string[];
  splits: readonly { name: SplitName; split: Split }[];
  signal: AbortSignal | undefined;
}

/** Samples that are hashed between two looks at the signal. */
const atOnce = 256;

const hashOf = (values: ArrayLike<number>): string => {
  const { buffer, byteOffset, byteLength } = values instanceof Float32Array ? values : Float32Array.from(values);
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
};

/** `sha256:` over JSON lines: the set, then each split followed by its samples (docs/contract.md, Data). */
async function digestOf({ form, classNames, splits, signal }: DigestFacts): Promise<string> {
  const hash = createHash('sha256');
  const line = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
  const { sampleShape, targets } = form;
  const { kind, shape } = targets;
  line({ samebits: 'samples', sampleShape, targets: { kind, shape }, classNames });
  for (const { name, split } of splits) {
    line([name, split.length]);
    for (let i = 0; i < split.length; i++) {
      const { x, y } = split.read([i]);
      line([kind === 'class' ? y[0] : hashOf(y), hashOf(x)]);
      if ((i + 1) % atOnce !== 0) continue;
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return `sha256:${hash.digest('hex')}`;
}
