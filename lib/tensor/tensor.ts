/** A tensor: typed native memory with a shape, owned by one runtime. Contiguous, last axis fastest. */
import type { NativeStorage, NativeTensor } from '../addon/index.js';
import { native } from '../addon/index.js';
import { DisposedError, DtypeError, ShapeError, show } from '../errors/index.js';
import type { Runtime } from '../runtime/index.js';
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

let nextId = 1;

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
    this.#shared =
      shared instanceof Shared ? shared.hold() : new Shared(runtime.allocate(this.size * dtypeBytes[dtype]));
    track(this);
  }

  /** A tensor of this shape whose contents are undefined: an output to be filled by a kernel. */
  static empty(runtime: Runtime, shape: Shape, dtype: Dtype = 'float32'): Tensor {
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

  /** The values, copied out in row-major order. */
  data(): Float32Array;
  data(): TensorData {
    const values = new dtypeArrays[this.dtype](this.size);
    native.read(this.#live().storage, values, 0);
    return values;
  }

  /** Copies the values out into memory that is there. Throws ShapeError or DtypeError where they do not fit it. */
  read(values: TensorData): void {
    this.#expectFit('read', values);
    native.read(this.#live().storage, values, 0);
  }

  /** The one value of a tensor that has exactly one. Throws ShapeError otherwise. */
  item(): number {
    if (this.size !== 1) throw new ShapeError({ who: 'item', expected: 'one value', got: show([...this.shape]) });
    return this.data()[0]!;
  }

  /** Overwrites all values. Throws ShapeError unless there are exactly `size` of them, DtypeError for another type. */
  write(values: TensorData): void {
    this.#expectFit('write', values);
    native.write(this.#live().storage, values, 0);
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

  #expectFit(who: string, values: TensorData): void {
    if (!(values instanceof dtypeArrays[this.dtype])) {
      throw new DtypeError({ who, expected: dtypeArrays[this.dtype].name, got: values.constructor.name });
    }
    if (values.length !== this.size) {
      throw new ShapeError({ who, expected: `${this.size} values`, got: `${values.length}` });
    }
  }

  #live(): Shared {
    if (this.#shared === undefined) {
      throw new DisposedError({ who: 'tensor', expected: 'a live tensor', got: 'a disposed one' });
    }
    return this.#shared;
  }
}
