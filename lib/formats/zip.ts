/** Zip archives: read by their list of entries with every checksum compared, and written without compression, the same bytes each time. */
import { crc32 } from 'node:zlib';
import type { inflateSync, zipSync } from 'fflate';
import { FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { lazyPackage } from '../lazy/index.js';

const fflate = lazyPackage<{ inflateSync: typeof inflateSync; zipSync: typeof zipSync }>('fflate');

/** Bytes of the largest archive and of the largest entry: what one typed array of a file may hold. */
const largest = 2 ** 31 - 1;

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

/** The entries of an archive, by name, none of them unpacked yet. */
export interface Zip {
  readonly names: readonly string[];
  /** The bytes of an entry. Throws FileError where it is not there, damaged, or has more than `most` bytes. */
  read(name: string, most?: number): Uint8Array;
}

/**
 * An archive out of its bytes; `path` is for messages. Throws FileError for what is no whole archive, for names that lead out of a
 * folder or stand twice, and for sizes beyond 2^31 - 1 bytes.
 */
export function openZip(bytes: Uint8Array, path: string): Zip {
  const refuse: Refuse = (got) => {
    throw new FileError({ who: 'zip', expected: `a whole archive ${show(path)}`, got });
  };
  if (bytes.length > largest) refuse(`${bytes.length} bytes where at most ${largest} are read`);
  const entries = new Map<string, Entry>();
  for (const entry of entriesOf(bytes, refuse)) {
    const { name } = entry;
    const outside = name.startsWith('/') || /(^|\/)\.\.(\/|$)|\\|^[A-Za-z]:|\0/.test(name);
    if (outside) refuse(`${show(name)}, a path out of the archive`);
    if (entries.has(name)) refuse(`two entries ${show(name)}`);
    entries.set(name, entry);
  }
  return {
    names: [...entries.keys()],
    read(name, most = largest) {
      const entry = entries.get(name) ?? refuse(`one without ${name} (${[...entries.keys()].slice(0, 5).join(' ')})`);
      if (entry.size > most) refuse(`${show(name)} of ${entry.size} bytes where at most ${most} are read`);
      return unpacked(bytes, entry, refuse);
    },
  };
}

type Refuse = (got: string) => never;

/** The list at the archive's end. */
function entriesOf(bytes: Uint8Array, refuse: Refuse): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && end >= bytes.length - 22 - 65535 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return refuse('no list of entries');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) return refuse('one in the form for 4 GiB and more');
  const found: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) return refuse('a damaged list of entries');
    const [nameBytes, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    if (at + 46 + nameBytes > end) return refuse('a damaged list of entries');
    const name = nameOf(bytes.subarray(at + 46, at + 46 + nameBytes), refuse);
    if ((view.getUint16(at + 8, true) & 1) !== 0) return refuse(`${show(name)}, which is encrypted`);
    found.push({
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + extra + comment;
  }
  return found;
}

function nameOf(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('an entry whose name is no text');
  }
}

function unpacked(bytes: Uint8Array, { name, method, crc, packed, size, at }: Entry, refuse: Refuse): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size > largest || packed > largest)
    return refuse(`${show(name)} of ${size} bytes where at most ${largest} are read`);
  // No entry of a model or of arrays is packed so well; deflate itself ends at 1032.
  if (size > 1032 * packed + 1024) return refuse(`${show(name)} of ${size} bytes out of ${packed}`);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50)
    return refuse(`${show(name)} out of its place`);
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (begin + packed > bytes.length) return refuse(`${show(name)} of which the end is missing`);
  const data = bytes.subarray(begin, begin + packed);
  if (method !== 0 && method !== 8) return refuse(`${show(name)} packed by method ${method}`);
  if (method === 0 && packed !== size) return refuse(`${show(name)} of ${packed} bytes instead of ${size}`);
  const values = method === 0 ? data : inflated(data, { name, size }, refuse);
  return crc32(values) === crc ? values : refuse(`${show(name)} with another checksum`);
}

function inflated(data: Uint8Array, { name, size }: { name: string; size: number }, refuse: Refuse): Uint8Array {
  let values: Uint8Array;
  try {
    values = fflate().inflateSync(data, { out: new Uint8Array(size) });
  } catch (error) {
    return refuse(`${show(name)} that does not unpack (${reason(error)})`);
  }
  return values.length === size ? values : refuse(`${show(name)} of ${values.length} bytes instead of ${size}`);
}

/**
 * The bytes of an archive with these entries in their order, not compressed: values of weights hardly are smaller. They depend on
 * the entries alone: its times are the first that the format has. Throws FileError for more than the format holds.
 */
export function zipOf(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const size = Object.values(entries).reduce((sum, { length }) => sum + length, 0);
  if (size > largest - 2 ** 20) {
    throw new FileError({ who: 'zip', expected: `an archive of less than ${largest} bytes`, got: `${size} bytes` });
  }
  return fflate().zipSync({ ...entries }, { level: 0, mtime: new Date(1980, 0, 1) });
}
