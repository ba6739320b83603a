/**
 * Legacy `.h5` files of Keras 2, said in Keras 3's words before they are read: options that were renamed or that said nothing, uses of
 * nested models, which Keras 2 counts from 1, metrics by their functions, and what optimizers remember by its names.
 */
import { type Config, isTable, type Json } from '../classes/index.js';
import { DataError, FileError, show } from '../errors/index.js';
import type { FileArray } from '../formats/index.js';
import type { Network } from '../models/index.js';
import { type OptimizerVariable, scalar } from './optimizer_state.js';

type Table = Readonly<Record<string, unknown>>;
const who = 'loadModel';

/** Whether a file is of Keras 2, by the version that it names. Throws DataError for an older one. */
export function isKeras2(version: unknown, path: string): boolean {
  if (typeof version !== 'string' || !/^[012]\./.test(version)) return false;
  if (version.startsWith('2.')) return true;
  throw new DataError({ who, expected: `a file of Keras 2 or 3 in ${show(path)}`, got: `one of Keras ${version}` });
}

/** What the config of a layer loses, where it says what is always done: by class, the option and that value. */
const idle: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  Conv2DTranspose: { groups: 1 },
  DepthwiseConv2D: {
    groups: 1,
    filters: null,
    kernel_initializer: null,
    kernel_regularizer: null,
    kernel_constraint: null,
  },
  SeparableConv2D: { groups: 1, kernel_initializer: null, kernel_regularizer: null, kernel_constraint: null },
  BatchNormalization: { fused: null, virtual_batch_size: null, adjustment: null },
};

/** Options that have another name now. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeakyReLU: { alpha: 'negative_slope' },
};

/** A kernel's options that no kernel of these layers reads. */
const unread = new Set(['kernel_initializer']);

/** The places of a batch normalization that a file counts from the front: they have to be the last ones. */
export interface ChannelAxis {
  layer: string;
  axis: number;
}

interface Translated {
  config: Table;
  axes: ChannelAxis[];
}

function layerConfig(className: string, config: Table, axes: ChannelAxis[]): Table {
  if (className === 'InputLayer') return config;
  const { batch_input_shape: _, ...kept } = config;
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kept)) {
    const usual = idle[className];
    if (usual !== undefined && Object.hasOwn(usual, name)) {
      if (unread.has(name) || value === usual[name] || value === null) continue;
      throw new DataError({ who, expected: `${name} of ${className} to be ${show(usual[name])}`, got: show(value) });
    }
    out[renamed[className]?.[name] ?? name] = value;
  }
  const { axis } = kept;
  if (className === 'BatchNormalization' && Array.isArray(axis) && axis.length === 1) {
    if (axis[0] !== -1) axes.push({ layer: String(kept['name']), axis: axis[0] as number });
    out['axis'] = -1;
  }
  return out;
}

/** Models: Keras up to 2.2 says Model of a Functional. */
const networks: Readonly<Record<string, string>> = {
  Sequential: 'Sequential',
  Functional: 'Functional',
  Model: 'Functional',
};

/** One reference to a tensor, `[layer, use, tensor, options]`. */
function reference(value: unknown, nested: ReadonlySet<string>): unknown {
  const [layer, node, tensor, options = {}] = Array.isArray(value) ? value : [];
  const told = isTable(options) ? Object.entries(options).find(([, one]) => one !== null && one !== false) : undefined;
  if (told !== undefined) {
    throw new DataError({ who, expected: `calls of ${show(layer)} with tensors alone`, got: told[0] });
  }
  return [layer, nested.has(layer as string) ? (node as number) - 1 : node, tensor];
}

function network(className: string, config: Table, axes: ChannelAxis[]): Table {
  const listed = Array.isArray(config['layers']) ? (config['layers'] as unknown[]) : [];
  const layers = listed.filter(isTable) as Table[];
  const nested = new Set(
    layers.filter((one) => networks[String(one['class_name'])] !== undefined).map((one) => String(one['name'])),
  );
  const made = layers.map((one) => {
    const { inbound_nodes: nodes, ...others } = translated(one, axes);
    if (!Array.isArray(nodes)) return others;
    const all = nodes.map((node) => (Array.isArray(node) ? node.map((each) => reference(each, nested)) : node));
    return { ...others, inbound_nodes: all };
  });
  const functionals = new Set(
    layers.filter((one) => networks[String(one['class_name'])] === 'Functional').map((one) => String(one['name'])),
  );
  // The reader counts a Functional from 1 at the ends, as Keras 3 does, and a Sequential from 0.
  const ends = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map((one) => {
          const [layer, node, tensor] = reference(one, nested) as [string, number, number];
          return [layer, functionals.has(layer) ? node + 1 : node, tensor];
        })
      : value;
  const first = layers[0];
  const shape = isTable(first?.['config']) ? (first['config'] as Table)['batch_input_shape'] : undefined;
  const grown =
    className === 'Sequential' && shape !== undefined && first!['class_name'] !== 'InputLayer'
      ? { build_input_shape: shape }
      : {};
  return {
    ...config,
    ...grown,
    layers: made,
    ...(config['input_layers'] !== undefined && { input_layers: ends(config['input_layers']) }),
    ...(config['output_layers'] !== undefined && { output_layers: ends(config['output_layers']) }),
  };
}

