/**
 * A file of frames that is only ever appended to and can be read after a kill at any byte (docs/trace.md, Traces): every
 * frame says its length and a checksum, and reading ends at the first that is not whole.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { FileError, show } from '../errors/index.js';
import { type Pieces, reason } from '../files/index.js';

/** The first bytes of a trace. */
export const magic = Buffer.from('samebits trace 2\n');
const older = Buffer.from('samebits trace 1\n');

/** Whether a file begins as a trace does. */
export const isTrace = (pieces: Pieces): boolean => {
  const start = pieces.read(0, magic.length);
  return start.equals(magic) || start.equals(older);
};

/** Bytes of a frame before its payload. */
export const headBytes = 8;

/** The bytes of a frame: length of the payload, CRC-32 of length and payload (both 32 bits, little-endian), payload. */
export function frame(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload, crc32(head.subarray(0, 4))), 4);
  return Buffer.concat([head, payload]);
}

/** A whole frame: what it holds and where it begins in the file. */
export interface Frame {
  payload: Buffer;
  begin: number;
}

/** The place where a file stops being whole. */
export interface Cut {
  /** Length of the whole part, in bytes. */
  at: number;
  /** Bytes after it. */
  lost: number;
  got: string;
}

/**
 * Visits all whole frames of a trace, one in memory at a time, and returns where the trace was cut, if it was. Throws
 * FileError for what is no trace.
 */
export function eachFrame(pieces: Pieces, path: string, visit: (frame: Frame) => void): Cut | null {
  const start = pieces.read(0, magic.length);
  if (start.equals(older)) {
    const hint = 'builds of samebits 0.1.0 with contract 1 read it';
    throw new FileError({ who: 'trace', expected: `a trace of format 2 ${show(path)}`, got: 'one of format 1', hint });
  }
  if (!start.equals(magic.subarray(0, start.length))) {
    throw new FileError({ who: 'trace', expected: `a trace ${show(path)}`, got: 'a file that begins otherwise' });
  }
  const cutAt = (at: number, got: string): Cut => ({ at, lost: pieces.length - at, got });
  if (start.length < magic.length) return cutAt(0, 'less than the first line');
  let at = magic.length;
  while (at < pieces.length) {
    const head = pieces.read(at, headBytes);
    if (head.length < headBytes) return cutAt(at, 'part of a length');
    const length = head.readUInt32LE(0);
    if (at + headBytes + length > pieces.length) return cutAt(at, 'part of a record');
    // No record is empty: a system that went down may leave zeros, whose checksum would fit.
    if (length === 0) return cutAt(at, 'zeros');
    const payload = pieces.read(at + headBytes, length);
    if (crc32(payload, crc32(head.subarray(0, 4))) !== head.readUInt32LE(4))
      return cutAt(at, 'a record with a wrong checksum');
    visit({ payload, begin: at });
    at += headBytes + length;
  }
  return null;
}

/** Appends frames to a file. */
export class FrameWriter {
  readonly #file: number;

  /** Opens the file and keeps its first `keep` bytes; with 0 it is begun anew. Throws FileError. */
  constructor(
    readonly path: string,
    keep: number,
  ) {
    this.#file = this.#guarded(() => openSync(path, keep === 0 ? 'w' : 'r+'));
    this.#guarded(() => ftruncateSync(this.#file, keep));
    this.#at = keep;
    if (keep === 0) this.#write(magic);
  }

  #at = 0;

  append(payload: Uint8Array): void {
    this.#write(frame(payload));
  }

  /** Waits until the system has the bytes safe from a loss of power. */
  sync(): void {
    this.#guarded(() => fsyncSync(this.#file));
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    this.#guarded(() => {
      for (let done = 0; done < bytes.length; ) {
        const written = writeSync(this.#file, bytes, done, bytes.length - done, this.#at);
        done += written;
        this.#at += written;
      }
    });
  }

  #guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      const expected = `to be able to write ${show(this.path)}`;
      throw new FileError({ who: 'trace', expected, got: reason(cause) }, { cause });
    }
  }
}
