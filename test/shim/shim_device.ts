// A runtime that repeats every kernel call on the CUDA kernels, run on the CPU by the shim, and compares.

import { createRequire } from 'node:module';
import {
  type NativeCapabilities,
  type NativeRuntime,
  type NativeSettings,
  type NativeTensor,
  native,
} from '../../lib/addon/index.js';
import { type Mode, Runtime } from '../../lib/index.js';
import { firstDifference } from '../support/bits.js';
import { conditions } from '../support/test_runtime.js';
import { buildAddon } from './build.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Orders of blocks and threads: ascending, descending, and shuffles. */
export const orders = [0, 1, 2024] as const;

const elementBytes = [4, 4, 1];
const sizeOf = ({ dtype, shape }: NativeTensor) => shape.reduce((a, b) => a * b, elementBytes[dtype]!);

/** The bytes of a tensor of the addon under test. */
function bytesOf(tensor: NativeTensor): Bytes {
  const bytes = new Uint8Array(sizeOf(tensor));
  native.read(tensor.storage, bytes, (tensor.offset ?? 0) * elementBytes[tensor.dtype]!);
  return bytes;
}

/** The CUDA device of the shim: kernels by their names, on bytes. */
export class ShimDevice {
  readonly #addon: typeof native;
  readonly #runtime: NativeRuntime;

  private constructor(addon: typeof native, mode: Mode) {
    this.#addon = addon;
    this.#runtime = addon.createRuntime('scalar', mode, 1, 'cuda');
  }

  static async open(mode: Mode): Promise<ShimDevice> {
    return new ShimDevice(createRequire(import.meta.url)(await buildAddon()) as typeof native, mode);
  }

  /** Runs a kernel on copies of these tensors with blocks and threads in one of the orders; what they hold afterwards. */
  run(
    kernel: string,
    tensors: readonly (NativeTensor | null)[],
    inputs: readonly Bytes[],
    settings: NativeSettings,
    order: number,
  ) {
    process.env['SAMEBITS_SHIM_ORDER'] = String(order);
    const copies = tensors.map((tensor, i) => {
      if (tensor === null) return null;
      const storage = this.#addon.allocate(this.#runtime, inputs[i]!.length);
      this.#addon.write(storage, inputs[i]!, 0);
      return { storage, dtype: tensor.dtype, shape: tensor.shape };
    });
    try {
      this.#addon.run(this.#runtime, kernel, copies, settings);
      return copies.map((copy, i) => {
        const bytes = new Uint8Array(inputs[i]!.length);
        if (copy !== null) this.#addon.read(copy.storage, bytes, 0);
        return bytes;
      });
    } finally {
      for (const copy of copies) copy?.storage.dispose();
    }
  }

  /** What the kernels' contracts state, in a build that has CUDA kernels. */
  contracts(): NativeCapabilities['contracts'] {
    return this.#addon.capabilities().contracts;
  }

  /** Blocks of memory in use; none between calls. */
  blocks(): number {
    return this.#runtime.memory().blocks;
  }
}

/** What one call gave on the shim in each of several orders, beside what it gave on the CPU. */
export interface Replay {
  kernel: string;
  cpu: Bytes[];
  shim: Bytes[][];
  tensors: readonly (NativeTensor | null)[];
}

/** A CPU runtime that hands every kernel call to `visit` with its results on the shim. */
export class ReplayingRuntime extends Runtime {
  constructor(
    readonly shim: ShimDevice,
    readonly orders: readonly number[],
    readonly visit: (replay: Replay) => void,
  ) {
    super({ threads: 2 }, conditions);
  }

  override run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    const bytes = () => tensors.map((tensor) => (tensor === null ? new Uint8Array(0) : bytesOf(tensor)));
    const before = bytes();
    super.run(kernel, tensors, settings);
    const cpu = bytes();
    const shim = this.orders.map((order) => this.shim.run(kernel, tensors, before, settings, order));
    this.visit({ kernel, cpu, shim, tensors });
  }
}

/** Where two results of a call first differ, as a sentence; undefined when they are the same bits. */
export function difference(
  tensors: Replay['tensors'],
  got: readonly Bytes[],
  want: readonly Bytes[],
): string | undefined {
  const values = (bytes: Bytes, dtype: number) => (dtype === 0 ? new Float32Array(bytes.buffer) : bytes);
  for (const [i, tensor] of tensors.entries()) {
    if (tensor === null) continue;
    const found = firstDifference(values(got[i]!, tensor.dtype), values(want[i]!, tensor.dtype));
    if (found !== undefined) return `tensor ${i}: ${found}`;
  }
  return undefined;
}

/** The largest distance between two results of a call, relative to the largest magnitude in its tensor; Infinity for NaN. */
export function distance(tensors: Replay['tensors'], got: readonly Bytes[], want: readonly Bytes[]): number {
  const values = ({ dtype }: NativeTensor, bytes: Bytes) => (dtype === 0 ? new Float32Array(bytes.buffer) : bytes);
  const each = tensors.map((tensor, i) => {
    if (tensor === null) return 0;
    const [ours, theirs] = [values(tensor, got[i]!), values(tensor, want[i]!)];
    let scale = 0;
    for (let at = 0; at < theirs.length; ++at) scale = Math.max(scale, Math.abs(theirs[at]!));
    let most = 0;
    for (let at = 0; at < ours.length; ++at) {
      const off = Math.abs(ours[at]! - theirs[at]!);
      if (Number.isNaN(off)) return Infinity;
      if (off !== 0) most = Math.max(most, off / scale);
    }
    return most;
  });
  return Math.max(...each);
}
