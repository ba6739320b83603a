/**
 * Verifies a receipt: reads it, compares the files beside it, then computes the training again, whole or single epochs
 * from their checkpoints, and compares every epoch's tree and numbers with what the receipt says. What a receipt tells and
 * no computation can prove is marked as told.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDrawn } from '../data/index.js';
import { ArgumentError, checkOptions, FileError, givenOptions, integerOption, show } from '../errors/index.js';
import { fileHash, version } from '../files/index.js';
import {
  epochCheckpointPath,
  expectNoLinks,
  networkOf,
  ownSettings,
  type Receipt,
  readPublicKey,
  readReceipt,
  receiptPath,
} from '../runs/index.js';
import { capabilities, type Device, type Isa } from '../runtime/index.js';
import { arePictureData, dataGiven, joinsByArrival, type TrainOptions } from '../settings/index.js';
import { type TrainHooks, trainHookNames } from '../training/index.js';
import { initialOf } from './initial.js';
import { checkFiles, type FileDifference } from './receipt_files.js';
import { type FactDifference, Parted, recompute, type StateDifference } from './recompute.js';
import { toldBy } from './told.js';

/** Where and what to compute again; what is absent is as this machine does best, and the data where they lay. */
export interface VerifyOptions {
  /** Epochs to compute, each from the checkpoint before it; absent means the whole training. */
  epochs?: readonly number[];
  threads?: number;
  isa?: Isa | 'auto';
  device?: Device;
  /** The module of the network, where that is of the user's own; its hash has to be that in the receipt. */
  model?: string;
  /** Where the data lie now. */
  data?: string;
  validation?: string;
  /** File of the weights that the training began with, where no seed gives them and they do not lie beside the receipt. */
  weights?: string;
  /** PEM file of the public key that has to have signed. */
  key?: string;
}

export type { FactDifference, StateDifference };
/** The first thing that differs from a receipt: a file, a tensor or a fact. */
export type VerifyDifference = FileDifference | StateDifference | FactDifference;

/** What a verification found. */
export interface Verification {
  equal: boolean;
  receipt: string;
  /** Epochs that were computed again and are equal. */
  epochs: number[];
  /** Epochs of the training; where they are more, `equal` speaks of those in `epochs` alone. */
  ofEpochs: number;
  files: { checked: number; missing: string[] };
  /** Public key, in hex, of a signature that fits; null for a receipt without one. Whose key it is, only `key` proves. */
  signedBy: string | null;
  /** Root of the last state that is equal. */
  root: string | null;
  difference: VerifyDifference | null;
  /** What the receipt tells and this verification does not prove, by the path of the field. */
  told: Record<string, unknown>;
  /** What is suspicious, though it decides nothing. */
  warnings: string[];
}

const who = 'verify';

/** The instruction set a training was computed with. */
const isaOf = ({ target }: Receipt) => target.split('/')[1] as Isa;

/** Throws ArgumentError or FileError for a receipt that cannot be verified here. */
function checkReceipt(receipt: Receipt, { key, epochs, isa }: VerifyOptions): void {
  if (key !== undefined) {
    const wanted = readPublicKey(who, key);
    const signed = receipt.signature?.publicKey;
    if (signed !== wanted) {
      const expected = `a receipt signed by the key ${show(key)}`;
      throw new FileError({
        who,
        expected,
        got: signed === undefined ? 'one without signature' : 'one by another key',
      });
    }
  }
  const { contract } = capabilities();
  if (receipt.contract !== contract) {
    throw new ArgumentError({ who, expected: `contract ${contract} of this build`, got: `${receipt.contract}` });
  }
  const arrives = joinsByArrival(receipt.options);
  if (arrives && receipt.options.arrivalSeed === undefined) {
    const hint = 'atomic mode does not repeat itself; compare two runs with samebits diff';
    throw new ArgumentError({ who, expected: 'a deterministic training', got: 'an atomic one', hint });
  }
  const recorded = isaOf(receipt);
  if (arrives && isa !== undefined && isa !== recorded) {
    const hint = 'a seeded arrival repeats itself on one instruction set';
    throw new ArgumentError({ who, expected: `isa ${show(recorded)} of the receipt`, got: show(isa), hint });
  }
  if (epochs?.length === 0) throw new ArgumentError({ who, expected: 'epochs to name one at least', got: 'none' });
  for (const epoch of epochs ?? []) {
    integerOption(who, 'epochs', epoch, 1);
    if (epoch <= receipt.epochs.length) continue;
    throw new ArgumentError({ who, expected: `epochs from 1 to ${receipt.epochs.length}`, got: show(epoch) });
  }
}

