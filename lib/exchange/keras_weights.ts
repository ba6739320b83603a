/** `.weights.h5`, and the same inside a `.keras`: one group for each layer, named by its class and place. */
import { FileError, show } from '../errors/index.js';
import { type FileArray, fileArray, type Hdf5Attribute, type Hdf5Content } from '../formats/index.js';
import type { Weight } from '../layers/index.js';
import { Model, type Network } from '../models/index.js';
import { type Assigning, assign, type Wanted, type WeightsReport } from './assign.js';
import { kerasPlaces, variablesOf } from './keras_layers.js';
import { optimizerArraysOf2 } from './keras2.js';
import { integers, optimizerVariables, optimizerWord, scalar } from './optimizer_state.js';
import type { StoredModel } from './stored_model.js';

const below = (path: string, name: string) => (path === '' ? name : `${path}/${name}`);

/** The names of weights inside the network, by weight. */
export const namesOf = (network: Network): Map<Weight, string> =>
  new Map(network.namedWeights().map(({ name, weight }) => [weight, name]));

/** Every weight, and the array of the file that is its. */
function wantedOf(network: Network): Wanted[] {
  const names = namesOf(network);
  return kerasPlaces(network).flatMap(({ path, layer }) =>
    variablesOf(layer).map((weight, i) => {
      return { weight: names.get(weight)!, tensor: weight.tensor, from: below(path, `vars/${i}`) };
    }),
  );
}

/** What Keras calls every variable: `conv2d/kernel`, inside a Sequential `block/conv2d/kernel`. */
export const kerasPaths = (network: Network): Map<Weight, string> =>
  new Map(
    kerasPlaces(network).flatMap(({ layer, scope }) =>
      variablesOf(layer).map((weight) => [weight, `${scope}${layer.name}/${weight.name}`] as const),
    ),
  );

/** The weights that learn, in Keras's order, with their names here and their paths in Keras. */
function learningPaths(network: Network): { name: string; path: string }[] {
  const names = namesOf(network);
  return [...kerasPaths(network)]
    .filter(([weight]) => weight.trainable)
    .map(([weight, path]) => ({ name: names.get(weight)!, path }));
}

/** A weight as Keras's files keep it. */
export function weightArray(name: string, { tensor, integer }: Weight): FileArray {
  if (integer) return integers(name, tensor.shape, tensor.data());
  return fileArray({ name, dtype: 'float32', shape: tensor.shape, data: tensor.data() });
}

/** The file's content: the weights, and what the optimizer remembers where the model is compiled and it is asked for. */
export function weightsContent(network: Network, { optimizer = false }: { optimizer?: boolean } = {}): Hdf5Content {
  const groups: Record<string, Record<string, Hdf5Attribute>> = { '': {} };
  const arrays: FileArray[] = [];
  const group = (path: string) => {
    path.split('/').forEach((_, i, parts) => {
      groups[parts.slice(0, i + 1).join('/')] ??= {};
    });
    return groups[path]!;
  };
  for (const { path, layer } of kerasPlaces(network)) {
    group(below(path, 'vars'))['name'] = layer.name;
    for (const [i, weight] of variablesOf(layer).entries()) arrays.push(weightArray(below(path, `vars/${i}`), weight));
  }
  if (optimizer && network instanceof Model) {
    group('optimizer/vars')['name'] = optimizerWord(network);
    for (const [i, array] of optimizerArrays(network).entries()) arrays.push({ ...array, name: `optimizer/vars/${i}` });
  }
  return { groups, arrays };
}

/** The arrays of the optimizer in Keras's order, by Keras's names. */
export const optimizerArrays = (model: Model): FileArray[] =>
  optimizerVariables(model, learningPaths(model)).map(({ name, tensor, value }) => {
    if (tensor === undefined) return scalar(name, name === 'iteration' ? 'I64' : 'F32', value!);
    return fileArray({ name, dtype: 'float32', shape: tensor.shape, data: tensor.data() });
  });

/**
 * Puts the weights of a file into a network. Throws FileError, before anything is changed, for a file of another network: by the
 * names of the layers that it lacks or has beside them, or by shapes.
 */
export function takeWeights(network: Network, { groups, arrays }: Hdf5Content, options: Assigning): WeightsReport {
  if (groups['layers'] === undefined && groups['_layer_checkpoint_dependencies'] === undefined) {
    const { path } = options;
    const got =
      Object.keys(groups)
        .filter((name) => name !== '' && !name.includes('/'))
        .slice(0, 5)
        .map(show)
        .join(', ') || 'none';
    throw new FileError({ who: 'weights', expected: `the group 'layers' of Keras 3 in ${show(path)}`, got });
  }
  const renamed = arrays.map((array) => ({
    ...array,
    name: array.name.replace(/^_layer_checkpoint_dependencies\//, 'layers/'),
  }));
  return assign(
    wantedOf(network),
    renamed.filter(({ name }) => !name.startsWith('optimizer/')),
    options,
  );
}

/** Puts the state of an optimizer into a compiled model. Throws FileError, before anything is changed, where it is that of another. */
export function takeOptimizer(
  model: Model,
  { optimizer: stored, isKeras2 = false }: Pick<StoredModel, 'optimizer' | 'isKeras2'>,
  path: string,
): void {
  const variables = optimizerVariables(model, learningPaths(model));
  const arrays = isKeras2 ? optimizerArraysOf2(model.optimizer.className!, stored, variables, path) : stored;
  const begun = variables.filter(({ tensor }) => tensor === undefined).length;
  // Before its first step Keras has made nothing else yet.
  if (arrays.length === begun && stepsOf(arrays[0]!, path) === 0) return;
  if (arrays.length !== variables.length) {
    const expected = `${variables.length} arrays of ${model.optimizer.className} in ${show(path)}`;
    const hint = 'optimizer: false reads the network without it';
    throw new FileError({ who: 'weights', expected, got: `${arrays.length}`, hint });
  }
  const steps = stepsOf(arrays[0]!, path);
  const slots = variables.flatMap(({ name, tensor }, i) => (tensor === undefined ? [] : [{ name, tensor, i }]));
  const wanted = slots.map(({ name, tensor, i }) => ({ weight: name, tensor, from: arrays[i]!.name }));
  const numbers = new Set(variables.flatMap(({ tensor }, i) => (tensor === undefined ? [arrays[i]!.name] : [])));
  assign(
    wanted,
    arrays.filter(({ name }) => !numbers.has(name)),
    { path },
  );
  model.iterations = steps;
}

/** The number of steps that an optimizer has done. */
function stepsOf({ dtype, shape, bytes }: FileArray, path: string): number {
  const steps = dtype === 'I64' && bytes.length === 8 ? Number(Buffer.from(bytes).readBigInt64LE()) : Number.NaN;
  if (Number.isSafeInteger(steps) && steps >= 0) return steps;
  throw new FileError({
    who: 'weights',
    expected: `a number of steps in ${show(path)}`,
    got: `${dtype} ${show([...shape])} ${steps}`,
  });
}

/** The optimizer's arrays of a file, in their order. */
export const storedOptimizer = ({ arrays }: Hdf5Content): FileArray[] =>
  arrays
    .filter(({ name }) => /^optimizer\/vars\/\d+$/.test(name))
    .sort((a, b) => Number(a.name.split('/').at(-1)) - Number(b.name.split('/').at(-1)));
