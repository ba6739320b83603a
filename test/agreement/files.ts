// The files that real Keras 3.15.1 wrote (fixtures/files, by keras_files.py), unpacked into a folder, and what it computed.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asFloat32, decodeHdf5, decodeNpz, type Hdf5Content, openZip } from '../../lib/formats/index.js';
import type { Shape } from '../../lib/index.js';
import { root } from '../architecture/sources.js';

const fixtures = join(root, 'test/agreement/fixtures/files');

export const tags = ['row', 'graph', 'parts', 'tiny', 'norms', 'draws'] as const;
/** Those whose training can be followed: `draws` has layers that draw numbers, and Keras draws others. */
export const followed: readonly string[] = tags.filter((tag) => tag !== 'draws');
export const endings = ['keras', 'h5', 'weights.h5'] as const;
export type Tag = (typeof tags)[number];

/** The bytes of a file of Keras. */
export const kerasFile = (tag: Tag, ending: string): Buffer =>
  gunzipSync(readFileSync(join(fixtures, `${tag}.${ending}.gz`)));

/** Puts all of them into a folder. */
export function unpackInto(folder: string): void {
  for (const tag of tags)
    for (const ending of endings) writeFileSync(join(folder, `${tag}.${ending}`), kerasFile(tag, ending));
}

/** What Keras computed, by name. */
export function computed(tag: Tag): ReadonlyMap<string, { shape: Shape; values: Float32Array }> {
  const path = join(fixtures, `${tag}.npz`);
  return new Map(
    decodeNpz(readFileSync(path), path).map((array) => [
      array.name,
      { shape: array.shape, values: asFloat32(array, { path }) },
    ]),
  );
}

/** The HDF5 file that a file is, or has inside. */
export const hdf5Of = (bytes: Uint8Array, path: string): Promise<Hdf5Content> =>
  decodeHdf5(path.endsWith('.keras') ? openZip(bytes, path).read('model.weights.h5') : bytes, path);

/** The JSON of an entry of a `.keras`. */
export const entryOf = (bytes: Uint8Array, name: string): unknown =>
  JSON.parse(new TextDecoder().decode(openZip(bytes, name).read(name)));
