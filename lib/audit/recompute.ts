/**
 * A training computed again, and compared with its receipt as it goes. Of what lies beside a receipt only the tensors of a
 * checkpoint are taken, and only where they are those of the receipt's tree; place, sums and history are made here.
 */
import { NativeError } from '../errors/index.js';
import type { ModelDefinition } from '../models/index.js';
import {
  type EpochResult,
  epochCheckpointPath,
  meansOf,
  meansText,
  plainForm,
  type Receipt,
  readSafetensors,
} from '../runs/index.js';
import { isModulePath, type TrainOptions } from '../settings/index.js';
import { expectData } from '../tasks/index.js';
import type { Tree } from '../trace/index.js';
import { type GivenState, type ReachedState, type TrainHooks, trainFrom } from '../training/index.js';
import { type ElementDifference, firstElement } from './element.js';
import { firstFact } from './facts.js';
import { keptWeight } from './receipt_files.js';

/** A tensor after an epoch (0: before the first step) that is not the receipt's. */
export interface StateDifference {
  what: 'state';
  epoch: number;
  tensor: string;
  /** First element that differs, a = kept beside the receipt, b = computed again; null where no file keeps it. */
  element: ElementDifference | null;
}

/** A number, word or hash that is not the receipt's; epoch 0 is before the first step. */
export interface FactDifference {
  what: 'fact';
  epoch: number;
  name: string;
  recorded: string;
  found: string;
}

/** Ends a computation at its first difference. */
export class Parted extends Error {
  constructor(readonly difference: StateDifference | FactDifference) {
    super('the computation parted from its receipt');
  }
}

function compareFacts(epoch: number, facts: readonly (readonly [string, unknown, unknown])[]): void {
  for (const [name, recorded, found] of facts) {
    const different = firstFact(name, recorded, found);
    if (different !== undefined) throw new Parted({ what: 'fact', epoch, ...different });
  }
}

/** Throws ArgumentError for a module that gives other data than those of the training: it is another one. */
function expectOwnData({ dataHash }: ReachedState, { receipt, options: { data } }: Recomputing): void {
  if (isModulePath(data)) expectData('verify', data, { recorded: receipt.dataHash, found: dataHash });
}

/** Throws Parted where the data, the model built from them, or a state are not the receipt's. */
function compareState(state: ReachedState, receipt: Receipt, folder: string): void {
  const { epoch, dataHash, classNames, form, compile, tree } = state;
  compareFacts(0, [
    ['dataHash', receipt.dataHash, dataHash],
    ['classNames', receipt.classNames, classNames],
    ['form', receipt.form, plainForm(form)],
    ['compile', receipt.compile, compile],
  ]);
  const recorded: Tree = epoch === 0 ? receipt.initial : receipt.epochs[epoch - 1]!;
  const tensors = state.tensors();
  const described = tensors.map(({ name, dtype, shape }) => [name, dtype, shape]);
  compareFacts(0, [['tensors', receipt.tensors, described]]);
  if (recorded.root === tree.root) return;
  const index = tree.leaves.findIndex((leaf, i) => leaf !== recorded.leaves[i]);
  const again = tensors[index]!;
  const kept = keptWeight(folder, epoch, again, recorded.leaves[index]!);
  const element = (kept && firstElement(kept, again)) ?? null;
  throw new Parted({ what: 'state', epoch, tensor: again.name, element });
}

/** Throws Parted where what is known after an epoch is not what the receipt says. */
function compareEpoch(again: EpochResult, receipt: Receipt): void {
  const recorded = receipt.epochs[again.epoch - 1]!;
  const found = meansText(meansOf(again));
  const names = [...new Set([...Object.keys(recorded.means), ...Object.keys(found)])];
  compareFacts(again.epoch, [
    ['weightsHash', recorded.weightsHash, again.weightsHash],
    ...names.map((name) => [name, recorded.means[name], found[name]] as const),
  ]);
}

/** A part of a training to compute: what it is begun with, and the epochs from `first` to `last`. */
interface Part {
  first: number;
  last: number;
  from: GivenState | undefined;
}

/** What it takes to compute a receipt again. */
export interface Recomputing {
  receipt: Receipt;
  /** Where the receipt lies. */
  folder: string;
  options: TrainOptions;
  /** What it begins with, where that is not its seed's. */
  initial: GivenState | undefined;
  /** The network. */
  model: ModelDefinition;
  hooks: TrainHooks;
  /** Epochs found equal so far. */
  done: number[];
}

async function computePart(parts: Recomputing, { first, last, from }: Part) {
  const { receipt, folder, options, model, hooks, done } = parts;
  const again = await trainFrom(
    { ...options, epochs: last },
    {
      ...hooks,
      onState: (state) => {
        expectOwnData(state, parts);
        compareState(state, receipt, folder);
      },
      onEpoch: (epoch, epochs) => {
        compareEpoch(epoch, receipt);
        done.push(epoch.epoch);
        hooks.onEpoch?.(epoch, epochs);
      },
    },
    { from, wholeEpochs: receipt.options.epochs, model },
  );
  // Every epoch has as many steps.
  const steps = (again.stepSeconds.length / (last - first + 1)) * receipt.epochs.length;
  compareFacts(last, [['steps', receipt.steps, steps]]);
  // The weights of a best epoch that was not computed here are not there to predict with.
  const hasEnd = first === 1 || receipt.weightsHash === receipt.epochs.at(-1)!.weightsHash;
  if (last === receipt.epochs.length && hasEnd) {
    compareFacts(last, [['weightsHash', receipt.weightsHash, again.weightsHash]]);
    compareFacts(last, [['predictionsHash', receipt.predictionsHash, again.predictionsHash]]);
  }
}

/** What an epoch is begun with beside tensors: how many were before it, and what was measured in them. */
function doneBefore({ epochs }: Receipt, epoch: number): Pick<GivenState, 'epochs' | 'done'> {
  const done = epochs.slice(0, epoch - 1).map(({ means }, i) => {
    const told = Object.entries(means).filter(([, mean]) => mean !== null);
    return { epoch: i, logs: Object.fromEntries(told.map(([name, mean]) => [name, Number(mean)])) };
  });
  return { epochs: epoch - 1, done };
}

/** Throws NativeError unless just the epochs that were asked for have been computed: only then anything is equal. */
export function expectComputed(asked: readonly number[], done: readonly number[]): void {
  if (asked.length > 0 && asked.join() === done.join()) return;
  const got = done.length === 0 ? 'none' : done.join(', ');
  throw new NativeError({ who: 'verify', expected: `epochs ${asked.join(', ')} to be computed`, got });
}

/**
 * Computes a training again: whole, or the epochs `alone`, ascending, each from the tensors of the checkpoint before it.
 * Throws Parted at the first difference.
 */
export async function recompute(parts: Recomputing, alone: readonly number[] | undefined): Promise<void> {
  const { folder, receipt, initial } = parts;
  const { length: epochs } = receipt.epochs;
  if (alone === undefined) await computePart(parts, { first: 1, last: epochs, from: initial });
  for (const epoch of alone ?? []) {
    const path = epochCheckpointPath(folder, epoch - 1);
    const from =
      epoch === 1 ? initial : { ...doneBefore(receipt, epoch), tensors: readSafetensors(path).tensors, path };
    await computePart(parts, { first: epoch, last: epoch, from });
  }
  expectComputed(alone ?? Array.from({ length: epochs }, (_, i) => i + 1), parts.done);
}
