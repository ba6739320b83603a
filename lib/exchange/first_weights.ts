/** The weights that a training begins with, out of a file; only the layer that makes the output may be another one. */
import { existsSync } from 'node:fs';
import { ArgumentError, FileError, show } from '../errors/index.js';
import type { Symbolic } from '../layers/index.js';
import type { Model } from '../models/index.js';
import type { WeightsReport } from './assign.js';
import { namesOf } from './keras_weights.js';
import { takeFile } from './weights_file.js';

const prefix = 'pytorch:';

/** The path of a file, and whether it is a state_dict. */
const placeOf = (file: string) =>
  file.startsWith(prefix) ? { path: file.slice(prefix.length), isTorch: true } : { path: file, isTorch: false };

/** Throws ArgumentError, in the words of `who`, for weights in a file that is not there. */
export function expectWeightsFile(who: string, file: string): void {
  if (existsSync(placeOf(file).path)) return;
  throw new ArgumentError({ who, expected: 'weights to be a file', got: show(file), hint: 'there is no such file' });
}

/** The names of the weights of the last layers that have any, before each output. */
function headOf(model: Model): Set<string> {
  const names = namesOf(model);
  const found = new Set<string>();
  const open: Symbolic[] = [...model.graph.outputs];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const weight of place.layer.weights) found.add(names.get(weight)!);
    if (place.layer.weights.length === 0) for (const before of place.inputs) open.push(before);
  }
  return found;
}

const some = (names: readonly string[]): string => {
  const first = names.slice(0, 5).map(show).join(', ');
  return names.length === 0 ? 'none' : names.length > 5 ? `${first} and ${names.length - 5} more` : first;
};

/**
 * Puts the weights in a file into a model that was compiled or built: `.keras`, `.h5`, `.weights.h5`, and by names `.safetensors` and
 * `.npz`, which are a state_dict behind `pytorch:`. Weights of the last layer that the file lacks, or has in another shape, stay as they
 * are. Resolves with what was matched, missing (those) and left over. Rejects, before any weight is changed, with FileError, which says
 * all three, where another weight is missing or of another shape or an array is left over; and as `loadWeights` does.
 */
export async function beginWithWeights(who: string, model: Model, file: string): Promise<WeightsReport> {
  const { path, isTorch } = placeOf(file);
  const head = headOf(model);
  return takeFile(who, model, {
    path,
    options: { ...(isTorch && { convention: 'pytorch' }), missing: 'keep', otherShape: 'keep', leftOver: 'ignore' },
    accept: ({ matched, missing, otherShape, leftOver }) => {
      const foreign = [...missing, ...otherShape].filter((name) => !head.has(name));
      if (foreign.length === 0 && leftOver.length === 0 && matched.length > 0) return;
      const expected = `the weights of ${model.name} in ${show(path)}, but for those of its last layer`;
      const got = `${matched.length} matched; missing ${some(missing)}; of another shape ${some(otherShape)}; left over ${some(leftOver)}`;
      throw new FileError({ who, expected, got });
    },
  });
}
