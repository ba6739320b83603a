/**
 * The digest of a dataset: what a training saw, in one line. It depends on class names, relative paths, labels, picture
 * size and pixel bytes, and on nothing else.
 */
import { createHash } from 'node:crypto';

/** What the digest covers; `hashes[i]` is the SHA-256 of picture i's bytes. */
export interface DigestFacts {
  classNames: readonly string[];
  imageSize: readonly [height: number, width: number];
  splits: readonly {
    name: string;
    labels: Uint32Array;
    paths: readonly string[];
    hashes: readonly string[];
  }[];
}

/** `sha256:` over JSON lines: the set, then each split followed by its pictures (docs/contract.md, Data). */
export function datasetDigest({ classNames, imageSize, splits }: DigestFacts): string {
  const hash = createHash('sha256');
  const line = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
  line({ samebits: 'dataset', imageSize, channels: 3, classNames });
  for (const { name, labels, paths, hashes } of splits) {
    line([name, hashes.length]);
    hashes.forEach((pixels, i) => {
      line([paths[i], labels[i], pixels]);
    });
  }
  return `sha256:${hash.digest('hex')}`;
}
