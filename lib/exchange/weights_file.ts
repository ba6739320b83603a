/** The weights of a model in files: Keras's, safetensors, NumPy's, and state_dicts of PyTorch. */
import { ArgumentError, checkOptions, show, wordOption } from '../errors/index.js';
import { writeWhole } from '../files/index.js';
import {
  decodeArrays,
  decodeHdf5,
  decodeNpz,
  encodeHdf5,
  encodeNpz,
  encodeSafetensors,
  type FileArray,
  fileArray,
  type Hdf5Content,
  type Inexact,
  openZip,
} from '../formats/index.js';
import type { Model } from '../models/index.js';
import type { StoredTensor } from '../trace/index.js';
import { type Assigning, arranged, assign, type Wanted, type WeightsReport } from './assign.js';
import { isLegacy, type LayersBy, takeLegacy } from './keras_legacy.js';
import { takeWeights, weightsContent } from './keras_weights.js';
import { fileBytes } from './model_file.js';
import { counted, type PytorchModules, pytorchWanted } from './pytorch.js';

/** What names and axes a file of arrays by name has. */
export type Convention = 'samebits' | 'pytorch';
const conventions = ['samebits', 'pytorch'] as const;

/** What `saveWeights` takes. */
export interface SaveWeightsOptions {
  /**
   * In `.safetensors` and `.npz`: 'samebits' has the names and axes of the weights here (`conv2d/kernel`, [kh, kw, in, out]), 'pytorch'
   * those of a state_dict (`conv2d.weight`, [out, in, kh, kw]). Default 'samebits'.
   */
  convention?: Convention;
  /** For 'pytorch': the modules of layers whose names there differ, `{ conv2d: 'features.0' }`. */
  modules?: PytorchModules;
}

/** What `loadWeights` takes. */
export interface LoadWeightsOptions extends SaveWeightsOptions {
  /** In `.safetensors` and `.npz`: the file's names of weights whose names there differ, `{ 'conv2d/kernel': 'w1' }`. */
  names?: Readonly<Record<string, string>>;
  /** In a legacy `.h5`: layers by their names, or one after the other. Default 'name'. */
  by?: LayersBy;
  /** Whether a weight may be without an array; it stays as it is. Default 'refuse'. */
  missing?: 'refuse' | 'keep';
  /** Whether an array may have another shape than its weight, which stays as it is then. Default 'refuse'. */
  otherShape?: 'refuse' | 'keep';
  /** Whether an array may be without a weight. Default 'refuse'. */
  leftOver?: 'refuse' | 'ignore';
  /** What is done with values that float32 does not have, of F64 and I64. Default 'refuse'. */
  inexact?: Inexact;
}

interface Format {
  /** Whether arrays are found by names, which options can change. */
  byName: boolean;
  arrays?(bytes: Uint8Array, path: string): FileArray[];
  encode?(tensors: StoredTensor[]): Uint8Array;
}

/** How Keras's files are taken. */
const ofKeras = {
  async content(bytes: Uint8Array, path: string): Promise<Hdf5Content> {
    return decodeHdf5(
      path.toLowerCase().endsWith('.keras') ? openZip(bytes, path).read('model.weights.h5') : bytes,
      path,
    );
  },
  take(model: Model, content: Hdf5Content, options: Assigning & { by?: LayersBy }): WeightsReport {
    return isLegacy(content) ? takeLegacy(model, content, options) : takeWeights(model, content, options);
  },
};

/** By ending, the longest first. */
const formats: Readonly<Record<string, Format>> = {
  '.weights.h5': { byName: false },
  '.keras': { byName: false },
  '.h5': { byName: false },
  '.hdf5': { byName: false },
  '.safetensors': {
    byName: true,
    arrays: (bytes, path) => decodeArrays(bytes, path).arrays,
    encode: (tensors) => encodeSafetensors({ tensors, metadata: {} }),
  },
  '.npz': {
    byName: true,
    arrays: (bytes, path) => decodeNpz(bytes, path),
    encode: (tensors) => encodeNpz(tensors.map(fileArray)),
  },
};

/** The format of a file. Throws ArgumentError for another ending, and for options that say nothing there. */
function formatOf(who: string, path: string, options: LoadWeightsOptions): Format {
  const known = Object.keys(formats);
  const ending = typeof path === 'string' ? known.find((one) => path.toLowerCase().endsWith(one)) : undefined;
  if (ending === undefined) throw new ArgumentError({ who, expected: `a file ${known.join(', ')}`, got: show(path) });
  const format = formats[ending]!;
  const only = format.byName ? ['by'] : ['convention', 'modules', 'names'];
  const idle = only.find((name) => options[name as keyof LoadWeightsOptions] !== undefined);
  if (idle !== undefined) throw new ArgumentError({ who, expected: `no ${idle} for a file ${ending}`, got: 'one' });
  return format;
}

