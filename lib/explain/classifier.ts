/** The network that classifies pictures: of a run, of a file of Keras, or one of the table with weights out of a file. */
import { existsSync, statSync } from 'node:fs';
import { ArgumentError, show } from '../errors/index.js';
import { loadModel, loadWeights } from '../exchange/index.js';
import type { Model } from '../models/index.js';
import { modelNamed, networks } from '../networks/index.js';
import { modelOfRun, readRun, restoreRun } from '../runs/index.js';
import type { Runtime } from '../runtime/index.js';
import { openModel } from '../tasks/index.js';

/** How a network is asked for. */
export interface ClassifierOptions {
  /** The folder of a finished training, a whole model in a file (`.keras`, `.h5`), or the name of a network. */
  model: string;
  /** Of a network by name: the file of its weights. */
  weights?: string | undefined;
  /** Of a network by name: how many classes it has. Default: as many as in its paper. */
  classes?: number | undefined;
}

/** A network that can be opened on one runtime after the other. */
export interface Classifier {
  /** Names of the classes, where the network brings them. */
  classNames: readonly string[] | undefined;
  /** What the network is called, where its model does not say it. */
  name?: string;
  /** Resolves with the model on a runtime, which the caller disposes. */
  open(runtime: Runtime): Promise<Model>;
}

const who = 'classify model';

function ofRun(folder: string): Classifier {
  const run = readRun(folder, who);
  return {
    classNames: run.classNames,
    name: run.model,
    open: async (runtime) => restoreRun(run, await modelOfRun(run, who), runtime),
  };
}

const ofFile = (path: string): Classifier => ({
  classNames: undefined,
  open: (runtime) => loadModel(path, { runtime, compile: false }),
});

/** The networks as users make them, by the names of the table. */
const makers = new Map(
  Object.entries(networks).map(([name, make]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    make as unknown as (options: object) => Model,
  ]),
);

/** A network of the table, for pictures of its paper's size, with what it does with their pixels. */
function ofTable(name: string, weights: string, classes: number | undefined): Classifier {
  const { x: sampleShape, y: own } = makers.get(name)!({}).sampleShapes;
  const targets = { kind: 'class', shape: [], classes: classes ?? Math.max(2, own.at(-1)!) } as const;
  return {
    classNames: undefined,
    async open(runtime) {
      const model = (await openModel(who, name)).build({ sampleShape, targets });
      model.build({ runtime, seed: 0 });
      try {
        await loadWeights(model, weights);
      } catch (error) {
        model.dispose();
        throw error;
      }
      return model;
    },
  };
}

/** Throws ArgumentError for weights beside a model that has its own, and for a network of the table without any. */
export function classifierOf({ model, weights, classes }: ClassifierOptions): Classifier {
  const isFolder = existsSync(model) && statSync(model).isDirectory();
  const isFile = /\.(?:keras|h5|hdf5)$/i.test(model);
  if (!isFolder && !isFile) {
    modelNamed(who, model, ', the folder of a finished training, or a file (.keras, .h5)');
    if (weights !== undefined) return ofTable(model, weights, classes);
    const hint = 'a network by name has no weights of its own';
    throw new ArgumentError({ who, expected: `weights beside ${show(model)}`, got: 'none', hint });
  }
  if (weights !== undefined) {
    throw new ArgumentError({
      who,
      expected: `no weights beside ${show(model)}, which has its own`,
      got: show(weights),
    });
  }
  return isFolder ? ofRun(model) : ofFile(model);
}
