/** The arrays of any file of weights, to look at. */
import { asTensor, decodeArrays, decodeHdf5, decodeNpy, decodeNpz, type FileArray, openZip } from '../formats/index.js';
import type { StoredTensor } from '../trace/index.js';
import { fileBytes } from './model_file.js';

type Reader = (bytes: Uint8Array, path: string) => FileArray[] | Promise<FileArray[]>;

const hdf5: Reader = async (bytes, path) => [...(await decodeHdf5(bytes, path)).arrays];

/** By ending; another file is one of safetensors. */
const readers: Readonly<Record<string, Reader>> = {
  '.keras': (bytes, path) => hdf5(openZip(bytes, path).read('model.weights.h5'), path),
  '.h5': hdf5,
  '.hdf5': hdf5,
  '.npz': (bytes, path) => decodeNpz(bytes, path),
  '.npy': (bytes, path) => [decodeNpy(bytes, { path, name: '' })],
};

/** The arrays in a file as tensors, float64 rounded to float32. Rejects with FileError for a file that is none. */
export async function tensorsIn(path: string): Promise<StoredTensor[]> {
  const bytes = fileBytes('weights', path);
  const reader = Object.entries(readers).find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];
  const arrays = reader === undefined ? decodeArrays(bytes, path).arrays : await reader(bytes, path);
  return arrays.map((array) => asTensor(array, { path, inexact: 'round' }));
}
