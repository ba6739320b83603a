/**
 * Positional SHA-256 trees over named tensors (docs/trace.md, Trees). The tree is the join tree of the numeric contract,
 * which is also the Merkle tree of RFC 6962: its root changes with every bit of every tensor and with their order, and
 * its leaves tell which tensor, then which block of 64 KiB, differs.
 */
import { createHash } from 'node:crypto';
import { canonicalBytes, headerLine, type StoredTensor } from './bytes.js';

/** Bytes of values under one leaf of a tensor's own tree. */
export const blockBytes = 65536;

/** The tree over tensors in order: its root, and under it the hash of each tensor, all in hex. */
export interface Tree {
  root: string;
  leaves: string[];
}

// The first byte keeps a block, a join and a tensor apart, so that none can be passed off as another.
const tags = { block: Buffer.of(0), join: Buffer.of(1), tensor: Buffer.of(2) };

function digest(tag: keyof typeof tags, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256').update(tags[tag]);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Joins hashes by the join tree: the left part is the largest power of two smaller than their number. */
function joined(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return createHash('sha256').digest();
  if (hashes.length === 1) return hashes[0]!;
  const left = 2 ** (31 - Math.clz32(hashes.length - 1));
  return digest('join', joined(hashes.slice(0, left)), joined(hashes.slice(left)));
}

/** The hash of each block of a tensor's values; one empty block where there are no values. */
function blockHashes(bytes: Uint8Array): Buffer[] {
  const count = Math.max(1, Math.ceil(bytes.length / blockBytes));
  return Array.from({ length: count }, (_, i) => digest('block', bytes.subarray(i * blockBytes, (i + 1) * blockBytes)));
}

/** The hash of one tensor in hex: its name, dtype and shape, and the root over its blocks. */
export function tensorHash(tensor: StoredTensor): string {
  return digest('tensor', headerLine(tensor), joined(blockHashes(canonicalBytes(tensor.data)))).toString('hex');
}

/** The root over tensor hashes in order, all in hex. */
export function rootOf(leaves: readonly string[]): string {
  return joined(leaves.map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex');
}

/** The tree over tensors in order. */
export function treeOf(tensors: readonly StoredTensor[]): Tree {
  const leaves = tensors.map(tensorHash);
  return { root: rootOf(leaves), leaves };
}