/** File of the checkpoint an epoch is computed from; undefined for the first. Throws ArgumentError if it was not kept. */
function beginningOf(epoch: number, folder: string): string | undefined {
  if (epoch === 1) return undefined;
  const path = epochCheckpointPath(folder, epoch - 1);
  if (existsSync(path)) return path;
  throw new ArgumentError({
    who,
    expected: `the checkpoint ${show(path)} to compute epoch ${epoch} alone`,
    got: 'none',
    hint: 'train with --checkpoints all, or verify the whole training',
  });
}

/** Where data lie: as the verifier says, or as the run folder does, if the verifier began it; what a receipt names is shown. */
function placesOf(
  { options }: Receipt,
  here: VerifyOptions,
  folder: string,
): Pick<TrainOptions, 'data' | 'validation'> {
  if (isDrawn(options.data)) return { data: here.data ?? options.data };
  const { data, validation } = { ...ownSettings(folder), ...givenOptions(here, ['data', 'validation']) };
  if ((data ?? options.data) === dataGiven) {
    const hint = 'it is a run of model.fit, whose data no file names: a module with the same data, or their folder';
    throw new ArgumentError({ who, expected: 'data, those that model.fit was given', got: 'none', hint });
  }
  const lacking = data === undefined ? 'data' : options.validation && !validation ? 'validation' : undefined;
  if (lacking === undefined) return { data: data!, ...(validation !== undefined && { validation }) };
  const hint = `the receipt names ${show(options[lacking])}, which is not followed: the run is not of this user on this machine`;
  throw new ArgumentError({ who, expected: `${lacking}, where those of the training lie now`, got: 'none', hint });
}

function trainOptionsOf(receipt: Receipt, here: VerifyOptions, folder: string): TrainOptions {
  const { options } = receipt;
  const { device = options.device, threads } = here;
  const isa = here.isa ?? (joinsByArrival(options) ? isaOf(receipt) : 'auto');
  const { validation: _, ...rest } = options;
  const places = placesOf(receipt, here, folder);
  return {
    ...{ ...rest, ...places, device, isa },
    // What a receipt says of its data is compared with every byte of them.
    ...(arePictureData(places.data) && { dataCheck: 'contents' as const }),
    ...(threads !== undefined && { threads }),
  };
}

/** Whether the first epoch is computed. */
const begins = (alone: readonly number[] | undefined) => alone === undefined || alone.includes(1);

/** Says where a receipt was written by something else than this package here. */
function warningsOf({ version: written, addon }: Receipt): string[] {
  const here = fileHash(capabilities().addon);
  return [
    ...(written === version ? [] : [`written by version ${written}, verified by ${version}`]),
    ...(addon === here ? [] : [`written with the addon ${addon}, verified with ${here}`]),
  ];
}

/**
 * Verifies the receipt in a file or run folder and resolves with what was found; the first difference ends it. Throws
 * FileError for a receipt that was altered, ArgumentError for what cannot be verified: an atomic training, another
 * contract, an epoch without the checkpoint before it.
 */
export async function verifyReceipt(
  path: string,
  options: VerifyOptions = {},
  hooks: TrainHooks = {},
): Promise<Verification> {
  checkOptions(who, options, ['epochs', 'threads', 'isa', 'device', 'model', 'data', 'validation', 'weights', 'key']);
  checkOptions(who, hooks, trainHookNames);
  const file = existsSync(path) && statSync(path).isDirectory() ? receiptPath(path) : path;
  const folder = dirname(file);
  expectNoLinks(who, folder);
  const receipt = readReceipt(file);
  checkReceipt(receipt, options);
  const alone = options.epochs && [...new Set(options.epochs)].sort((a, b) => a - b);
  for (const epoch of alone ?? []) beginningOf(epoch, folder);
  const { altered, checked, missing } = checkFiles(receipt, folder);
  const initial =
    altered === undefined && begins(alone) ? initialOf(receipt, { folder, weights: options.weights }) : undefined;
  const again = trainOptionsOf(receipt, options, folder);
  // A name of the table is this package's own network; the config of any other is the receipt's.
  const { kind } = receipt.sources.model;
  const model = options.model ?? (kind === 'table' ? receipt.options.model : undefined);
  const network = await networkOf(who, receipt, { folder, model });
  const done: number[] = [];
  const verdict = (difference: VerifyDifference | null): Verification => ({
    equal: difference === null,
    receipt: file,
    epochs: done,
    ofEpochs: receipt.epochs.length,
    files: { checked: checked.length, missing },
    signedBy: receipt.signature?.publicKey ?? null,
    root: done.length === 0 ? null : receipt.epochs[done.at(-1)! - 1]!.root,
    difference,
    told: toldBy(receipt, { epochs: done, missing, made: !network.isBound, key: options.key !== undefined }),
    warnings: warningsOf(receipt),
  });
  if (altered !== undefined) return verdict(altered);
  try {
    await recompute({ receipt, folder, initial, options: again, model: network.definition, hooks, done }, alone);
  } catch (error) {
    if (error instanceof Parted) return verdict(error.difference);
    throw error;
  }
  return verdict(null);
}
