/**
 * Verifies a receipt: reads it, compares the files beside it, then computes the training again, whole or single epochs
 * from their checkpoints, and compares every epoch's tree and numbers with what the receipt says.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArgumentError, FileError, integerOption, show } from '../errors/index.js';
import { capabilities, type Device, type Isa } from '../runtime/index.js';
import type { Tree } from '../trace/index.js';
import {
  type EpochResult,
  epochCheckpointPath,
  joinsByArrival,
  type ReachedState,
  type Receipt,
  readPublicKey,
  readReceipt,
  receiptPath,
  type TrainHooks,
  type TrainOptions,
  trainFrom,
} from '../training/index.js';
import { type ElementDifference, firstElement } from './element.js';
import { checkFiles, type FileDifference, keptWeight } from './receipt_files.js';

/** Where and what to compute again; what is absent is as this machine does best, and the data where they lay. */
export interface VerifyOptions {
  /** Epochs to compute, each from the checkpoint before it; absent means the whole training. */
  epochs?: readonly number[];
  threads?: number;
  isa?: Isa | 'auto';
  device?: Device;
  /** Where the data lie now. */
  data?: string;
  validation?: string;
  /** PEM file of the public key that has to have signed. */
  key?: string;
}

/** A tensor after an epoch (0: before the first step) that is not the receipt's. */
export interface StateDifference {
  what: 'state';
  epoch: number;
  tensor: string;
  /** First element that differs, a = kept beside the receipt, b = computed again; null where no file keeps it. */
  element: ElementDifference | null;
}

/** A number or hash that is not the receipt's; epoch 0 is before the first step. */
export interface FactDifference {
  what: 'fact';
  epoch: number;
  name: string;
  recorded: string;
  found: string;
}

export type VerifyDifference = FileDifference | StateDifference | FactDifference;

/** What a verification found. */
export interface Verification {
  equal: boolean;
  receipt: string;
  /** Where it was computed first. */
  recordedOn: string;
  /** Epochs that were computed again and are equal. */
  epochs: number[];
  files: { checked: number; missing: string[] };
  /** Public key, in hex, of a signature that fits; null for a receipt without one. */
  signedBy: string | null;
  /** Root of the last state that is equal. */
  root: string | null;
  difference: VerifyDifference | null;
}

