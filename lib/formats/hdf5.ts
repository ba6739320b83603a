/** HDF5 files: groups with attributes, and arrays. The library runs in a thread of its own; see hdf5_worker.mjs. */
import { Worker } from 'node:worker_threads';
import { FileError, show } from '../errors/index.js';
import { expectExtra } from '../lazy/index.js';
import type { FileArray } from './arrays.js';

/** An attribute: a text, or a list of texts. Numbers are passed over, but for an empty list. */
export type Hdf5Attribute = string | readonly string[];

/** What a file holds. Groups and arrays are named by their whole paths without a slash in front; the root is ''. */
export interface Hdf5Content {
  /** The attributes of every group; a group stands behind the one it lies in. */
  groups: Readonly<Record<string, Readonly<Record<string, Hdf5Attribute>>>>;
  arrays: readonly FileArray[];
}

/** How long a file may take, in ms, beside what its size needs: a damaged one may have a circle in it. */
const patienceMs = 20_000;
const largest = 2 ** 31 - 1;

type Answer = { ready: true } | { done: unknown } | { failed: string };

/** Runs the thread. Rejects with Error for what failed there. */
function inThread<T>(task: { bytes: Uint8Array } | { content: Hdf5Content }, waitMs: number): Promise<T> {
  const worker = new Worker(new URL('./hdf5_worker.mjs', import.meta.url), {
    workerData: task,
    stderr: true,
    stdout: true,
  });
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
      void worker.terminate();
    };
    worker.on('message', (answer: Answer) => {
      if ('ready' in answer) timer = setTimeout(() => end(() => reject(new Error('one without an end'))), waitMs);
      else if ('done' in answer) end(() => resolve(answer.done as T));
      else end(() => reject(new Error(answer.failed)));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', (code) => end(() => reject(new Error(`a stop of the HDF5 library (${code})`))));
  });
}

/** The content of a file out of its bytes; `path` is for messages. Rejects with FileError for what is no whole file of numbers. */
export async function decodeHdf5(
  bytes: Uint8Array,
  path: string,
  { patience = patienceMs }: { patience?: number } = {},
): Promise<Hdf5Content> {
  const refuse = (got: string, cause?: unknown): never => {
    throw new FileError({ who: 'hdf5', expected: `a whole HDF5 file ${show(path)}`, got }, { cause });
  };
  expectExtra('HDF5');
  if (bytes.length > largest) refuse(`${bytes.length} bytes where at most ${largest} are read`);
  try {
    return await inThread<Hdf5Content>({ bytes }, patience + bytes.length / 1000);
  } catch (error) {
    return refuse((error as Error).message, error);
  }
}

/** The bytes of a file with this content. Rejects with FileError where it cannot be made. */
export async function encodeHdf5(content: Hdf5Content, path: string): Promise<Uint8Array> {
  const size = content.arrays.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const expected = `to be able to write an HDF5 file ${show(path)}`;
  expectExtra('HDF5');
  if (size > largest - 2 ** 20) throw new FileError({ who: 'hdf5', expected, got: `${size} bytes of values` });
  try {
    return await inThread<Uint8Array>({ content }, patienceMs + size / 1000);
  } catch (error) {
    throw new FileError({ who: 'hdf5', expected, got: (error as Error).message }, { cause: error });
  }
}