/** Every weight by the file's names and axes. Throws ArgumentError for a bad option. */
function wantedIn(who: string, model: Model, options: LoadWeightsOptions): Wanted[] {
  const convention = wordOption(who, 'convention', options.convention ?? 'samebits', conventions);
  const { modules = {}, names = {} } = options;
  if (convention === 'samebits' && options.modules !== undefined) {
    throw new ArgumentError({ who, expected: "modules beside convention 'pytorch'", got: "'samebits'" });
  }
  const plain = model.namedWeights().map(({ name, weight }) => ({ weight: name, tensor: weight.tensor, from: name }));
  const all: Wanted[] = convention === 'pytorch' ? pytorchWanted(model, modules) : plain;
  const other = Object.keys(names).find((name) => !all.some(({ weight }) => weight === name));
  if (other !== undefined)
    throw new ArgumentError({ who, expected: 'names of weights of the model', got: show(other) });
  return all.map((one) => ({ ...one, from: names[one.weight] ?? one.from }));
}

/**
 * Puts the weights in a file into a model: `.weights.h5`, `.keras` and legacy `.h5` of Keras, `.safetensors` and `.npz` by names. The
 * model must be compiled or built. Resolves with what was matched, missing, of another shape and left over; the last three are refused
 * unless they are allowed. Rejects, before any weight is changed, with FileError for damage, another network, other shapes, and values that float32
 * does not have, ArgumentError for a bad option.
 * Example: `await loadWeights(net, 'resnet.safetensors', { convention: 'pytorch', modules: { conv2d: 'conv1' } })`.
 */
export async function loadWeights(
  model: Model,
  path: string,
  options: LoadWeightsOptions = {},
): Promise<WeightsReport> {
  return takeFile('loadWeights', model, { path, options });
}

/** Puts the weights in a file into a model, where `accept` does not refuse what would become of them; see loadWeights. */
export async function takeFile(
  who: string,
  model: Model,
  { path, options, accept }: { path: string; options: LoadWeightsOptions } & Pick<Assigning, 'accept'>,
): Promise<WeightsReport> {
  checkOptions(who, options, ['convention', 'modules', 'names', 'by', 'missing', 'otherShape', 'leftOver', 'inexact']);
  const { missing, otherShape, leftOver, inexact, by } = options;
  const how: Assigning = {
    path,
    ...(accept && { accept }),
    otherShape: wordOption(who, 'otherShape', otherShape ?? 'refuse', ['refuse', 'keep']),
    missing: wordOption(who, 'missing', missing ?? 'refuse', ['refuse', 'keep']),
    leftOver: wordOption(who, 'leftOver', leftOver ?? 'refuse', ['refuse', 'ignore']),
    inexact: wordOption(who, 'inexact', inexact ?? 'refuse', ['refuse', 'round']),
  };
  const { arrays, byName } = formatOf(who, path, options);
  if (!byName) {
    const content = await ofKeras.content(fileBytes(who, path), path);
    model.expectStill(who);
    return ofKeras.take(model, content, { ...how, ...(by && { by }) });
  }
  const wanted = wantedIn(who, model, options);
  const found = arrays!(fileBytes(who, path), path);
  const kept = options.convention === 'pytorch' ? found.filter(({ name }) => !counted(name)) : found;
  model.expectStill(who);
  return assign(wanted, kept, how);
}

/**
 * Writes the weights of a model: `.safetensors` and `.npz` by names, `.weights.h5` as Keras 3 does. Rejects with ArgumentError for
 * another ending or a bad option, FileError when the file cannot be written. Example: `await saveWeights(net, 'net.weights.h5')`.
 */
export async function saveWeights(model: Model, path: string, options: SaveWeightsOptions = {}): Promise<void> {
  const who = 'saveWeights';
  checkOptions(who, options, ['convention', 'modules']);
  const { byName, encode } = formatOf(who, path, options);
  if (!byName) {
    if (!path.toLowerCase().endsWith('.weights.h5')) {
      const hint = 'model.save writes whole models';
      throw new ArgumentError({ who, expected: 'a file .weights.h5, .safetensors or .npz', got: show(path), hint });
    }
    writeWhole(path, await encodeHdf5(weightsContent(model), path));
    return;
  }
  const tensors = wantedIn(who, model, options).map(({ tensor, from: name, arrangement }): StoredTensor => {
    const data = tensor.data() as Float32Array;
    if (arrangement === undefined) return { name, dtype: 'float32', shape: tensor.shape, data };
    return { name, dtype: 'float32', shape: arrangement.shape, data: arranged(data, arrangement, true) };
  });
  writeWhole(path, encode!(tensors));
}
