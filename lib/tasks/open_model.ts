/** A network by what a user writes: a name of the table, a module, a file with a config, or a definition. */
import { modelFromConfig, readModelConfig } from '../config/index.js';
import type { DataForm } from '../data/index.js';
import { ArgumentError, checkOptions, DataError, SamebitsError, show } from '../errors/index.js';
import { type BuildOptions, buildModel, checkDefinition, type Model, type ModelDefinition } from '../models/index.js';
import { modelNamed } from '../networks/index.js';
import { isConfigPath, isModulePath } from '../settings/index.js';
import { errorText, loadModule } from './modules.js';

/** Where a network comes from. */
export interface ModelSource {
  kind: 'table' | 'module' | 'config' | 'object';
  /** What its definition calls it. */
  name: string;
  /** Of a module and its relative imports; see docs/own_model.md. */
  sha256?: string;
}

/** A definition, and where it comes from. */
export interface OpenedModel {
  definition: ModelDefinition;
  source: ModelSource;
  /** The network for data of this form, not compiled. Throws ArgumentError or ShapeError where they do not fit. */
  build(form: DataForm, options?: BuildOptions['options']): Model;
}

/**
 * The network a user asks for. Rejects with ArgumentError, in the words of `who`, for a name that the table does not have
 * and for a module that does not load or exports no definition.
 */
export async function openModel(who: string, model: string | ModelDefinition): Promise<OpenedModel> {
  if (typeof model !== 'string') {
    const definition = checkDefinition(`${who} model`, model);
    return opened(who, definition, { kind: 'object', name: definition.name });
  }
  if (isConfigPath(model)) {
    const definition = configDefinition(who, model);
    return opened(who, definition, { kind: 'config', name: definition.name });
  }
  if (!isModulePath(model)) {
    const definition = modelNamed(who, model, ' or a file (.mjs, .js, .ts, .keras, .json)');
    return opened(who, definition, { kind: 'table', name: definition.name });
  }
  const { value, sha256 } = await loadModule(who, model, 'defineModel');
  const definition = checkDefinition(`${who} default export of ${show(model)}`, value as ModelDefinition);
  return opened(`${who} ${show(model)}`, definition, { kind: 'module', name: definition.name, sha256 });
}

/** A config and the name of its network. Throws what `readModelConfig` throws, ArgumentError naming the file for a class it cannot make. */
function told(who: string, path: string) {
  try {
    const config = readModelConfig(path);
    return { config, name: modelFromConfig(config).name };
  } catch (cause) {
    if (!(cause instanceof ArgumentError || cause instanceof DataError)) throw cause;
    throw new ArgumentError(
      { who, expected: `the config of a network in ${show(path)}`, got: cause.message },
      { cause },
    );
  }
}

/** The network of a `.keras` or JSON file, of which only the config is read; no code that it names is run. */
function configDefinition(who: string, path: string): ModelDefinition {
  const { config, name } = told(who, path);
  return checkDefinition('openTask model', {
    name,
    build({ options }) {
      checkOptions(name, options, []);
      return modelFromConfig(config);
    },
  });
}

function opened(who: string, definition: ModelDefinition, source: ModelSource): OpenedModel {
  return {
    definition,
    source,
    build(form, options) {
      try {
        return buildModel(who, definition, form, options);
      } catch (error) {
        // What our own layers refuse says what and why; what code of the user's own throws may say nothing.
        if (error instanceof SamebitsError) throw error;
        const expected = `build of model ${show(definition.name)} to return a model`;
        throw new ArgumentError({ who, expected, got: errorText(error) }, { cause: error });
      }
    },
  };
}
