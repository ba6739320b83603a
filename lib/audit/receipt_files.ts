/** The files beside a receipt: whether they are those it was written for, and the weights they keep. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash } from '../files/index.js';
import { type StoredTensor, tensorHash } from '../trace/index.js';
import { type Receipt, readSafetensors, type TensorFile, weightsPath } from '../training/index.js';

/** What a file differs in; the tensor is known for the weights of an epoch that can still be read. */
export interface FileDifference {
  what: 'file';
  file: string;
  tensor: string | null;
  recorded: string;
  found: string;
}

/** Which of a receipt's files are there, and the first that was altered. */
export interface CheckedFiles {
  checked: string[];
  missing: string[];
  altered: FileDifference | undefined;
}

function readable(path: string): TensorFile | undefined {
  try {
    return readSafetensors(path);
  } catch {
    return undefined; // not kept, or altered so that it is no longer whole
  }
}

/** The first tensor of an altered weights file that is not the receipt's. */
function alteredTensor(receipt: Receipt, file: string, path: string): string | null {
  const epoch = /^weights\/epoch-(\d+)\.safetensors$/.exec(file)?.[1];
  const leaves = receipt.epochs[Number(epoch) - 1]?.leaves;
  const tensors = readable(path)?.tensors;
  if (leaves === undefined || tensors === undefined) return null;
  const index = tensors.findIndex((tensor, i) => tensorHash(tensor) !== leaves[i]);
  return receipt.tensors[index]?.[0] ?? null;
}

/** Compares the files of a run folder with what its receipt says of them. */
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
    if (found === recorded) continue;
    const tensor = alteredTensor(receipt, file, path);
    return { ...result, altered: { what: 'file', file, tensor, recorded, found } };
  }
  return result;
}

/** The kept values of a weight after an epoch, if a file keeps it with this hash. */
export function keptWeight(folder: string, epoch: number, weight: { name: string; hash: string | undefined }) {
  const same = (tensor: StoredTensor) => tensor.name === weight.name && tensorHash(tensor) === weight.hash;
  return readable(weightsPath(folder, epoch))?.tensors.find(same);
}
