/** A tensor: typed native memory with a shape, owned by one runtime. Contiguous, last axis fastest. */
import type { NativeStorage, NativeTensor } from '../addon/index.js';
import { native } from '../addon/index.js';
import { ArgumentError, DisposedError, DtypeError, NativeError, ShapeError, show } from '../errors/index.js';
import { bytesText, machineMemory, type Runtime } from '../runtime/index.js';
import { track, untrack } from './scope.js';
import {
  checkShape,
  type Dtype,
  dtypeArrays,
  dtypeBytes,
  dtypes,
  type Shape,
  sizeOf,
  type TensorData,
} from './shape.js';
import {
  checkNumbers,
  described,
  dtypeOf,
  isFlat,
  isShared,
  isTyped,
  type Nested,
  type NumberArray,
  storable,
  valuesIn,
} from './values.js';

let nextId = 1;

/** Refuses a tensor that this machine can never hold; a CUDA device knows its own memory. */
function checkFits(runtime: Runtime, shape: Shape, bytes: number): void {
  if (bytes <= machineMemory || (runtime.device !== 'cpu' && Number.isSafeInteger(bytes))) return;
  const expected = `a tensor that fits into the ${bytesText(machineMemory)} of memory of this machine`;
  throw new NativeError({ who: 'tensor', expected, got: `${show([...shape])} of ${bytesText(bytes)}` });
}

/** An array of JavaScript, which may hold less than a tensor. Throws NativeError where it does. */
function newArray(dtype: Dtype, length: number): TensorData {
  try {
    return new dtypeArrays[dtype](length);
  } catch (cause) {
    const expected = `values that one ${dtypeArrays[dtype].name} can hold`;
    const hint = 'read them a part at a time: read(values, from)';
    throw new NativeError({ who: 'data', expected, got: `${length}`, hint }, { cause });
  }
}

/** Storage shared by a tensor and its reshaped views; freed when the last of them is disposed. */
class Shared {
  #holders = 1;
  constructor(readonly storage: NativeStorage) {}
  get single(): boolean {
    return this.#holders === 1;
  }
  hold(): this {
    this.#holders += 1;
    return this;
  }
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.storage.dispose();
  }
}

/**
 * An array of float32, int32 or uint8 values in native memory. Dispose it, or make it inside a `scope`; the garbage
 * collector frees what was forgotten, but late.
 */
export class Tensor {
  readonly id: number = nextId++;
  readonly size: number;
  #shared: Shared | undefined;

  /** @internal Use `tensor`, `zeros` or an operation. */
  constructor(
    readonly runtime: Runtime,
    readonly shape: Shape,
    readonly dtype: Dtype,
    shared?: unknown,
  ) {
    this.size = sizeOf(shape);
    const bytes = this.size * dtypeBytes[dtype];
    checkFits(runtime, shape, bytes);
    this.#shared = shared instanceof Shared ? shared.hold() : new Shared(runtime.allocate(bytes));
    track(this);
  }

  /**
   * A tensor of this shape whose contents are undefined: an output to be filled by a kernel. Throws ShapeError for what is
   * no shape, NativeError for more than the machine's memory.
   */
  static empty(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
    checkShape('tensor', shape);
    return new Tensor(runtime, shape, dtype);
  }

  get rank(): number {
    return this.shape.length;
  }

  get disposed(): boolean {
    return this.#shared === undefined;
  }

  /** Whether no other tensor, such as a reshaped view, has the same memory. */
  get ownsMemory(): boolean {
    return this.#live().single;
  }

  /** The values, copied out in row-major order. Throws NativeError for more than one array can hold; `read` gives parts. */
  data(): Float32Array;
  data(): TensorData {
    const values = newArray(this.dtype, this.size);
    native.read(this.#live().storage, values, 0);
    return values;
  }

  /**
   * Copies the values out into memory that is there: all of them, or as many as it holds from element `from` on. Throws
   * ShapeError or DtypeError where they do not fit it.
   */
  read(values: TensorData, from?: number): void {
    if (!isTyped(values) || dtypeOf(values) !== this.dtype) {
      const got = described(values);
      throw new DtypeError({ who: 'read', expected: dtypeArrays[this.dtype].name, got });
    }
    const offset = this.#placeOf('read', values, from);
    const target = isShared(values) ? newArray(this.dtype, values.length) : values;
    native.read(this.#live().storage, target, offset);
    if (target !== values) values.set(target);
  }

  /** The one value of a tensor that has exactly one. Throws ShapeError otherwise. */
  item(): number {
    if (this.size !== 1) throw new ShapeError({ who: 'item', expected: 'one value', got: show([...this.shape]) });
    return this.data()[0]!;
  }

  /**
   * Overwrites all values, or those from element `from` on, with what `tensor` would make of them: a typed array or a flat
   * list of so many, or lists in lists of exactly this shape. Throws ShapeError for another number or shape, DtypeError
   * for another dtype, ArgumentError for what is no number.
   */
  write(values: NumberArray | Nested, from?: number): void {
    const typed = this.#typed(values);
    native.write(this.#live().storage, typed, this.#placeOf('write', typed, from));
  }

  /** The same memory under another shape of the same size. Throws ShapeError when the sizes differ. */
  reshape(shape: Shape): Tensor {
    checkShape('reshape', shape);
    if (sizeOf(shape) !== this.size) {
      throw new ShapeError({ who: 'reshape', expected: `a shape of ${this.size} values`, got: show([...shape]) });
    }
    return new Tensor(this.runtime, [...shape], this.dtype, this.#live());
  }

  /** Gives the memory back. Using the tensor afterwards throws DisposedError. */
  dispose(): void {
    if (this.#shared === undefined) return;
    untrack(this);
    this.#shared.release();
    this.#shared = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return `Tensor(${this.dtype} [${this.shape.join(', ')}] on ${this.runtime.target})`;
  }

  /** @internal As the addon takes it. */
  native(): NativeTensor {
    return { storage: this.#live().storage, dtype: dtypes.indexOf(this.dtype), shape: this.shape };
  }

  #typed(values: NumberArray | Nested): TensorData {
    checkNumbers('write', 'values', values);
    const list = !isTyped(values);
    const own = list && (values.length === 0 || isFlat(values)) ? [values.length] : this.shape;
    const typed = list ? valuesIn('write', 'values', values, own) : storable('write', 'values', values);
    if (dtypeOf(typed) === this.dtype) return typed;
    throw new DtypeError({ who: 'write', expected: dtypeArrays[this.dtype].name, got: described(values) });
  }

  /** The byte at which element `from` lies, whose followers have to be as many as the values. */
  #placeOf(who: string, values: TensorData, from: number | undefined): number {
    const first = from ?? 0;
    if (!Number.isSafeInteger(first) || first < 0 || first > this.size) {
      throw new ArgumentError({ who, expected: `from to be an integer from 0 to ${this.size}`, got: show(from) });
    }
    const left = this.size - first;
    if (from === undefined ? values.length !== left : values.length > left) {
      const expected = `${from === undefined ? '' : 'at most '}${left} values`;
      throw new ShapeError({ who, expected, got: `${values.length}` });
    }
    return first * dtypeBytes[this.dtype];
  }

  #live(): Shared {
    if (this.#shared === undefined) {
      throw new DisposedError({ who: 'tensor', expected: 'a live tensor', got: 'a disposed one' });
    }
    return this.#shared;
  }
}
