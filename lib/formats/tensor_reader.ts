/** The tensors of a safetensors file one by one: what is larger than memory, or needed in parts, is never read whole. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { FileError, show } from '../errors/index.js';
import { reason } from '../files/index.js';
import { type Dtype, sizeOf } from '../tensor/index.js';
import { dtypeOf, layoutOf, type TensorPlace } from './safetensors.js';

/** A tensor in an open file. */
export interface ListedTensor {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
}

/** An open file; it is closed by `dispose`. */
export class TensorReader implements Disposable {
  readonly tensors: readonly ListedTensor[];
  readonly #file: number;
  readonly #places: readonly TensorPlace[];
  readonly #begin: number;

  /** Opens a file and reads its header. Throws FileError when it cannot be read or is no whole safetensors file of dtypes we have. */
  constructor(readonly path: string) {
    try {
      this.#file = openSync(path, 'r');
    } catch (cause) {
      throw new FileError({ who: 'safetensors', expected: `a file ${show(path)}`, got: reason(cause) }, { cause });
    }
    try {
      const read = (at: number, size: number) => {
        const bytes = Buffer.allocUnsafe(size);
        return bytes.subarray(0, this.#readInto(bytes, at));
      };
      const pieces = { length: fstatSync(this.#file).size, read };
      const { places, begin } = layoutOf(pieces, path, (word) => dtypeOf.has(word));
      this.#places = places;
      this.#begin = begin;
      this.tensors = places.map(({ name, dtype, shape }) => ({ name, dtype: dtypeOf.get(dtype)!, shape }));
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  #readInto(bytes: Uint8Array, at: number): number {
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(this.#file, bytes, done, bytes.length - done, at + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  /** Reads a float32 tensor into memory that it fits. Throws FileError where the file has become shorter. */
  read(place: number, into: Float32Array): void {
    const { name, shape, begin } = this.#places[place]!;
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    const whole = this.tensors[place]!.dtype === 'float32' && into.length === sizeOf(shape);
    if (!whole || this.#readInto(bytes, this.#begin + begin) !== bytes.length) {
      const expected = `${show(name)} float32 [${into.length}] in ${show(this.path)}`;
      throw new FileError({ who: 'safetensors', expected, got: whole ? 'a shorter file' : 'another' });
    }
    if (endianness() === 'BE') Buffer.from(into.buffer, into.byteOffset, into.byteLength).swap32();
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
