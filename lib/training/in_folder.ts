/** A training in its run folder: begun in an empty one, or gone on with where it stopped, by one process at a time. */
import { existsSync } from 'node:fs';
import { ArgumentError, show } from '../errors/index.js';
import { claimFolder, endDeadClaim } from '../files/index.js';
import {
  checkpointPath,
  expectEmpty,
  expectNoLinks,
  expectNotBegun,
  forgetBeginning,
  parseCheckpoint,
  readSafetensors,
  readSettings,
  resultOf,
  resumedOptions,
  type State,
  sweepRun,
  type TrainResult,
  writeSettings,
} from '../runs/index.js';
import type { ResumeRequest, TrainOptions } from '../settings/index.js';
import type { TrainHooks } from './hooks.js';

/** Takes a training from the file of a checkpoint, or from its first step, to its end; its folder has been claimed. */
export type Take = (options: TrainOptions, hooks: TrainHooks, from: string | undefined) => Promise<TrainResult>;

/** A training to begin. */
export interface Begun {
  options: TrainOptions;
  hooks: TrainHooks;
  take: Take;
  /** Hash of the module that has the network, if any: it is bound before the first checkpoint. */
  module?: string | undefined;
}

/** Trains in a folder, which has to be empty, or without one. */
export async function beginIn(out: string | undefined, begun: Begun): Promise<TrainResult> {
  if (out === undefined) return begun.take(begun.options, begun.hooks, undefined);
  using _claim = claimFolder('train', out);
  expectEmpty(out);
  return await beginning(out, begun, undefined);
}

/** Trains in a new folder; what was written is taken away again where the training ends before it has a checkpoint. */
async function beginning(
  out: string,
  { options, hooks, take, module }: Begun,
  from: string | undefined,
): Promise<TrainResult> {
  try {
    writeSettings(out, options, module);
    return await take(options, hooks, from);
  } catch (error) {
    if (!existsSync(checkpointPath(out))) forgetBeginning(out);
    throw error;
  }
}

/** How a training goes on. */
export interface GoingOn {
  take: Take;
  /** Throws for settings that cannot be, before the folder is claimed. */
  check(options: TrainOptions, out: string): void;
  /** Rejects where what the settings name is not there, or where the module has not the hash that the run began with. */
  checkSources(options: TrainOptions, module: string | undefined): Promise<void>;
  /** What comes of a run that has all its epochs. */
  finished(options: TrainOptions, result: TrainResult): Promise<TrainResult>;
}

/** Goes on with a run, in its own folder or in `out`; a run that has all its epochs is not touched. */
export async function resumeIn(request: ResumeRequest, hooks: TrainHooks, going: GoingOn): Promise<TrainResult> {
  const { resume, out = resume } = request;
  expectNoLinks('resume', resume);
  const asked = resumedOptions(request);
  going.check(asked, out);
  const done = finishedResult(asked, resume);
  if (done !== undefined) {
    // Its process may have been killed behind the last file.
    endDeadClaim('resume', resume);
    hooks.onNote?.(`finished already: ${show(resume)} has its ${asked.epochs} epochs`);
    return going.finished(asked, done);
  }
  hooks.signal?.throwIfAborted();
  using _claim = claimFolder('resume', out);
  if (out !== resume) expectEmpty(out);
  else sweepRun(out);
  // Whoever held the folder until now may have gone on with it.
  const options = resumedOptions(request);
  const path = checkpointPath(resume);
  const from = existsSync(path) ? path : undefined;
  if (from === undefined) expectNotBegun(resume);
  const kept = from === undefined ? undefined : parseCheckpoint(from, readSafetensors(from));
  const { module = readSettings(resume).module } = kept?.identity ?? {};
  const bound = module === undefined ? undefined : String(module);
  await going.checkSources(options, bound);
  const place = placeOf(options, kept?.state);
  hooks.onNote?.(`going on with ${show(resume)}, ${place}: ${options.model}, data ${show(options.data)}`);
  if (out !== resume) return await beginning(out, { options, hooks, take: going.take, module: bound }, from);
  return await going.take(options, hooks, from);
}

/** The result of a run that has the epochs that are asked for. Throws ArgumentError where it has more. */
function finishedResult({ epochs }: TrainOptions, folder: string): TrainResult | undefined {
  const result = resultOf(folder);
  if (result === undefined || (result.epochs.length < epochs && !result.stopped)) return undefined;
  if (result.epochs.length > epochs) throw tooFew(epochs, `epoch ${result.epochs.length}`);
  return result;
}

const tooFew = (epochs: number, begun: string) =>
  new ArgumentError({
    who: 'resume',
    expected: `epochs to be no fewer than the run has begun (${begun})`,
    got: show(epochs),
  });

/** Where a training goes on, in words. Throws ArgumentError where that is beyond the epochs that are asked for. */
function placeOf({ epochs }: TrainOptions, kept: State | undefined): string {
  const { epoch, step } = kept?.progress ?? { epoch: 0, step: 0 };
  const place = step > 0 ? `step ${step} of epoch ${epoch + 1}` : `epoch ${epoch}`;
  if (epoch + Math.sign(step) > epochs) throw tooFew(epochs, place);
  return epoch + step === 0 ? 'from its beginning' : `after ${place} of ${epochs}`;
}
