/** Hashes and trees of named tensors, and the append-only file that keeps them while a training runs. */
export { littleEndian, type StoredTensor } from './bytes.js';
export { hashTensors } from './hash.js';
export { blockBytes, rootOf, type Tree, tensorHash, treeOf } from './tree.js';
