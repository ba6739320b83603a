/** Whole models in files: read, and written by `model.save`. */
import { readFileSync, statSync } from 'node:fs';
import { noClasses, type Registry } from '../classes/index.js';
import { modelFromConfig } from '../config/index.js';
import { ArgumentError, checkOptions, FileError, flagOption, show } from '../errors/index.js';
import { reason, writeWhole } from '../files/index.js';
import { decodeHdf5, encodeHdf5 } from '../formats/index.js';
import type { Model, SaveOptions } from '../models/index.js';
import type { Runtime } from '../runtime/index.js';
import { learningFrom } from './keras_compile.js';
import { kerasBytes, openKeras } from './keras_file.js';
import { legacyContent, openLegacy } from './keras_legacy.js';
import { takeOptimizer } from './keras_weights.js';
import type { StoredModel } from './stored_model.js';

/** Bytes of the largest file that is read. */
const largest = 2 ** 31 - 1;

/** The bytes of a file. Throws FileError, in the words of `who`, when it cannot be read. */
export function fileBytes(who: string, path: string): Uint8Array {
  try {
    const about = statSync(path);
    if (!about.isFile()) throw new Error('no regular file');
    if (about.size > largest) throw new Error(`${about.size} bytes where at most ${largest} are read`);
    return readFileSync(path);
  } catch (cause) {
    throw new FileError({ who, expected: `a file ${show(path)}`, got: reason(cause) }, { cause });
  }
}

/** What `loadModel` takes. */
export interface LoadModelOptions {
  /** Where the model computes. */
  runtime: Runtime;
  /** Whether a model that was compiled is compiled again, and its optimizer remembers what it did. Default true. */
  compile?: boolean;
  /** Seed of dropout, augmentation and shuffles: files of Keras have none. Default 0. */
  seed?: number;
  /** Classes of one's own that the file may name. */
  custom?: Registry;
}

/** How each kind of file is opened, by its ending. */
const opened: Readonly<Record<string, (bytes: Uint8Array, path: string) => Promise<StoredModel>>> = {
  '.keras': openKeras,
  '.h5': async (bytes, path) => openLegacy(await decodeHdf5(bytes, path), path),
  '.hdf5': async (bytes, path) => openLegacy(await decodeHdf5(bytes, path), path),
};

const endingOf = <T>(table: Readonly<Record<string, T>>, path: string): T | undefined =>
  Object.entries(table).find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];

/**
 * A whole model out of a file of Keras: `.keras` (Keras 3), or a legacy `.h5` (Keras 2 and 3). One that was compiled is compiled
 * again, by the optimizer, loss and metrics that the file names, and goes on where it stood; another one can predict, and be
 * compiled. Nothing that a file names is run. Rejects with FileError for a damaged file and for weights that are not those of the
 * network, DataError and ArgumentError for layers, options, losses and metrics that do not exist here, each by name.
 * Example: `await loadModel('net.keras', { runtime })`.
 */
export async function loadModel(path: string, options: LoadModelOptions): Promise<Model> {
  const who = 'loadModel';
  checkOptions(who, options, ['runtime', 'compile', 'seed', 'custom']);
  const { runtime, custom = noClasses, seed = 0 } = options;
  const compile = flagOption(who, 'compile', options.compile ?? true);
  const open = typeof path === 'string' ? endingOf(opened, path) : undefined;
  if (open === undefined) {
    throw new ArgumentError({
      who,
      expected: 'a file .keras or .h5',
      got: show(path),
      hint: 'loadWeights takes weights alone',
    });
  }
  const stored = await open(fileBytes(who, path), path);
  const made = modelFromConfig(stored.config, { custom });
  const { outputs } = made.parts;
  const learning = compile ? learningFrom(stored.learning, { path, outputs, custom }) : undefined;
  try {
    if (learning === undefined) made.build({ runtime, seed });
    else made.compile({ ...learning, runtime, seed });
    stored.take(made, { path });
    if (learning !== undefined && stored.optimizer.length > 0) takeOptimizer(made, stored, path);
  } catch (error) {
    made.dispose();
    throw error;
  }
  return made;
}

/** How each kind of file is made, by its ending. */
const made: Readonly<Record<string, (model: Model, how: { path: string; optimizer: boolean }) => Promise<Uint8Array>>> =
  {
    '.keras': kerasBytes,
    '.h5': async (model, { path, optimizer }) => encodeHdf5(legacyContent(model, { optimizer }), path),
  };

/** Writes a model; see Model.save. */
export async function saveModel(model: Model, path: string, options: SaveOptions): Promise<void> {
  const who = 'save';
  checkOptions(who, options, ['optimizer']);
  const make = typeof path === 'string' && !/\.weights\.h5$/i.test(path) ? endingOf(made, path) : undefined;
  if (make === undefined) {
    throw new ArgumentError({
      who,
      expected: 'a file .keras or .h5',
      got: show(path),
      hint: 'saveWeights writes weights alone',
    });
  }
  const wanted = flagOption(who, 'optimizer', options.optimizer ?? true);
  void model.runtime;
  writeWhole(path, await make(model, { path, optimizer: wanted && model.isCompiled }));
}
