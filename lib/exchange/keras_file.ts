/** `.keras`: a zip of `metadata.json`, `config.json` and `model.weights.h5`. */
import { type ClassConfig, expectClassConfig } from '../classes/index.js';
import { FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { decodeHdf5, encodeHdf5, openZip, zipOf } from '../formats/index.js';
import type { Model } from '../models/index.js';
import { compileConfig } from './keras_compile.js';
import { storedOptimizer, takeWeights, weightsContent } from './keras_weights.js';
import type { StoredModel } from './stored_model.js';

/** The version of Keras whose files these are. */
export const kerasVersion = '3.15.1';
/** Files say when they were written; ours depend on nothing but the model, so they say the day from which zip counts. */
const dateSaved = '1980-01-01@00:00:00';

/** The JSON value of an entry. Throws FileError for a text that is none. */
function jsonOf(bytes: Uint8Array, name: string, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FileError(
      { who: 'keras', expected: `${name} in ${show(path)} to be JSON`, got: reason(cause) },
      { cause },
    );
  }
}

/** What the bytes of a `.keras` file hold. Rejects with FileError for damage of any kind. */
export async function openKeras(bytes: Uint8Array, path: string): Promise<StoredModel> {
  const zip = openZip(bytes, path);
  const config = expectClassConfig(
    'loadModel',
    `a network in ${show(path)}`,
    jsonOf(zip.read('config.json'), 'config.json', path),
  );
  const content = await decodeHdf5(zip.read('model.weights.h5'), path);
  return {
    config,
    learning: (config as { compile_config?: unknown }).compile_config,
    optimizer: storedOptimizer(content),
    take: (network, options) => takeWeights(network, content, options),
  };
}

/** The bytes of a `.keras` file of a model; with `optimizer`, how it learns and what its optimizer remembers. */
export async function kerasBytes(
  model: Model,
  { path, optimizer }: { path: string; optimizer: boolean },
): Promise<Uint8Array> {
  const network: ClassConfig = model.toJSON();
  const config = { ...network, compile_config: optimizer ? compileConfig(model) : {} };
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return zipOf({
    'metadata.json': text({ keras_version: kerasVersion, date_saved: dateSaved }),
    'config.json': text(config),
    'model.weights.h5': await encodeHdf5(weightsContent(model, { optimizer }), path),
  });
}
