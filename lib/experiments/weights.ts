/** Weights that trials kept, as distances take them: a layer of every trial is in memory at a time, and each file is read once. */
import { layersIn, type RunsSource } from '../divergence/index.js';
import { FileError, show } from '../errors/index.js';
import { TensorReader } from '../runs/index.js';

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Which tensors of a file are compared: all have to be float32, or those of other dtypes are left out. */
export type Others = 'refused' | 'left out';

/** The float32 tensors of a file by their places in it. Throws FileError for one of another dtype that is not left out. */
function floatsIn({ tensors, path }: TensorReader, others: Others): number[] {
  const other = tensors.find(({ dtype }) => dtype !== 'float32');
  if (other !== undefined && others === 'refused') {
    const got = `${other.name} ${other.dtype}`;
    throw new FileError({ who: 'compare', expected: `float32 weights in ${show(path)}`, got });
  }
  return tensors.flatMap(({ dtype }, place) => (dtype === 'float32' ? [place] : []));
}

/** Calls `use` with the weights in these files, one a run. Throws FileError for a file that is not whole. */
export function withWeights<T>(
  paths: readonly string[],
  use: (source: RunsSource) => T,
  { others = 'refused' }: { others?: Others } = {},
): T {
  const readers: TensorReader[] = [];
  try {
    for (const path of paths) readers.push(new TensorReader(path));
    const floats = readers.map((reader) => floatsIn(reader, others));
    const forms = readers.map(({ tensors }, run) => floats[run]!.map((place) => tensors[place]!));
    // One piece of memory a run, of its largest layer.
    const memory = forms.map((own) => {
      const sizes = layersIn(own).map(({ places }) => places.reduce((sum, i) => sum + sizeOf(own[i]!.shape), 0));
      return new Float32Array(sizes.reduce((most, size) => Math.max(most, size), 0));
    });
    const read = (run: number, places: readonly number[]) => {
      let at = 0;
      return places.map((i) => {
        const values = memory[run]!.subarray(at, at + sizeOf(forms[run]![i]!.shape));
        at += values.length;
        readers[run]!.read(floats[run]![i]!, values);
        return values;
      });
    };
    return use({ forms, read });
  } finally {
    for (const reader of readers) reader[Symbol.dispose]();
  }
}
