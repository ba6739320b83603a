/**
 * Where the prepared bytes of a split lie: in memory, or in a cache file that is read a batch at a time so that a
 * large set costs no memory.
 */
import { closeSync, readSync } from 'node:fs';
import { DisposedError, FileError } from '../errors/index.js';

/** Pictures of equal size by number; `fill` copies the pictures `indices` one after the other into `target`. */
export interface PixelStore {
  fill(indices: ArrayLike<number>, target: Uint8Array): void;
  dispose(): void;
}

/** What came of each picture: the SHA-256 of its bytes, or why it has none. Only the former are in the store. */
export type Outcome = { hash: string } | { reason: string };

/** All pictures in one block of memory. */
export function memoryStore(pixels: Uint8Array, bytesPerPicture: number): PixelStore {
  let block: Uint8Array | undefined = pixels;
  return {
    fill(indices, target) {
      if (block === undefined) throw disposed();
      for (let i = 0; i < indices.length; i++) {
        const from = indices[i]! * bytesPerPicture;
        target.set(block.subarray(from, from + bytesPerPicture), i * bytesPerPicture);
      }
    },
    dispose() {
      block = undefined;
    },
  };
}

/** Pictures one after the other from the start of an open file; the store closes it. */
export function fileStore(file: number, bytesPerPicture: number): PixelStore {
  let open = true;
  return {
    fill(indices, target) {
      if (!open) throw disposed();
      for (let i = 0; i < indices.length; i++) {
        readWhole(file, target, i * bytesPerPicture, bytesPerPicture, indices[i]! * bytesPerPicture);
      }
    },
    dispose() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

/** Bytes that one call of the system moves: Node counts them in 31 bits. */
export const mostAtOnce = 2 ** 30;

/** Reads exactly `length` bytes at `position` of an open file. Throws FileError when it ends before. */
export function readWhole(file: number, target: Uint8Array, offset: number, length: number, position: number): void {
  for (let done = 0; done < length; ) {
    const got = readSync(file, target, offset + done, Math.min(length - done, mostAtOnce), position + done);
    if (got === 0) {
      throw new FileError({
        who: 'dataset cache',
        expected: `${length} bytes at ${position}`,
        got: `${done}; the file was cut short while it was open`,
      });
    }
    done += got;
  }
}

const disposed = () => new DisposedError({ who: 'dataset', expected: 'an open dataset', got: 'one that was disposed' });
