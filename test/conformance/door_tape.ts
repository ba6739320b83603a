// Records what a piece of work does at the native door, in order: memory taken, values written, kernels called, results
// read. Replayed by native/conformance on another runtime, it is the same work without JavaScript.

import {
  type NativePassing,
  type NativeSettings,
  type NativeStorage,
  type NativeTensor,
  native,
} from '../../lib/addon/index.js';
import type { Runtime } from '../../lib/index.js';

export type Event =
  | { kind: 'memory'; bytes: number }
  | { kind: 'write'; buffer: number; bytes: Uint8Array }
  | { kind: 'call'; kernel: string; tensors: (TapedTensor | null)[]; settings: NativeSettings }
  | { kind: 'read'; buffer: number; into: ArrayBufferView };

/** A tensor of a call; `offset` counts elements of the buffer, buffers are counted in the order they were taken. */
export interface TapedTensor {
  buffer: number;
  offset: number;
  shape: readonly number[];
}

const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer);

/** Runs `work` on `runtime` and returns what it gave with the events at the door; all its tensors must be its own. */
export function tape<T>(runtime: Runtime, work: () => T): { result: T; events: Event[] } {
  const events: Event[] = [];
  const buffers = new Map<NativeStorage, number>();
  const bufferOf = (storage: NativeStorage): number => {
    const buffer = buffers.get(storage);
    if (buffer === undefined) throw new Error('tape: expected a tensor made by the work itself, got one from outside');
    return buffer;
  };
  const whole = (who: string, offset: number): void => {
    if (offset !== 0) throw new Error(`tape: expected ${who} at the start of a buffer, got ${offset}`);
  };
  const { allocate, run, runBySample } = runtime;
  const { write, read } = native;
  runtime.allocate = (bytes) => {
    const storage = allocate.call(runtime, bytes);
    buffers.set(storage, buffers.size);
    events.push({ kind: 'memory', bytes });
    return storage;
  };
  const note = (
    kernel: string,
    tensors: readonly (NativeTensor | NativePassing | null)[],
    settings: NativeSettings,
  ) => {
    const taped = (one: NativeTensor | NativePassing) => {
      if ('passing' in one) throw new Error(`tape: expected memory for every tensor of ${kernel}, got one that passes`);
      return { buffer: bufferOf(one.storage), offset: one.offset ?? 0, shape: one.shape };
    };
    events.push({ kind: 'call', kernel, tensors: tensors.map((one) => one && taped(one)), settings });
  };
  runtime.run = (kernel, tensors, settings) => {
    run.call(runtime, kernel, tensors, settings);
    note(kernel, tensors, settings);
  };
  // The program runs them one after the other, which gives the same bits.
  runtime.runBySample = (calls) => {
    runBySample.call(runtime, calls);
    for (const { kernel, tensors, settings } of calls) note(kernel, tensors, settings);
  };
  native.write = (storage, data, offset) => {
    whole('a write', offset);
    write(storage, data, offset);
    events.push({ kind: 'write', buffer: bufferOf(storage), bytes: bytesOf(data) });
  };
  native.read = (storage, data, offset) => {
    whole('a read', offset);
    read(storage, data, offset);
    events.push({ kind: 'read', buffer: bufferOf(storage), into: data });
  };
  try {
    return { result: work(), events };
  } finally {
    Object.assign(runtime, { allocate, run, runBySample });
    Object.assign(native, { write, read });
  }
}
