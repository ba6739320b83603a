/** Files of numbers: safetensors, NumPy's, HDF5 and the zip archives that some of them are. */
export {
  asFloat32,
  asTensor,
  bytesOf,
  type Converting,
  type FileArray,
  type FileDtype,
  fileArray,
  type Inexact,
} from './arrays.js';
export { decodeHdf5, encodeHdf5, type Hdf5Attribute, type Hdf5Content } from './hdf5.js';
export { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from './npy.js';
export {
  decodeArrays,
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type TensorFile,
  writeSafetensors,
} from './safetensors.js';
export { type ReadNpzOptions, type ReadNumpyOptions, readNpy, readNpz, writeNpy, writeNpz } from './tensor_files.js';
export { type ListedTensor, TensorReader } from './tensor_reader.js';
export { openZip, type Zip, zipOf } from './zip.js';
