/** Legacy `.h5`: a whole model as attributes of the root, the weights of each layer in a group of its name; Keras 2 and 3 write it. */
import { expectClassConfig } from '../classes/index.js';
import { FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import type { FileArray, Hdf5Attribute, Hdf5Content } from '../formats/index.js';
import type { Layer, Weight } from '../layers/index.js';
import { type Model, Network } from '../models/index.js';
import { type Assigning, assign, type Wanted, type WeightsReport } from './assign.js';
import { compileConfig } from './keras_compile.js';
import { kerasVersion } from './keras_file.js';
import { kerasLayers } from './keras_layers.js';
import { kerasPaths, namesOf, optimizerArrays, weightArray } from './keras_weights.js';
import { checkAxes, isKeras2, modelConfigOf2, trainingConfigOf2 } from './keras2.js';
import { optimizerWord } from './optimizer_state.js';
import type { StoredModel } from './stored_model.js';

const join = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('/');

/** A list of an attribute, which Keras cuts into several where it is long: `layer_names`, or `layer_names0`, `layer_names1`, ... */
function listOf(attributes: Readonly<Record<string, Hdf5Attribute>> | undefined, name: string): string[] | undefined {
  const parts: Hdf5Attribute[] = [];
  if (attributes?.[name] !== undefined) parts.push(attributes[name]);
  else for (let i = 0; attributes?.[`${name}${i}`] !== undefined; i++) parts.push(attributes[`${name}${i}`]!);
  return parts.length === 0 ? undefined : (parts.flat() as string[]);
}

/** The weights of a layer in the order of a legacy file: those that learn now, then the others. */
function legacyWeights(layer: Layer): Weight[] {
  const all = layer instanceof Network ? kerasLayers(layer).flatMap(inOrder) : [...layer.weights];
  return [...all.filter(({ trainable }) => trainable), ...all.filter(({ trainable }) => !trainable)];
}
const inOrder = (layer: Layer): Weight[] =>
  layer instanceof Network ? kerasLayers(layer).flatMap(inOrder) : [...layer.weights];

/** The group of a file's weights: that of a whole model, or the root. */
const weightsGroup = ({ groups }: Hdf5Content) => (groups['model_weights'] === undefined ? '' : 'model_weights');

/** Whether a file is of this form. */
export const isLegacy = (content: Hdf5Content): boolean =>
  listOf(content.groups[weightsGroup(content)], 'layer_names') !== undefined;

/** How layers of a file are found: by their names, or one after the other, whatever their names are. */
export type LayersBy = 'name' | 'order';

/** Puts the weights of a file into a network. Throws FileError, before anything is changed, for a file of another network. */
export function takeLegacy(
  network: Network,
  content: Hdf5Content,
  { by = 'name', ...options }: Assigning & { by?: LayersBy },
): WeightsReport {
  const { path } = options;
  const root = weightsGroup(content);
  const refuse = (expected: string, got: string, hint?: string): never => {
    throw new FileError({ who: 'weights', expected, got, ...(hint !== undefined && { hint }) });
  };
  const names = namesOf(network);
  const stored = (listOf(content.groups[root], 'layer_names') ?? refuse(`layer_names in ${show(path)}`, 'none'))
    .map((name) => ({ name, weights: listOf(content.groups[join(root, name)], 'weight_names') ?? [] }))
    .filter(({ weights }) => weights.length > 0);
  const layers = kerasLayers(network).filter((layer) => layer.weights.length > 0);
  if (by === 'order' && stored.length !== layers.length) {
    refuse(`${layers.length} layers with weights in ${show(path)}`, `${stored.length}`);
  }
  const wanted = layers.flatMap((layer, place): Wanted[] => {
    const weights = legacyWeights(layer);
    const found = by === 'order' ? stored[place] : stored.find(({ name }) => name === layer.name);
    if (found !== undefined && found.weights.length !== weights.length) {
      refuse(`${weights.length} weights of ${show(found.name)} in ${show(path)}`, `${found.weights.length}`);
    }
    return weights.map((weight, i) => ({
      weight: names.get(weight)!,
      tensor: weight.tensor,
      from: found === undefined ? layer.name : join(root, found.name, found.weights[i]!),
    }));
  });
  const taken = new Set(stored.flatMap(({ name, weights }) => weights.map((weight) => join(root, name, weight))));
  return assign(
    wanted,
    content.arrays.filter(({ name }) => taken.has(name)),
    options,
  );
}

/** The JSON value of an attribute. Throws FileError for a text that is none. */
function jsonOf(text: Hdf5Attribute | undefined, name: string, path: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text as string);
  } catch (cause) {
    throw new FileError(
      { who: 'keras', expected: `${name} in ${show(path)} to be JSON`, got: reason(cause) },
      { cause },
    );
  }
}