function translated(told: Table, axes: ChannelAxis[]): Table {
  const name = String(told['class_name']);
  const config = isTable(told['config']) ? (told['config'] as Table) : {};
  const className = networks[name];
  if (className === undefined) return { ...told, config: layerConfig(name, config, axes) };
  return { ...told, class_name: className, config: network(className, config, axes) };
}

/** A model_config of Keras 2 as Keras 3 would have it, and what has to be compared once there is a network. */
export function modelConfigOf2(config: unknown): Translated {
  const axes: ChannelAxis[] = [];
  return { config: isTable(config) ? translated(config as Table, axes) : (config as Table), axes };
}

/** Throws DataError where a batch normalization has other channels than the last axis. */
export function checkAxes(net: Network, axes: readonly ChannelAxis[]): void {
  for (const { layer, inputs } of net.graph.places) {
    const told = axes.find((one) => one.layer === layer.name);
    if (told === undefined || inputs[0]!.shape.length === told.axis) continue;
    const expected = `axis ${inputs[0]!.shape.length}, the last one, of BatchNormalization ${show(layer.name)}`;
    throw new DataError({ who, expected, got: `${told.axis}` });
  }
  for (const layer of net.layers) if ('graph' in layer) checkAxes(layer as Network, axes);
}

/** A metric by its function as one by its class. */
function metricOf2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(metricOf2);
  const config = isTable(value) && isTable(value['config']) ? (value['config'] as Table) : undefined;
  if (config === undefined || (value as Table)['class_name'] !== 'MeanMetricWrapper') return value;
  const className = String(config['fn']).replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return { class_name: className, config: { name: config['name'] as Json } };
}

/** A training_config of Keras 2 as Keras 3 would have it. */
export function trainingConfigOf2(config: unknown): unknown {
  if (!isTable(config)) return config;
  const optimizer = config['optimizer_config'];
  const { metrics, weighted_metrics: weighted } = config;
  return {
    ...config,
    metrics: metricOf2(metrics),
    weighted_metrics: metricOf2(weighted),
    ...(isTable(optimizer) && { optimizer_config: optimizerOf2(optimizer as Table) }),
  };
}

function optimizerOf2({ class_name: className, config }: Table): unknown {
  const { decay = 0, jit_compile: _, is_legacy_optimizer: __, ...kept } = (isTable(config) ? config : {}) as Config;
  if (decay !== 0) {
    throw new DataError({ who, expected: `decay of ${show(className)} to be 0`, got: show(decay) });
  }
  // Without momentum Keras 2 adds epsilon to the root, with it inside of the root.
  const outside = className === 'RMSprop' && kept['momentum'] === 0;
  return { class_name: className, config: kept, ...(outside && { samebits: { epsilon_place: 'outside' } }) };
}

/** By class, Keras 3's words of slots and those of Keras 2. */
const slots: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Adam: { momentum: 'm', velocity: 'v', velocity_hat: 'vhat' },
  Adamax: { momentum: 'm', norm: 'v' },
  Adagrad: { accumulator: 'accumulator' },
  Adadelta: { accumulated_grad: 'accum_grad', accumulated_delta_var: 'accum_var' },
  RMSprop: { velocity: 'rms', momentum: 'momentum', average_gradient: 'mg' },
  SGD: { momentum: 'momentum' },
};

/** The arrays of an optimizer of Keras 2 by the names and in the order of Keras 3. Throws FileError where one is not there. */
export function optimizerArraysOf2(
  className: string,
  arrays: readonly FileArray[],
  variables: readonly OptimizerVariable[],
  path: string,
): FileArray[] {
  const known = slots[className];
  const refuse = (expected: string, got: string): never => {
    const hint = 'compile: false reads the network without its optimizer';
    throw new FileError({ who: 'weights', expected, got, hint });
  };
  if (known === undefined) refuse('an optimizer whose Keras 2 form is known', className);
  const plain = (name: string) => name.replace(/^optimizer_weights\/[^/]+\//, '').replace(/:\d+$/, '');
  const byName = new Map(arrays.map((array) => [plain(array.name).replaceAll('/', '_'), array]));
  return variables.map(({ name, value }) => {
    // It stands in the config alone.
    if (name === 'learning_rate') return scalar(name, 'F32', value!);
    const word = Object.keys(known!)
      .filter((one) => name.endsWith(`_${one}`))
      .sort((a, b) => b.length - a.length)[0];
    const there = name === 'iteration' ? 'iter' : `${name.slice(0, -word!.length)}${known![word!]}`;
    // Inside of a Sequential Keras 3 names that in front, and the kernel of a depthwise convolution is called another way.
    const also = there.replace(/_kernel(_[a-z]+)$/, '_depthwise_kernel$1');
    const longest = [...byName.keys()]
      .filter((key) => [there, also].some((one) => one === key || one.endsWith(`_${key}`)))
      .sort((a, b) => b.length - a.length)[0];
    return (
      byName.get(longest ?? '') ?? refuse(`${show(there)} among the arrays of ${className} in ${show(path)}`, 'none')
    );
  });
}
