/** A tensor: typed native memory with a shape, owned by one runtime. Contiguous and row-major. */
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

/** Refuses a tensor that this machine can never hold. A CUDA device checks its own memory. */
function checkFits(runtime: Runtime, shape: Shape, bytes: number): void {
  if (bytes <= machineMemory || (runtime.device !== 'cpu' && Number.isSafeInteger(bytes))) return;
  const expected = `a tensor that fits into the ${bytesText(machineMemory)} of memory of this machine`;
  throw new NativeError({ who: 'tensor', expected, got: `${show([...shape])} of ${bytesText(bytes)}` });
}

/** A new JavaScript array. Throws NativeError for more values than one can hold. */
function newArray(dtype: Dtype, length: number): TensorData {
  try {
    return new dtypeArrays[dtype](length);
  } catch (cause) {
    const expected = `values that one ${dtypeArrays[dtype].name} can hold`;
    const hint = 'read them a part at a time: read(values, from)';
    throw new NativeError({ who: 'data', expected, got: `${length}`, hint }, { cause });
  }
}

/** Storage that a tensor shares with its reshaped views. It is freed when the last of them is disposed. */
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
 * An array of float32, int32 or uint8 values in native memory. Dispose it, or make it inside a `scope`. The garbage
 * collector frees forgotten tensors, but late.
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
   * A tensor with undefined values, to be filled by a kernel. Throws ShapeError for an invalid shape, NativeError for more than
   * the machine's memory.
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

  /** Whether no other tensor, such as a reshaped view, shares the memory. */
  get ownsMemory(): boolean {
    return this.#live().single;
  }

  /** A copy of the values in row-major order. Throws NativeError for more than one array can hold; `read` copies parts. */
  data(): Float32Array;
  data(): TensorData {
    const values = newArray(this.dtype, this.size);
    native.read(this.#live().storage, values, 0);
    return values;
  }

  /**
   * Copies all values into `values`, or, with `from`, as many as it holds from that element on. Throws ShapeError for another
   * length, DtypeError for another kind of array.
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

  /** @internal Copies of the values of tensors of one runtime, behind one wait. Throws TargetError for those of several. */
  static readAll(tensors: readonly Tensor[]): TensorData[] {
    const parts = tensors.map((tensor) => ({
      storage: tensor.#live().storage,
      data: newArray(tensor.dtype, tensor.size),
    }));
    native.readAll(parts);
    return parts.map(({ data }) => data);
  }

  /** The value of a tensor with exactly one value. Throws ShapeError for another number of values. */
  item(): number {
    if (this.size !== 1) throw new ShapeError({ who: 'item', expected: 'one value', got: show([...this.shape]) });
    return this.data()[0]!;
  }

  /**
   * Overwrites all values, or those from element `from` on. Takes what `tensor` takes: a typed array or a flat list with as many
   * values, or nested lists of exactly this shape. Throws ShapeError for another number or shape, DtypeError for another dtype,
   * ArgumentError for what is no number.
   */
  write(values: NumberArray | Nested, from?: number): void {
    const typed = this.#typed(values);
    native.write(this.#live().storage, typed, this.#placeOf('write', typed, from));
  }

  /** A view: the same memory with another shape of the same size. Throws ShapeError for another size. */
  reshape(shape: Shape): Tensor {
    checkShape('reshape', shape);
    if (sizeOf(shape) !== this.size) {
      throw new ShapeError({ who: 'reshape', expected: `a shape of ${this.size} values`, got: show([...shape]) });
    }
    return new Tensor(this.runtime, [...shape], this.dtype, this.#live());
  }

  /** Frees the memory. Using the tensor afterwards throws DisposedError. */
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

  /** @internal The tensor in the form that the addon takes. */
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

  /** The byte offset of element `from`. Throws unless the values fit behind it. */
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
