/** A Runtime is a value: a device, an instruction set, a mode and a number of threads. It has its own memory. */
import {
  type Arrival,
  type Availability,
  addonFile,
  addonsPassedOver,
  guarded,
  type KernelContract,
  type NativeCapabilities,
  type NativeConditions,
  type NativeRuntime,
  type NativeSampleCall,
  type NativeSettings,
  type NativeStorage,
  type NativeTensor,
  native,
} from '../addon/index.js';
import {
  ArgumentError,
  DisposedError,
  DtypeError,
  integerOption,
  ShapeError,
  show,
  TargetError,
} from '../errors/index.js';
import { type ArrivalOptions, arrivalSeed, atomicKernels } from './sources.js';

export const devices = ['cpu', 'cuda'] as const;
export const isas = ['scalar', 'avx2', 'avx512', 'neon'] as const;
export const modes = ['deterministic', 'atomic'] as const;
/** Where a runtime computes. */
export type Device = (typeof devices)[number];
/** Instruction sets that kernels are built for. */
export type Isa = (typeof isas)[number];
/** How partial sums are joined: by place, or by order of arrival. */
export type Mode = (typeof modes)[number];
/** The architecture of a CUDA device, in the place of an instruction set: `sm90`. */
export type Architecture = `sm${number}`;

/** What `createRuntime` takes. */
export interface RuntimeOptions {
  /** Where to compute. Default 'cpu'. */
  device?: Device;
  /** Instruction set. 'auto' is the best one that the processor supports, or the architecture of the CUDA device. Default 'auto'. */
  isa?: Isa | 'auto';
  /** How partial sums are joined: by place, or by order of arrival. Default 'deterministic'. */
  mode?: Mode;
  /** Threads of the processor, from 1 to 1024. Default: as many as it has; 1 on a CUDA device. */
  threads?: number;
  /**
   * Kernels whose partial sums are joined by order of arrival although the mode is 'deterministic'. Their names are those of
   * `capabilities().joins`: `['conv2d.weightGradient']`. Default none.
   */
  atomic?: readonly string[];
  /**
   * Draws the order of arrival from a seed, on the CPU only. Results are then repeatable with any number of threads. Without
   * it, the threads decide the order. See docs/sources.md.
   */
  arrival?: ArrivalOptions;
}

/** What this build offers on this machine. What is missing has its reason. */
export interface Capabilities extends NativeCapabilities {
  addon: string;
  /** Addons that were there and did not load, as that of another version, each with the reason. */
  passedOver: readonly string[];
}

/** Lists instruction sets, devices and kernels of this build on this machine. */
export function capabilities(): Capabilities {
  return { ...native.capabilities(), addon: addonFile, passedOver: addonsPassedOver };
}

let offered: NativeCapabilities | undefined;

/** What the addon offers. The table is long, so it is asked for once a process. */
function allOffers(): NativeCapabilities {
  offered ??= native.capabilities();
  return offered;
}

/** @internal The contract of a kernel, as in `capabilities().contracts`. */
export const contractOf = (kernel: string): KernelContract => allOffers().contracts[kernel]!;

function member<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  throw new ArgumentError({
    who: 'createRuntime',
    expected: `${name} to be one of ${allowed.join(', ')}`,
    got: show(value),
  });
}

function available(kind: string, entries: Availability[], name: string): void {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry?.available) return;
  throw new TargetError({
    who: 'createRuntime',
    expected: `an available ${kind}`,
    got: show(name),
    hint: entry?.reason ?? 'this build does not know it',
  });
}

/** A place to compute. Make one with `createRuntime`; dispose it when done. */
export class Runtime {
  readonly device: Device;
  readonly isa: Isa | Architecture;
  readonly mode: Mode;
  readonly threads: number;
  /** Kernels whose sums are joined by order of arrival in deterministic mode, in the order of the kernel table. */
  readonly atomic: readonly string[];
  /** Seed of the order of arrival; undefined for real arrival. */
  readonly arrivalSeed: number | undefined;
  #native: NativeRuntime | undefined;

  /** Use `createRuntime`. `conditions` are for tests. */
  constructor(options: RuntimeOptions = {}, conditions?: NativeConditions) {
    const offers = allOffers();
    this.device = member('device', options.device ?? 'cpu', devices);
    available('device', offers.devices, this.device);
    const isa = member('isa', options.isa ?? 'auto', ['auto', ...isas] as const);
    const best = offers.bestIsa as Isa;
    if (this.device === 'cuda') {
      if (isa !== 'auto') {
        throw new ArgumentError({ who: 'createRuntime', expected: "isa 'auto' on a CUDA device", got: show(isa) });
      }
      this.isa = offers.devices.find(({ name }) => name === 'cuda')?.architecture as Architecture;
    } else {
      this.isa = isa === 'auto' ? best : isa;
      available('isa', offers.isas, this.isa);
    }
    this.mode = member('mode', options.mode ?? 'deterministic', modes);
    this.threads = options.threads ?? (this.device === 'cuda' ? 1 : offers.hardwareThreads);
    if (!Number.isInteger(this.threads) || this.threads < 1 || this.threads > 1024) {
      throw new ArgumentError({
        who: 'createRuntime',
        expected: 'threads to be an integer from 1 to 1024',
        got: show(this.threads),
      });
    }
    this.atomic = atomicKernels(options.atomic ?? [], this.mode, offers);
    this.arrivalSeed = arrivalSeed(options.arrival, this);
    const isaOrBest = this.device === 'cuda' ? best : this.isa;
    const { mode, threads, device, atomic } = this;
    this.#native = native.createRuntime(isaOrBest, mode, threads, device, atomic, this.arrivalSeed, conditions);
  }

