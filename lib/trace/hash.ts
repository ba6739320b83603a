/** The hash of tensors, as docs/contract.md defines it: two sets of weights have one hash when they have the same bits. */
import { createHash } from 'node:crypto';
import { canonicalBytes, headerLine, type StoredTensor } from './bytes.js';

/** `sha256:` over names, dtypes, shapes and little-endian values in order, NaNs made canonical. */
export function hashTensors(tensors: Iterable<StoredTensor>): string {
  const hash = createHash('sha256');
  for (const tensor of tensors) hash.update(headerLine(tensor)).update(canonicalBytes(tensor.data));
  return `sha256:${hash.digest('hex')}`;
}
