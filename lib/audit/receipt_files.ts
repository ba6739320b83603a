/** The files beside a receipt: whether they are those it was written for and hold what it says of them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash } from '../files/index.js';
import { initialName, type Receipt, readSafetensors, weightsPath } from '../runs/index.js';
import { sameShape } from '../tensor/index.js';
import { hashTensors, type StoredTensor, tensorHash } from '../trace/index.js';
import { firstFact } from './facts.js';

/** What a file differs in; the tensor is known for the weights of an epoch that can still be read. */
export interface FileDifference {
  what: 'file';
  file: string;
  tensor: string | null;
  recorded: string;
  found: string;
}

/** Which of a receipt's files are there, and the first that was altered or is not what the receipt says it is. */
export interface CheckedFiles {
  checked: string[];
  missing: string[];
  altered: FileDifference | undefined;
}

function readable(path: string): readonly StoredTensor[] | undefined {
  try {
    return readSafetensors(path).tensors;
  } catch {
    return undefined; // not kept, or altered so that it is no longer whole
  }
}

const epochOf = (file: string) => Number(/^(?:weights|checkpoints)\/epoch-(\d+)\.safetensors$/.exec(file)?.[1] ?? 0);

/** What a file keeps of the states of a training: its leaves. Undefined for a file that keeps none. */
function leavesIn(receipt: Receipt, file: string): string[] | undefined {
  if (file === initialName) return receipt.initial.leaves;
  const epoch = file === 'checkpoint.safetensors' ? receipt.epochs.length : epochOf(file);
  return receipt.epochs[epoch - 1]?.leaves;
}

type Content = Pick<FileDifference, 'tensor' | 'recorded' | 'found'>;

/** The first tensor of a file that is not the one of the receipt's leaves. Weights are the first of them. */
function foreignTensor(receipt: Receipt, file: string, path: string): Content | undefined {
  const leaves = leavesIn(receipt, file);
  if (leaves === undefined) return undefined;
  const tensors = readable(path);
  if (tensors === undefined) return { tensor: null, recorded: 'tensors', found: 'none that can be read' };
  const isWeights = file.startsWith('weights/') || file === initialName;
  const count = isWeights ? Math.max(1, tensors.length) : leaves.length;
  for (let i = 0; i < Math.max(count, tensors.length); i += 1) {
    const tensor = tensors[i];
    const [recorded, found] = [leaves[i] ?? 'none', tensor === undefined ? 'none' : tensorHash(tensor)];
    if (recorded !== found) return { tensor: receipt.tensors[i]?.[0] ?? null, recorded, found };
  }
  if (file === initialName) return undefined;
  // The hash of the weights says how many of the tensors are weights.
  const [recorded, found] = [receipt.epochs[epochOf(file) - 1]?.weightsHash ?? '', hashTensors(tensors)];
  return isWeights && recorded !== found ? { tensor: null, recorded, found } : undefined;
}

function otherPredictions({ predictionsHash }: Receipt, path: string): Content | undefined {
  const found = hashTensors(readable(path) ?? []);
  return found === predictionsHash ? undefined : { tensor: null, recorded: `${predictionsHash}`, found };
}

const numberOf = (text: string | null) => {
  // As JSON says a number: NaN and infinities are null.
  const number = text === null ? null : Number(text);
  return Number.isFinite(number) ? number : null;
};

function lineOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** The first line of the history that is not the receipt's epoch; the seconds an epoch took are in no receipt. */
function otherHistory({ epochs }: Receipt, path: string): Content | undefined {
  const lines = readFileSync(path, 'utf8').split('\n');
  for (const [i, { epoch, means, weightsHash }] of epochs.entries()) {
    const numbers = Object.entries(means).map(([name, mean]) => [name, numberOf(mean)] as const);
    const recorded = { epoch, ...Object.fromEntries(numbers), weightsHash };
    const there = { seconds: null, ...(lineOf(lines[i]) as object) };
    const different = firstFact(`epoch ${epoch}`, { ...recorded, seconds: there.seconds }, there);
    if (different !== undefined) return { tensor: null, ...different };
  }
  const more = lines.slice(epochs.length).join('\n');
  return more === '' ? undefined : { tensor: null, recorded: 'its end', found: more.slice(0, 80) };
}

function contentOf(receipt: Receipt, file: string, path: string): Content | undefined {
  if (file === 'predictions.safetensors') return otherPredictions(receipt, path);
  if (file === 'history.jsonl') return otherHistory(receipt, path);
  return foreignTensor(receipt, file, path);
}

/**
 * Compares the files of a run folder with what its receipt says of them: their hashes, and where they hold what the
 * receipt names too (weights, checkpoints' tensors, predictions, numbers of the epochs), that as well.
 */
export function checkFiles(receipt: Receipt, folder: string): CheckedFiles {
  const result: CheckedFiles = { checked: [], missing: [], altered: undefined };
  for (const [file, recorded] of Object.entries(receipt.files)) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      result.missing.push(file);
      continue;
    }
    result.checked.push(file);
    const found = fileHash(path);
    if (found !== recorded) {
      const tensor = file.startsWith('weights/') ? (foreignTensor(receipt, file, path)?.tensor ?? null) : null;
      return { ...result, altered: { what: 'file', file, tensor, recorded, found } };
    }
    const content = contentOf(receipt, file, path);
    if (content !== undefined) return { ...result, altered: { what: 'file', file, ...content } };
  }
  return result;
}

/** The kept values of a weight after an epoch, if a file keeps it under this leaf and it has the same form. */
export function keptWeight(folder: string, epoch: number, weight: StoredTensor, leaf: string) {
  const { name, dtype, shape } = weight;
  return readable(weightsPath(folder, epoch))?.find(
    (kept) => kept.name === name && kept.dtype === dtype && sameShape(kept.shape, shape) && tensorHash(kept) === leaf,
  );
}
