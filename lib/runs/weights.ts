/** Weights of a model out of native memory and back, their hash, and their files. */
import { FileError, show } from '../errors/index.js';
import { readSafetensors, writeSafetensors } from '../formats/index.js';
import type { Model } from '../models/index.js';
import type { Tensor } from '../tensor/index.js';
import { hashTensors, type StoredTensor } from '../trace/index.js';

/** A tensor copied out of native memory, under a name. */
export const stored = (name: string, tensor: Tensor): StoredTensor => ({
  name,
  dtype: tensor.dtype,
  shape: tensor.shape,
  data: tensor.data(),
});

/** All weights of a model in order, copied out. */
export function weightsOf(model: Model): StoredTensor[] {
  return namedWeights(model).map(({ name, tensor }) => stored(name, tensor));
}

/** What the optimizer of a model remembers, copied out; `rmsprop/conv2d/kernel/velocity`. */
function slotsOf(model: Model): StoredTensor[] {
  return namedSlots(model).map(({ name, tensor }) => stored(name, tensor));
}

const namedWeights = (model: Model): Place[] =>
  model.namedWeights().map(({ name, weight }) => ({ name, tensor: weight.tensor }));

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

/**
 * Loads weights that `saveWeights` wrote; tensors are found by their names, in whatever order another writer put them.
 * Throws FileError, before any is changed, unless names, dtypes and shapes are those of the model.
 */
export function loadWeights(model: Model, path: string): void {
  restoreWeights(model, readSafetensors(path).tensors, path);
}

/** Overwrites the weights; throws as `loadWeights` does. */
export function restoreWeights(model: Model, tensors: readonly StoredTensor[], path: string): void {
  overwrite(namedWeights(model), tensors, path);
}

/** Overwrites the whole state, as `stateOf` gives it; throws as `loadWeights` does. */
export function restoreState(model: Model, tensors: readonly StoredTensor[], path: string): void {
  overwrite([...namedWeights(model), ...namedSlots(model)], tensors, path);
}

interface Place {
  name: string;
  tensor: Tensor;
}

const described = ({ name, dtype, shape }: Pick<StoredTensor, 'name' | 'dtype' | 'shape'>) =>
  `${show(name)} ${dtype} ${show([...shape])}`;

/** Pairs every place with the tensor of its name. Throws FileError where one is missing, of another form, or too many. */
function overwrite(places: readonly Place[], tensors: readonly StoredTensor[], path: string): void {
  const refuse = (expected: string, got: string): never => {
    throw new FileError({ who: 'weights', expected, got });
  };
  const left = new Map<string, StoredTensor>();
  for (const tensor of tensors) {
    if (left.has(tensor.name)) refuse(`tensors of different names in ${show(path)}`, `two called ${show(tensor.name)}`);
    left.set(tensor.name, tensor);
  }
  const pairs = places.map(({ name, tensor: place }) => {
    const here = described({ name, dtype: place.dtype, shape: place.shape });
    const found = left.get(name);
    const there = found === undefined ? 'none of that name' : described(found);
    if (here !== there) refuse(`${here} in ${show(path)}`, there);
    left.delete(name);
    return { place, data: found!.data };
  });
  const [more] = left.values();
  if (more !== undefined) refuse(`only the ${places.length} tensors of the model in ${show(path)}`, described(more));
  for (const { place, data } of pairs) place.write(data);
}
