// The thread in which the HDF5 library runs, one for each file: that library is C, and a damaged file can make it stop, read past
// its memory or never end. None of that reaches the process; hdf5.ts ends a thread that takes too long.
import { parentPort, workerData } from 'node:worker_threads';
import { File, Group, Module, ready } from 'h5wasm';

/** What the library prints of its own errors is for its developers. */
console.error = () => {};
console.log = () => {};

const name = 'file.h5';
/** Groups in groups, and objects in a file: more than any network has, and less than a circle of links. */
const deepest = 100;
const mostObjects = 1_000_000;

/** Number types by class (0 integer, 1 float), bytes and sign. */
const dtypes = { '0 1 true': 'I8', '0 2 true': 'I16', '0 4 true': 'I32', '0 8 true': 'I64' };
Object.assign(dtypes, { '0 1 false': 'U8', '0 2 false': 'U16', '0 4 false': 'U32', '0 8 false': 'U64' });
const floats = { 2: 'F16', 4: 'F32', 8: 'F64' };

function dtypeOf(path, { type, size, signed, shape }) {
  const dtype = type === 1 ? floats[size] : dtypes[`${type} ${size} ${signed}`];
  if (dtype === undefined || shape === null) throw new Error(`'${path}', which holds no numbers`);
  return dtype;
}

/** The bytes of a dataset, little-endian. */
function bytesOf(dataset, bytes) {
  const { metadata } = dataset;
  const at = Module._malloc(Math.max(bytes, 1));
  if (at === 0) throw new Error(`'${dataset.path}' of ${bytes} bytes, more than there is memory for`);
  Module.get_dataset_data(dataset.file_id, dataset.path, null, null, null, BigInt(at));
  const values = Module.HEAPU8.slice(at, at + bytes);
  Module._free(at);
  if (!metadata.littleEndian) {
    for (let from = 0; from < bytes; from += metadata.size) values.subarray(from, from + metadata.size).reverse();
  }
  return values;
}

/** The attributes of an object: texts, lists of texts, or numbers, which are left out. */
function attributesOf(object) {
  const found = {};
  for (const [key, attribute] of Object.entries(object.attrs)) {
    const { value, shape } = attribute;
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0 || attribute.shape?.includes(0)) found[key] = [];
    else if (list.every((one) => typeof one === 'string')) found[key] = shape?.length === 0 ? list[0] : list;
  }
  return found;
}

function read(bytes) {
  Module.FS.writeFile(name, bytes);
  const file = new File(name, 'r');
  const groups = {};
  const arrays = [];
  let objects = 0;
  let total = 0;
  const walk = (group, path, depth) => {
    groups[path] = attributesOf(group);
    for (const key of group.keys()) {
      const inside = path === '' ? key : `${path}/${key}`;
      objects += 1;
      if (depth > deepest || objects > mostObjects) throw new Error('groups without an end');
      // The library sees this one file and no others, so a link out of it is none that it can follow.
      const object = group.get(key);
      if (object instanceof Group) walk(object, inside, depth + 1);
      else if (object?.type === 'Dataset') {
        const { metadata } = object;
        if (metadata.virtual_sources !== undefined) throw new Error(`'${inside}', whose values are in other files`);
        const dtype = dtypeOf(inside, metadata);
        const size = metadata.size * metadata.total_size;
        total += size;
        // What is not packed takes its size in the file; what is packed, a thousandth of it or more.
        const most = metadata.chunks === null ? bytes.length : 1032 * bytes.length;
        if (!(total <= most && total <= 2 ** 31 - 1)) throw new Error(`'${inside}' of ${size} bytes`);
        arrays.push({ name: inside, dtype, shape: [...metadata.shape], bytes: bytesOf(object, size) });
      } else throw new Error(`'${inside}', which is no group and no array`);
    }
  };
  walk(file, '', 0);
  file.close();
  return { groups, arrays };
}

/** What the library takes of each number type, and its word for it. */
const written = {
  ...{ F32: [Float32Array, '<f'], F64: [Float64Array, '<d'], I64: [BigInt64Array, '<q'], I32: [Int32Array, '<i'] },
  ...{ U8: [Uint8Array, '<B'], U32: [Uint32Array, '<I'] },
};

function write({ groups, arrays }) {
  const file = new File(name, 'w', { libver: ['earliest', 'latest'] });
  for (const [path, attributes] of Object.entries(groups)) {
    const at = path.lastIndexOf('/');
    const parent = at < 0 ? file : file.get(path.slice(0, at));
    const group = path === '' ? file : parent.create_group(path.slice(at + 1));
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === 'string') group.create_attribute(key, value, [], 'S');
      else if (value.length === 0) group.create_attribute(key, new Float64Array(0), [0]);
      else group.create_attribute(key, value, [value.length], 'S');
    }
  }
  for (const { name: path, dtype, shape, bytes } of arrays) {
    const at = path.lastIndexOf('/');
    const parent = at < 0 ? file : file.get(path.slice(0, at));
    if (written[dtype] === undefined) throw new Error(`'${path}' of ${dtype}`);
    const [Numbers, word] = written[dtype];
    const data = new Numbers(Uint8Array.from(bytes).buffer);
    parent.create_dataset({ name: path.slice(at + 1), data, shape: [...shape], dtype: word });
  }
  file.close();
  return Module.FS.readFile(name);
}

await ready;
parentPort.postMessage({ ready: true });
try {
  const { bytes, content } = workerData;
  parentPort.postMessage({ done: content === undefined ? read(bytes) : write(content) });
} catch (error) {
  parentPort.postMessage({ failed: String(error?.message ?? error) });
}