/** The model in a file. Throws FileError for a file of weights alone. */
export function openLegacy(content: Hdf5Content, path: string): StoredModel {
  const { model_config: model, training_config: training, keras_version: version } = content.groups['']!;
  if (model === undefined) {
    const hint = 'loadWeights takes weights alone';
    throw new FileError({ who: 'loadModel', expected: `a network in ${show(path)}`, got: 'weights alone', hint });
  }
  const names = listOf(content.groups['optimizer_weights'], 'weight_names') ?? [];
  const arrays = new Map(content.arrays.map((array) => [array.name, array]));
  const of2 = isKeras2(version, path);
  const told = jsonOf(model, 'model_config', path);
  const { config, axes } = of2 ? modelConfigOf2(told) : { config: told, axes: [] };
  const learning = jsonOf(training, 'training_config', path);
  return {
    config: expectClassConfig('loadModel', `a network in ${show(path)}`, config),
    learning: of2 ? trainingConfigOf2(learning) : learning,
    isKeras2: of2,
    optimizer: names
      .map((name) => arrays.get(`optimizer_weights/${name}`))
      .filter((one): one is FileArray => one !== undefined),
    take: (network, options) => {
      checkAxes(network, axes);
      return takeLegacy(network, content, options);
    },
  };
}

/** A config without what legacy files do not have. */
function legacyConfig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(legacyConfig);
  if (typeof value !== 'object' || value === null) return value;
  const table = value as Record<string, unknown>;
  const isLayer =
    'class_name' in table &&
    /^keras(\.layers|\.optimizers|\.src\.models\..*|)$/.test(String(table['module'])) &&
    table['class_name'] !== 'DTypePolicy';
  const kept = Object.entries(table).filter(([name]) => !(isLayer && ['module', 'registered_name'].includes(name)));
  return Object.fromEntries(kept.map(([name, one]) => [name, legacyConfig(one)]));
}

/** The content of a legacy file of a model. */
export function legacyContent(model: Model, { optimizer }: { optimizer: boolean }): Hdf5Content {
  const { module: _, registered_name: __, ...config } = model.toJSON();
  const groups: Record<string, Record<string, Hdf5Attribute>> = {
    '': {
      backend: 'tensorflow',
      keras_version: kerasVersion,
      model_config: JSON.stringify(legacyConfig(config)),
    },
  };
  const arrays: FileArray[] = [];
  const add = (group: string, name: string, array: FileArray) => {
    join(group, name)
      .split('/')
      .slice(0, -1)
      .forEach((_, i, parts) => {
        groups[parts.slice(0, i + 1).join('/')] ??= {};
      });
    arrays.push({ ...array, name: join(group, name) });
  };
  const layers = kerasLayers(model);
  const paths = kerasPaths(model);
  groups['model_weights'] = {
    layer_names: layers.map(({ name }) => name),
    backend: 'tensorflow',
    keras_version: kerasVersion,
  };
  for (const layer of layers) {
    const weights = legacyWeights(layer).map((weight) => ({ weight, path: paths.get(weight)! }));
    const group = `model_weights/${layer.name}`;
    groups[group] = { weight_names: weights.map(({ path }) => path) };
    for (const { weight, path } of weights) add(group, path, weightArray(path, weight));
  }
  groups['model_weights/top_level_model_weights'] = { weight_names: [] };
  if (optimizer) {
    const { optimizer: how, ...others } = compileConfig(model);
    groups['']!['training_config'] = JSON.stringify({ ...others, optimizer_config: legacyConfig(how) });
    const word = optimizerWord(model);
    const variables = optimizerArrays(model);
    groups['optimizer_weights'] = { weight_names: variables.map(({ name }) => `${word}/${name}`) };
    for (const array of variables) add('optimizer_weights', `${word}/${array.name}`, array);
  }
  return { groups, arrays };
}
