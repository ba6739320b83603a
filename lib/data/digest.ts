/**
 * The digest of a dataset: what a training saw, in one line. It depends on class names, relative paths, labels, picture
 * size, channels, bits and pixel bytes, and on nothing else.
 */
import { createHash } from 'node:crypto';
import type { PictureForm } from './picture_form.js';

/** What the digest covers; `hashes[i]` is the SHA-256 of picture i's bytes. */
export interface DigestFacts {
  classNames: readonly string[];
  form: PictureForm;
  splits: readonly {
    name: string;
    /** Absent where masks are the targets, whose bytes follow the picture's in its hash. */
    labels: Uint32Array | undefined;
    paths: readonly string[];
    hashes: readonly string[];
  }[];
}

/** `sha256:` over JSON lines: the set, then each split followed by its pictures (docs/contract.md, Data). */
export function datasetDigest({ classNames, form, splits }: DigestFacts): string {
  const hash = createHash('sha256');
  const line = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
  const { height, width, channels, bits, maskValues } = form;
  const more = { ...(bits === 16 && { bits }), ...(maskValues !== undefined && { targets: 'mask' }) };
  line({ samebits: 'dataset', imageSize: [height, width], channels, ...more, classNames });
  for (const { name, labels, paths, hashes } of splits) {
    line([name, hashes.length]);
    hashes.forEach((pixels, i) => {
      line(labels === undefined ? [paths[i], pixels] : [paths[i], labels[i], pixels]);
    });
  }
  return `sha256:${hash.digest('hex')}`;
}
