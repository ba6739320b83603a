// A runtime whose tensors lie at chosen distances from their 64-byte aligned storage: every kernel call is moved to
// shifted copies and its results are moved back, so that any operation can be run on unaligned memory.

import { type NativeSettings, type NativeStorage, type NativeTensor, native } from '../../lib/addon/index.js';
import { Runtime, type RuntimeOptions } from '../../lib/runtime/index.js';
import { conditions } from './test_runtime.js';

const kRoom = 256;
const kBytes = [4, 4, 1];

export class ShiftedRuntime extends Runtime {
  readonly #shift: number;

  /** `shift` is in elements; each tensor of a call gets another distance, beginning with this one. */
  constructor(options: RuntimeOptions, shift: number) {
    super(options, conditions);
    this.#shift = shift;
  }

  override allocate(bytes: number): NativeStorage {
    return super.allocate(bytes + kRoom);
  }

  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    // A storage that is given twice must keep one place.
    const places = new Map<NativeStorage, number>();
    const shifted = tensors.map((tensor, i) => {
      if (tensor === null) return null;
      if (!places.has(tensor.storage)) places.set(tensor.storage, (this.#shift + 5 * i) % 17);
      return { ...tensor, offset: places.get(tensor.storage)! };
    });
    const distinct = new Map(shifted.flatMap((tensor) => (tensor ? [[tensor.storage, tensor] as const] : [])));
    for (const tensor of distinct.values()) move(tensor, 0, tensor.offset);
    super.run(kernel, shifted, settings);
    for (const tensor of distinct.values()) move(tensor, tensor.offset, 0);
  }
}

/** Copies a tensor's elements inside its storage from one offset to another. */
function move({ storage, dtype, shape }: NativeTensor, from: number, to: number): void {
  const bytes = shape.reduce((size, length) => size * length, 1) * kBytes[dtype]!;
  const buffer = new Uint8Array(bytes);
  native.read(storage, buffer, from * kBytes[dtype]!);
  native.write(storage, buffer, to * kBytes[dtype]!);
}
