/** Files of any size, read a piece at a time: Node reads no file of 2 GiB or more in one go, and a trace can be longer. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that can be read from any place. */
export interface Pieces {
  readonly length: number;
  /** `size` bytes from `at` on; fewer where they end before. */
  read(at: number, size: number): Buffer;
}

/** Bytes in memory; what is read of them is a view. */
export const piecesOf = (bytes: Buffer): Pieces => ({
  length: bytes.length,
  read: (at, size) => bytes.subarray(at, at + size),
});

/** Calls `use` with a file's bytes while the file is open; throws the system's error. */
export function withPieces<T>(path: string, use: (pieces: Pieces) => T): T {
  const file = openSync(path, 'r');
  try {
    const read = (at: number, size: number): Buffer => {
      const bytes = Buffer.allocUnsafe(size);
      let done = 0;
      while (done < size) {
        const count = readSync(file, bytes, done, size - done, at + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    };
    return use({ length: fstatSync(file).size, read });
  } finally {
    closeSync(file);
  }
}

const pieceBytes = 2 ** 22;

/** `sha256:` and the hash of a file; throws the system's error. */
export function fileHash(path: string): string {
  return withPieces(path, (pieces) => {
    const hash = createHash('sha256');
    for (let at = 0; at < pieces.length; at += pieceBytes) hash.update(pieces.read(at, pieceBytes));
    return `sha256:${hash.digest('hex')}`;
  });
}
