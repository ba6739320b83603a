/** Data of the user's own as a dataset: samples and targets in the form a training reads, and their digest. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  checkSplit,
  type DataDefinition,
  type DataForm,
  type Dataset,
  describeSplit,
  type PicturesProgress,
  type Split,
  type SplitName,
} from '../data/index.js';
import { DataError, show } from '../errors/index.js';
import { sameShape, sizeOf } from '../tensor/index.js';
import { type OwnTargets, ownTargets } from './own_targets.js';
import { type RawSplit, rawSplit } from './raw_split.js';

/** How data of the user's own are opened. */
export interface OwnDataOptions {
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
  const raws: RawSplit[] = [];
  for (const name of ['train', 'validation'] as const) {
    const given = definition[name];
    if (given === undefined) continue;
    const split = typeof given === 'function' ? await given() : given;
    checkSplit(who, name, split);
    const lazy = definition.digest !== undefined;
    raws.push(await rawSplit(split, { who, name, lazy, signal, onProgress, ...(name === 'train' && { samples }) }));
  }
  const [{ sampleShape }, second] = raws as [RawSplit, RawSplit?];
  if (second !== undefined && !sameShape(second.sampleShape, sampleShape)) {
    const expected = `samples ${show([...sampleShape])} in validation, as in train`;
    throw new DataError({ who, expected, got: show([...second.sampleShape]) });
  }
  const own = ownTargets(who, raws, definition);
  const form: DataForm = { sampleShape, targets: own.targets };
  onForm?.(form);
  const splits = raws.map((raw) => ({ name: raw.name, split: splitOf(raw, form, own) }));
  const { classNames } = own;
  return datasetOf({ form, classNames, splits, digest: definition.digest, signal });
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
    validation: splits[1]?.split,
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
