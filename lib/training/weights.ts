/** Weights of a model out of native memory and back, their hash, and their files. */
import { FileError, show } from '../errors/index.js';
import type { Model } from '../models/index.js';
import type { Tensor } from '../tensor/index.js';
import { hashTensors, type StoredTensor } from '../trace/index.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** A tensor copied out of native memory, under a name. */
export const stored = (name: string, tensor: Tensor): StoredTensor => ({
  name,
  dtype: tensor.dtype,
  shape: tensor.shape,
  data: tensor.data(),
});

/** All weights of a model in order, copied out. */
export function weightsOf(model: Model): StoredTensor[] {
  return model.namedWeights().map(({ name, weight }) => stored(name, weight.tensor));
}

/** What the optimizer of a model remembers, copied out; `rmsprop/conv2d/kernel/velocity`. */
function slotsOf(model: Model): StoredTensor[] {
  return namedSlots(model).map(({ name, tensor }) => stored(name, tensor));
}

function namedSlots(model: Model): Place[] {
  const { optimizer } = model.compiled;
  return [...model.slots].flatMap(([weight, slots]) =>
    Object.entries(slots).map(([slot, tensor]) => ({ name: `${optimizer.name}/${weight}/${slot}`, tensor })),
  );
}

/** All that decides how a training goes on, beside its place in the data: the weights, then what the optimizer remembers. */
export function stateOf(model: Model): StoredTensor[] {
  return [...weightsOf(model), ...slotsOf(model)];
}

/** Hash of a model's weights (docs/contract.md, Hashes). */
export function weightsHash(model: Model): string {
  return hashTensors(weightsOf(model));
}

/** Saves a model's weights as safetensors. Throws FileError when the file cannot be written. */
export function saveWeights(model: Model, path: string): void {
  writeSafetensors(path, { tensors: weightsOf(model), metadata: {} });
}

/** Loads weights that `saveWeights` wrote. Throws FileError unless names, dtypes and shapes are those of the model. */
export function loadWeights(model: Model, path: string): void {
  restoreWeights(model, readSafetensors(path).tensors, path);
}

/** Overwrites all weights. Throws FileError, before any is changed, unless names, dtypes and shapes are the model's. */
export function restoreWeights(model: Model, tensors: readonly StoredTensor[], path: string): void {
  overwrite(
    model.namedWeights().map(({ name, weight }) => ({ name, tensor: weight.tensor })),
    tensors,
    path,
  );
}

/** Overwrites all that the optimizer remembers, likewise. */
export function restoreSlots(model: Model, tensors: readonly StoredTensor[], path: string): void {
  overwrite(namedSlots(model), tensors, path);
}

/** Overwrites the whole state, as `stateOf` gives it. */
export function restoreState(model: Model, tensors: readonly StoredTensor[], path: string): void {
  const weights = model.namedWeights().length;
  restoreWeights(model, tensors.slice(0, weights), path);
  restoreSlots(model, tensors.slice(weights), path);
}

interface Place {
  name: string;
  tensor: Tensor;
}

const described = ({ name, dtype, shape }: Pick<StoredTensor, 'name' | 'dtype' | 'shape'>) =>
  `${show(name)} ${dtype} ${show([...shape])}`;

function overwrite(places: readonly Place[], tensors: readonly StoredTensor[], path: string): void {
  const here = places.map(({ name, tensor }) => described({ name, dtype: tensor.dtype, shape: tensor.shape }));
  const there = tensors.map(described);
  for (let i = 0; i < Math.max(here.length, there.length); i++) {
    if (here[i] !== there[i]) {
      const expected = `tensor ${i} of ${show(path)} to be ${here[i] ?? 'none'}`;
      throw new FileError({ who: 'weights', expected, got: there[i] ?? 'none' });
    }
  }
  places.forEach(({ tensor }, i) => {
    tensor.write(tensors[i]!.data);
  });
}
