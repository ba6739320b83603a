/** The compiled addon (load.ts finds it) with types, and its refusals as errors of our classes. Nobody else sees it. */
import {
  ArgumentError,
  DtypeError,
  NativeError,
  type SamebitsError,
  ShapeError,
  TargetError,
} from '../errors/index.js';
import type { NativeConditions } from './conditions.js';
import type { KernelContract } from './contracts.js';
import { loadAddon } from './load.js';

export type { NativeConditions } from './conditions.js';
export type { KernelContract, KernelTensor, SumOrder, TaskPart } from './contracts.js';

/** A block of native memory. */
export interface NativeStorage {
  dispose(): void;
}

/** A native runtime: an instruction set, a mode, threads and their memory. */
export interface NativeRuntime {
  dispose(): void;
  memory(): { inUse: number; held: number; blocks: number };
  /** Kernels that a device started, and waits until it was done with something, so far. */
  counts(): { launches: number; waits: number };
  trim(): void;
  /** The training step, from 0, that seeded arrivals from here on belong to, cut as so many workers cut them. */
  beginStep(step: number, workers?: number): void;
  /** Logs how the float32 at this place of a storage grows in the next kernel call. */
  watch(storage: NativeStorage, index: number): void;
  arrivals(): Arrival[];
  /** Notes when all that was asked for so far is computed; `betweenMarks` gives the seconds between, and forgets them. */
  mark(): void;
  betweenMarks(): number[];
}

/** A task of a parallel loop of a kernel that is done, loops and tasks counted from 0, and the watched element after it. */
export interface Arrival {
  loop: number;
  task: number;
  value: number;
}

/** A tensor as the door takes it; `offset` counts elements. */
export interface NativeTensor {
  storage: NativeStorage;
  dtype: number;
  shape: readonly number[];
  offset?: number;
}

/** A tensor without memory: it passes from the call that writes it to those that name the same number, from 1. */
export interface NativePassing {
  passing: number;
  dtype: number;
  shape: readonly number[];
}

/** One of several calls that run sample by sample. */
export interface NativeSampleCall {
  kernel: string;
  tensors: readonly (NativeTensor | NativePassing | null)[];
  settings: NativeSettings;
}

/** Settings of a kernel: exactly the fields its contract lists. */
export type NativeSettings = Readonly<Record<string, number | bigint>>;

/** Whether something can be had, and why not. */
export interface Availability {
  name: string;
  available: boolean;
  reason?: string;
}

/** What the addon says of itself and of the machine. */
export interface NativeCapabilities {
  contract: number;
  compiler: string;
  isas: Availability[];
  bestIsa: string;
  /** A CUDA device that is there says its architecture, `sm90`. */
  devices: (Availability & { architecture?: string })[];
  kernels: string[];
  /** The kernels in which partial sums meet on the CPU; only in these the two modes differ there. */
  joins: string[];
  /** What the contract of each kernel states, by the kernel's name. */
  contracts: Record<string, KernelContract>;
  /** Lengths by which docs/contract.md splits sums: positions of a chunk, elements of a chunk of memory, and its lanes. */
  lengths: { positionChunk: number; memoryChunk: number; memoryLanes: number };
  hardwareThreads: number;
}

interface Addon {
  capabilities(): NativeCapabilities;
  /** `device` is 'cpu' or 'cuda'; without it the CPU is meant. On a CUDA device the isa only says how arguments are read. */
  createRuntime(
    isa: string,
    mode: string,
    threads: number,
    device?: string,
    /** Kernels joined as they arrive although the mode is deterministic. */
    atomic?: readonly string[],
    arrivalSeed?: number,
    conditions?: NativeConditions,
  ): NativeRuntime;
  allocate(runtime: NativeRuntime, bytes: number): NativeStorage;
  write(storage: NativeStorage, data: ArrayBufferView, byteOffset: number): void;
  read(storage: NativeStorage, data: ArrayBufferView, byteOffset: number): void;
  /** Reads the beginnings of several storages of one runtime, behind one wait. */
  readAll(parts: readonly { storage: NativeStorage; data: ArrayBufferView }[]): void;
  /** Frees the memory of an array now, which is empty then; one that shows a part of its memory alone stays as it is. */
  release(data: ArrayBufferView): void;
  /** Checks a call and computes it some time before `read` or `finish` return, in the order in which calls came. */
  run(runtime: NativeRuntime, kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void;
  runAsync(
    runtime: NativeRuntime,
    kernel: string,
    tensors: (NativeTensor | null)[],
    settings: NativeSettings,
  ): Promise<void>;
  /**
   * Gathers calls that go by samples: every sample goes through all of them before its thread takes another one. They run, with
   * those gathered behind them where that is possible, before anything else is asked of the runtime or of its memory.
   * Deterministic mode on the CPU only.
   */
  runBySample(runtime: NativeRuntime, calls: readonly NativeSampleCall[]): void;
  /** Waits until all that a runtime was asked for is computed. */
  finish(runtime: NativeRuntime): void;
  /**
   * Adds what two arrays of one length differ in to the sums, histogram and counts of bytes of a tally (native/divergence/walk.h has
   * their places), and gives the first index at which bits differ, or -1.
   */
  walkPair(a: Float32Array, b: Float32Array, sums: Float64Array, histogram: Float64Array, bytes: Float64Array): number;
}

const loaded = loadAddon<Addon>();

/** The addon file in use. */
export const addonFile: string = loaded.file;

/** Addons that were there and did not load, or are of another version, each with the reason. */
export const addonsPassedOver: readonly string[] = loaded.passedOver;

const classes: Record<
  string,
  new (refusal: {
    who: string;
    expected: string;
    got: string;
    hint?: string;
  }) => SamebitsError
> = {
  SHAPE: ShapeError,
  DTYPE: DtypeError,
  ARGUMENT: ArgumentError,
  TARGET: TargetError,
};

/** Turns a native refusal, worded `who: expected what, got value; hint`, into an error of our classes. */
function translate(error: unknown): never {
  if (error instanceof Error && 'code' in error) {
    const parts = /^(.*?): expected (.*), got (.*?)(?:; (.*))?$/s.exec(error.message);
    const Class = classes[String(error.code)] ?? NativeError;
    const [, who = 'samebits', expected = 'a call that works', got = error.message, hint] = parts ?? [];
    throw new Class(hint === undefined ? { who, expected, got } : { who, expected, got, hint });
  }
  throw error;
}

/** The value of a call into the addon, its refusal turned into an error of our classes. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    return translate(error);
  }
}

/** The addon's exports with errors of our classes. */
export const native: Addon = {
  capabilities: () => loaded.addon.capabilities(),
  createRuntime: (...args) => guarded(() => loaded.addon.createRuntime(...args)),
  allocate: (...args) => guarded(() => loaded.addon.allocate(...args)),
  write: (...args) => guarded(() => loaded.addon.write(...args)),
  read: (...args) => guarded(() => loaded.addon.read(...args)),
  readAll: (...args) => guarded(() => loaded.addon.readAll(...args)),
  release: (...args) => guarded(() => loaded.addon.release(...args)),
  run: (...args) => guarded(() => loaded.addon.run(...args)),
  runAsync: (...args) => guarded(() => loaded.addon.runAsync(...args)).catch(translate),
  runBySample: (...args) => guarded(() => loaded.addon.runBySample(...args)),
  finish: (...args) => guarded(() => loaded.addon.finish(...args)),
  walkPair: (...args) => guarded(() => loaded.addon.walkPair(...args)),
};
