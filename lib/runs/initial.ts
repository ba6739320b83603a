/**
 * The weights that a training began with, in a file of their own where no seed gives them: weights that were loaded, or learnt
 * before, go into a run that begins with them. The receipt binds them as its `initial` tree.
 */
import { join } from 'node:path';
import type { Model } from '../models/index.js';
import { type StoredTensor, tensorHash } from '../trace/index.js';
import type { Receipt } from './receipt_form.js';
import { saveWeights } from './weights.js';

/** The name of that file in a run folder. */
export const initialName = 'initial.safetensors';

/** That file of a run folder. */
export const initialPath = (folder: string): string => join(folder, initialName);

/** Keeps the weights that a model has now as those its run begins with. */
export const writeInitial = (folder: string, model: Model): void => saveWeights(model, initialPath(folder));

/** The name of the first of these weights that is not one the training began with; undefined where all are. */
export function foreignInitial(
  { tensors, initial }: Pick<Receipt, 'tensors' | 'initial'>,
  given: readonly StoredTensor[],
) {
  const leaves = new Map(tensors.map(([name], i) => [name, initial.leaves[i]]));
  return given.find((tensor) => leaves.get(tensor.name) !== tensorHash(tensor))?.name;
}
