/** The weights that a training began with, where no seed gives them: brought by the verifier, or as they lie beside the receipt. */
import { existsSync } from 'node:fs';
import { ArgumentError, show } from '../errors/index.js';
import { foreignInitial, initialName, initialPath, type Receipt, readSafetensors } from '../runs/index.js';
import type { GivenState } from '../training/index.js';

const who = 'verify';

/** Where they lie. */
interface InitialPlaces {
  /** The folder of the receipt. */
  folder: string;
  /** The file that the verifier names. */
  weights: string | undefined;
}

/**
 * Those weights; undefined for a training that begins with its seed. Throws ArgumentError where they are not there or are
 * others than the receipt's, FileError for a file that holds none.
 */
export function initialOf(receipt: Receipt, { folder, weights }: InitialPlaces): GivenState | undefined {
  if (!(initialName in receipt.files)) {
    if (weights === undefined) return undefined;
    const expected = 'no weights for a training that begins with those of its seed';
    throw new ArgumentError({ who, expected, got: show(weights) });
  }
  const path = weights ?? initialPath(folder);
  const expected = `the weights that the training began with, which no seed gives, in ${show(path)}`;
  if (!existsSync(path)) {
    const hint = 'say by weights where that file lies now';
    throw new ArgumentError({ who, expected, got: 'no such file', hint });
  }
  const { tensors } = readSafetensors(path);
  const foreign = foreignInitial(receipt, tensors);
  if (foreign !== undefined) throw new ArgumentError({ who, expected, got: `another ${show(foreign)}` });
  return { epochs: 0, tensors, path };
}
