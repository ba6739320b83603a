/**
 * The whole state of a training in one file: weights, what the optimizer remembers, where in the data it stands, and
 * the sums of the epoch so far. A training that goes on from it ends in the same bits as one that never stopped.
 */
import { join } from 'node:path';
import type { z } from 'zod';
import { FileError, show } from '../errors/index.js';
import { readSafetensors, type TensorFile, writeSafetensors } from '../formats/index.js';
import { lazySchema } from '../lazy/index.js';
import type { Model, Progress } from '../models/index.js';
import { type Tree, treeSchema } from '../trace/index.js';
import { doublesText, parseDoubles } from './doubles.js';
import { meansOf, meansRead, meansText } from './means.js';
import type { EpochResult } from './result.js';
import { restoreState, stateOf } from './weights.js';

/**
 * What must be the same in the training that goes on: contract, data, and the settings whose part is the identity, by their
 * names.
 */
export type Identity = Readonly<Record<string, string | number>>;

/** What a training has done, beside its tensors. */
export interface State {
  /** Steps since the first, over all epochs. */
  iterations: number;
  progress: Progress;
  /** Epochs that are done. */
  epochs: EpochResult[];
  /** Trees over weights and optimizer: before the first step, then after each epoch that is done. */
  trees: Tree[];
  stepSeconds: number[];
  /** Seconds spent in the epoch under way. */
  epochSeconds: number;
}

const fileName = 'checkpoint.safetensors';

/** The file of a run folder's checkpoint. */
export const checkpointPath = (folder: string): string => join(folder, fileName);

/** The file of the checkpoint after an epoch, counted from 1, where all are kept. */
export const epochCheckpointPath = (folder: string, epoch: number): string =>
  join(folder, 'checkpoints', `epoch-${String(epoch).padStart(4, '0')}.safetensors`);

const stateSchema = lazySchema((z) => {
  // A loss may be NaN or infinite, which JSON cannot say; doubles are written as text that reads back the same.
  const double = z.string().transform(Number);
  const count = z.int().min(0);
  // States of metrics, as text of their own: they are any plain data, and their numbers are any doubles.
  const metrics = z.record(z.string(), z.string().transform(parseDoubles));
  return z.object({
    iterations: count,
    progress: z.object({ epoch: count, step: count, loss: double, samples: count, metrics }),
    epochs: z.array(
      z.object({
        epoch: count,
        means: z.record(z.string(), z.string().nullable()),
        seconds: z.number(),
        weightsHash: z.string(),
      }),
    ),
    trees: z.array(treeSchema()),
    stepSeconds: z.array(z.number()),
    epochSeconds: z.number(),
  });
});
const identitySchema = lazySchema((z) => z.record(z.string(), z.union([z.string(), z.number()])));

function writable({ progress, epochs, ...rest }: State) {
  return {
    ...rest,
    progress: {
      ...progress,
      loss: String(progress.loss),
      metrics: Object.fromEntries(Object.entries(progress.metrics).map(([name, state]) => [name, doublesText(state)])),
    },
    epochs: epochs.map((result) => {
      const { epoch, seconds, weightsHash } = result;
      return { epoch, means: meansText(meansOf(result)), seconds, weightsHash };
    }),
  };
}

/** Writes a checkpoint, whole. Throws FileError when it cannot be written. */
export function writeCheckpoint(path: string, model: Model, identity: Identity, state: State): void {
  const metadata = { identity: JSON.stringify(identity), state: JSON.stringify(writable(state)) };
  writeSafetensors(path, { tensors: stateOf(model), metadata });
}

function parsed<T>(schema: z.ZodType<T>, text: string | undefined, path: string, what: string): T {
  try {
    return schema.parse(JSON.parse(text ?? 'null'));
  } catch (cause) {
    throw new FileError(
      { who: 'resume', expected: `a checkpoint ${show(path)}`, got: `one without its ${what}` },
      { cause },
    );
  }
}

/** What a checkpoint's file holds. Throws FileError when it is none. */
export function parseCheckpoint(path: string, { tensors, metadata }: TensorFile) {
  const identity: Identity = parsed(identitySchema(), metadata['identity'], path, 'identity');
  const { epochs, ...rest } = parsed(stateSchema(), metadata['state'], path, 'state');
  const state: State = {
    ...rest,
    epochs: epochs.map(({ epoch, means, ...facts }) => ({ epoch, ...meansRead(means), ...facts }) as EpochResult),
  };
  return { tensors, identity, state };
}

/**
 * Reads a checkpoint into a compiled model. Throws FileError when there is none, when it is damaged, or when it is of a
 * training that differs in anything of `identity`; the model is then as it was.
 */
export function readCheckpoint(path: string, model: Model, identity: Identity): State {
  const { tensors, identity: there, state } = parseCheckpoint(path, readSafetensors(path));
  for (const name of Object.keys({ ...there, ...identity })) {
    if (there[name] !== identity[name]) {
      const hint = 'a training goes on with the settings it began with';
      throw new FileError({
        who: 'resume',
        expected: `${name} ${show(there[name] ?? 'none')} of the checkpoint`,
        got: show(identity[name] ?? 'none'),
        hint,
      });
    }
  }
  restoreState(model, tensors, path);
  model.iterations = state.iterations;
  model.epochs = state.progress.epoch;
  return state;
}
