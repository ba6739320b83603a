/** Networks out of configs in Keras 3's form. Nothing that a config names is run, opened or fetched. */
import {
  type ClassConfig,
  type Config,
  classesOf,
  expectClassConfig,
  fromClassConfig,
  isClassConfig,
  isTable,
  noClasses,
  type Registry,
  sameJson,
} from '../classes/index.js';
import { DataError, show } from '../errors/index.js';
import * as layers from '../layers/index.js';
import { Model, model, sequential } from '../models/index.js';
import { refuseCode } from './code.js';
import { Places } from './places.js';

export interface ReadOptions {
  /** Classes of one's own that the config may name. */
  custom?: Registry;
}

const who = 'modelFromConfig';
const classes = classesOf<layers.Layer>(layers);
const { dtype } = layers.dense({ units: 1 }).getConfig();

/** Who reads, and with which classes. */
interface Reader {
  custom: Registry;
}

const listOf = (name: string, value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new DataError({ who, expected: `${name} to be a list`, got: show(value) });
};

/** The config with the dtype as Keras 3 writes it: older files and own hands write the name alone. */
function inFloat32(value: ClassConfig): ClassConfig {
  const told = value.config['dtype'];
  const name = isClassConfig(told) ? told.config['name'] : told;
  if (name !== 'float32' || sameJson(told!, dtype!)) return value;
  return { ...value, config: { ...value.config, dtype: dtype! } };
}

/** The layer of a config: one of this package, a network, or one of the user's own. */
function layerFrom(value: unknown, reader: Reader): layers.Layer {
  const told = expectClassConfig(who, 'a layer', value);
  const name = told.class_name;
  if (name === 'InputLayer') {
    throw new DataError({ who, expected: 'an InputLayer only where a network begins', got: 'one elsewhere' });
  }
  const ours = !(typeof told.registered_name === 'string' && told.registered_name.includes('>'));
  if (ours && networks.has(name)) return networks.get(name)!(told.config, reader);
  return fromClassConfig(inFloat32(told), { who, what: 'a layer', classes, ...reader });
}

/** The place where a network begins. */
function inputFrom({ config }: ClassConfig): layers.Symbolic {
  const { batch_shape: told, batch_input_shape: before, name } = config;
  const shape = listOf('batch_shape', told ?? before);
  if (config['dtype'] !== undefined && config['dtype'] !== 'float32') {
    throw new DataError({ who, expected: 'an InputLayer of float32', got: show(config['dtype']) });
  }
  return layers.input({ shape: shape.slice(1) as number[], ...(typeof name === 'string' && { name }) });
}

const isInput = (value: unknown): value is ClassConfig => isClassConfig(value) && value.class_name === 'InputLayer';

/** What every network has beside its layers. */
const common = ({ name, trainable }: Config) => ({
  ...(typeof name === 'string' && { name }),
  ...(typeof trainable === 'boolean' && { trainable }),
});

function sequentialFrom(config: Config, reader: Reader): Model {
  const [first, ...others] = listOf('layers', config['layers']);
  const made: [told: unknown, layer: layers.Layer][] = [];
  const row = (isInput(first) ? others : [first, ...others])
    .filter((one) => one !== undefined)
    .map((told) => {
      // A layer that stands in the row twice is one layer.
      const before = made.find(([one]) => isTable(one) && sameJson(one as Config, told as Config));
      const layer = before?.[1] ?? layerFrom(told, reader);
      made.push([told, layer]);
      return layer;
    });
  const shape = config['build_input_shape'];
  if (isInput(first)) return sequential([inputFrom(first), ...row], common(config));
  if (!Array.isArray(shape)) return sequential(row, common(config));
  return sequential([layers.input({ shape: shape.slice(1) as number[] }), ...row], common(config));
}

function functionalFrom(config: Config, reader: Reader): Model {
  const places = new Places();
  for (const told of listOf('layers', config['layers'])) {
    const { name, inbound_nodes: nodes } = told as { name?: unknown; inbound_nodes?: unknown };
    const config = expectClassConfig(who, 'a layer', told);
    if (typeof name !== 'string') throw new DataError({ who, expected: 'layers with a name', got: config.class_name });
    if (isInput(config)) places.begin(name, () => inputFrom(config));
    else places.add(name, layerFrom(config, reader), listOf(`inbound_nodes of ${name}`, nodes));
  }
  places.resolve();
  const inputs = places.ends(config['input_layers'], 'input_layers');
  const outputs = places.ends(config['output_layers'], 'output_layers');
  return model({ inputs, outputs, ...common(config) });
}

const networks: ReadonlyMap<string, (config: Config, reader: Reader) => Model> = new Map([
  ['Sequential', sequentialFrom],
  ['Functional', functionalFrom],
]);

/**
 * The network that a config describes, as `modelConfig` and Keras's `model.to_json()` write it (parsed): not compiled, its
 * weights not made. Example: `modelFromConfig(readModelConfig('net.json'))`. Throws DataError for what is no config and for options that
 * a class here does not have, ArgumentError for a class that is not known; what holds code is refused by name.
 */
export function modelFromConfig(config: unknown, { custom = noClasses }: ReadOptions = {}): Model {
  refuseCode(who, config, custom);
  const made = layerFrom(config, { custom });
  if (made instanceof Model) return made;
  throw new DataError({ who, expected: 'the config of a Sequential or Functional', got: made.kerasName });
}