  /**
   * The target, as in tests, tables and receipts: `cpu/avx2/deterministic`. The kernels of `atomic` follow it:
   * `cpu/avx2/deterministic+conv2d.weightGradient`.
   */
  get target(): string {
    return [`${this.device}/${this.isa}/${this.mode}`, ...this.atomic].join('+');
  }

  get disposed(): boolean {
    return this.#native === undefined;
  }

  /** The bytes in use, the bytes that the memory pool of this runtime holds, and the blocks in use. */
  memory(): { inUse: number; held: number; blocks: number } {
    return this.#handle().memory();
  }

  /**
   * @internal The kernels that a CUDA device started for this runtime and the waits until it was done with something, so far.
   * Zeros on the CPU.
   */
  counts(): { launches: number; waits: number } {
    return this.#handle().counts();
  }

  /** Returns idle memory to the system. */
  trim(): void {
    this.#handle().trim();
  }

  /** Ends the threads and frees idle memory. Live tensors keep their memory until they are disposed. */
  dispose(): void {
    this.#native?.dispose();
    this.#native = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal Allocates memory for a tensor. */
  allocate(bytes: number): NativeStorage {
    return native.allocate(this.#handle(), bytes);
  }

  /**
   * Waits until all calls of this runtime are computed, as reading a tensor does. What follows can be timed. Throws
   * DisposedError for a disposed runtime, and the errors of the calls.
   */
  finish(): void {
    native.finish(this.#handle());
  }

  /** @internal Notes when all that was asked for so far is computed; a device does so by its own clock, without a wait. */
  mark(): void {
    guarded(() => this.#handle().mark());
  }

  /** @internal The seconds between each mark and the one before it; waits for the last one and forgets them all. */
  betweenMarks(): number[] {
    return guarded(() => this.#handle().betweenMarks());
  }

  /** @internal Calls one kernel. It is computed at the latest when a result is read. */
  run(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): void {
    native.run(this.#handle(), kernel, tensors, settings);
  }

  /**
   * @internal Calls kernels that run sample by sample, as one fused row with such calls right before and after them. The bits are
   * those of the calls one after the other. They are computed at the latest when a result is read. Throws ArgumentError for kernels
   * that do not go by samples, TargetError unless the CPU computes in deterministic mode.
   */
  runBySample(calls: readonly NativeSampleCall[]): void {
    native.runBySample(this.#handle(), calls);
  }

  /** @internal Runs one kernel on a worker thread; the tensors must not be disposed before it resolves. */
  runAsync(kernel: string, tensors: (NativeTensor | null)[], settings: NativeSettings): Promise<void> {
    return native.runAsync(this.#handle(), kernel, tensors, settings);
  }

  /**
   * @internal Begins a training step, from 0, for seeded arrivals; its calls count from 0. With `workers`, sums are cut as so many
   * threads cut them in real arrival.
   */
  beginStep(step: number, workers?: number): void {
    if (this.arrivalSeed !== undefined) this.#handle().beginStep(integerOption('beginStep', 'step', step, 0), workers);
  }

  /**
   * @internal Logs, on the CPU only, how element `index` (row-major, from 0) of a float32 tensor grows in the next kernel call.
   * Throws TargetError on another device, DtypeError for another dtype, ShapeError for an index out of range.
   */
  watchArrivals(tensor: NativeTensor, index: number): void {
    const who = 'watchArrivals';
    if (this.device !== 'cpu') throw new TargetError({ who, expected: "device 'cpu'", got: show(this.device) });
    if (tensor.dtype !== 0) throw new DtypeError({ who, expected: 'a float32 tensor', got: 'another dtype' });
    const size = tensor.shape.reduce((a, b) => a * b, 1);
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new ShapeError({ who, expected: `an index from 0 to ${size - 1}`, got: show(index) });
    }
    this.#handle().watch(tensor.storage, (tensor.offset ?? 0) + index);
  }

  /**
   * @internal The tasks of the watched call and the value of the element after each. They are in the order in which they ran where
   * arrival is seeded or one thread computes, otherwise in the order in which they ended. Throws ArgumentError when no kernel was
   * called since `watchArrivals`.
   */
  arrivals(): Arrival[] {
    return guarded(() => this.#handle().arrivals());
  }

  #handle(): NativeRuntime {
    if (this.#native === undefined) {
      throw new DisposedError({ who: 'runtime', expected: 'a live runtime', got: 'a disposed one' });
    }
    return this.#native;
  }
}

/**
 * Makes a runtime: `createRuntime({ mode: 'atomic', threads: 2 })`.
 * Throws ArgumentError for unknown options and TargetError, with the reason, for what this machine cannot do.
 */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  const known = ['device', 'isa', 'mode', 'threads', 'atomic', 'arrival'];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ArgumentError({ who: 'createRuntime', expected: `options ${known.join(', ')}`, got: show(unknown) });
  }
  return new Runtime(options);
}