class Parted extends Error {
  constructor(readonly difference: VerifyDifference) {
    super('the computation parted from its receipt');
  }
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
  if (arrives && receipt.seeds.arrival === undefined) {
    const hint = 'atomic mode does not repeat itself; compare two runs with samebits diff';
    throw new ArgumentError({ who, expected: 'a deterministic training', got: 'an atomic one', hint });
  }
  const recorded = isaOf(receipt);
  if (arrives && isa !== undefined && isa !== recorded) {
    const hint = 'a seeded arrival repeats itself on one instruction set';
    throw new ArgumentError({ who, expected: `isa ${show(recorded)} of the receipt`, got: show(isa), hint });
  }
  for (const epoch of epochs ?? []) {
    integerOption(who, 'epochs', epoch, 1);
    if (epoch <= receipt.options.epochs) continue;
    throw new ArgumentError({ who, expected: `epochs from 1 to ${receipt.options.epochs}`, got: show(epoch) });
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

/** Throws Parted where a state is not the receipt's. */
function compareState({ epoch, dataHash, tree, tensors }: ReachedState, receipt: Receipt, folder: string): void {
  if (dataHash !== receipt.dataHash) {
    throw new Parted({ what: 'fact', epoch: 0, name: 'dataHash', recorded: receipt.dataHash, found: dataHash });
  }
  const recorded: Tree = epoch === 0 ? receipt.initial : receipt.epochs[epoch - 1]!;
  if (recorded.root === tree.root) return;
  const index = tree.leaves.findIndex((leaf, i) => leaf !== recorded.leaves[i]);
  const again = tensors()[index];
  const tensor = again?.name ?? receipt.tensors[tree.leaves.length]?.[0] ?? 'none';
  const kept = again && keptWeight(folder, epoch, { name: tensor, hash: recorded.leaves[index] });
  throw new Parted({ what: 'state', epoch, tensor, element: (kept && firstElement(kept, again)) ?? null });
}

/** Throws Parted where what is known after an epoch is not what the receipt says. */
function compareEpoch(again: EpochResult, receipt: Receipt): void {
  const recorded = receipt.epochs[again.epoch - 1]!;
  for (const name of ['weightsHash', 'loss', 'accuracy', 'valLoss', 'valAccuracy'] as const) {
    const [was, is] = [String(recorded[name]), String(again[name])];
    if (was !== is) throw new Parted({ what: 'fact', epoch: again.epoch, name, recorded: was, found: is });
  }
}

/** Computes epochs `first` to `last` again. Throws Parted at the first difference. */
async function compute(receipt: Receipt, folder: string, first: number, last: number, parts: ComputeParts) {
  const { options, hooks, done } = parts;
  const again = await trainFrom(
    { ...options, epochs: last },
    {
      ...hooks,
      onState: (state) => compareState(state, receipt, folder),
      onEpoch: (epoch, epochs) => {
        compareEpoch(epoch, receipt);
        done.push(epoch.epoch);
        hooks.onEpoch?.(epoch, epochs);
      },
    },
    beginningOf(first, folder),
    receipt.options.epochs,
  );
  if (last !== receipt.options.epochs) return;
  const { predictionsHash, stepSeconds } = again;
  for (const [name, found] of Object.entries({ steps: stepSeconds.length, predictionsHash })) {
    const recorded = receipt[name as 'steps' | 'predictionsHash'];
    if (recorded === found) continue;
    throw new Parted({ what: 'fact', epoch: last, name, recorded: String(recorded), found: String(found) });
  }
}

interface ComputeParts {
  options: TrainOptions;
  hooks: TrainHooks;
  /** Epochs found equal so far. */
  done: number[];
}

function trainOptionsOf(receipt: Receipt, here: VerifyOptions): TrainOptions {
  const { options, seeds } = receipt;
  const { device = options.device, threads, data = options.data } = here;
  const isa = here.isa ?? (joinsByArrival(options) ? isaOf(receipt) : 'auto');
  const validation = here.validation ?? options.validation;
  return {
    ...options,
    seed: seeds.run,
    ...(seeds.arrival !== undefined && { arrivalSeed: seeds.arrival }),
    device,
    isa,
    data,
    ...(validation !== undefined && { validation }),
    ...(threads !== undefined && { threads }),
  };
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
  const file = existsSync(path) && statSync(path).isDirectory() ? receiptPath(path) : path;
  const folder = dirname(file);
  const receipt = readReceipt(file);
  checkReceipt(receipt, options);
  const alone = options.epochs && [...new Set(options.epochs)].sort((a, b) => a - b);
  for (const epoch of alone ?? []) beginningOf(epoch, folder);
  const { altered, checked, missing } = checkFiles(receipt, folder);
  const done: number[] = [];
  const verdict = (difference: VerifyDifference | null): Verification => ({
    equal: difference === null,
    receipt: file,
    recordedOn: `${receipt.target}, ${receipt.threads} threads`,
    epochs: done,
    files: { checked: checked.length, missing },
    signedBy: receipt.signature?.publicKey ?? null,
    root: done.length === 0 ? null : receipt.epochs[done.at(-1)! - 1]!.root,
    difference,
  });
  if (altered !== undefined) return verdict(altered);
  const parts = { options: trainOptionsOf(receipt, options), hooks, done };
  try {
    if (alone === undefined) await compute(receipt, folder, 1, receipt.options.epochs, parts);
    for (const epoch of alone ?? []) await compute(receipt, folder, epoch, epoch, parts);
  } catch (error) {
    if (error instanceof Parted) return verdict(error.difference);
    throw error;
  }
  return verdict(null);
}
